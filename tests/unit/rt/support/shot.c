/* shot.c - see shot.h. */
#include "shot.h"

#include "options.h"
#include "tally/tally.h"
#include "tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct shot *wanted; /* where tally_export puts the copy; null: nobody asked */
static int report_fd = -1;

/* Nothing that a test does not ask for is to be printed or run. */
__attribute__((constructor(200))) static void quiet(void) {
    tli_options.verbosity = 0;
    tli_options.symbolizer = "none";
}

static void *copy_of(const void *memory, size_t size) {
    void *copy = malloc(size + 1);
    if (!copy)
        abort();
    return size ? memcpy(copy, memory, size) : copy;
}

static void keep(struct shot *shot, const struct tally_snapshot *snapshot) {
    shot->snapshot = *snapshot;
    shot->n = snapshot->n_contexts;
    shot->contexts = copy_of(snapshot->contexts, shot->n * sizeof *shot->contexts);
    for (size_t i = 0; i < shot->n; i++) {
        struct tally_context *c = &shot->contexts[i];
        if (c->counters)
            c->counters = copy_of(c->counters, c->fn->n_counters * sizeof *c->counters);
    }
    const struct tally_heap *heap = &snapshot->heap;
    shot->n_allocations = heap->n_allocations;
    shot->allocations =
        copy_of(heap->allocations, heap->n_allocations * sizeof *shot->allocations);
}

void shot_report_to(int fd) {
    report_fd = fd;
}

/* The status leaves no directory behind. */
static int report(const struct tally_snapshot *snapshot) {
    if (report_fd < 0)
        return -ECANCELED;
    struct shot shot;
    keep(&shot, snapshot);
    char *text = shot_text(&shot);
    dprintf(report_fd, "%s\n%s", snapshot->ended_by, text);
    free(text);
    return -ECANCELED;
}

int tally_export(const struct tally_snapshot *snapshot, int directory_fd,
                 const struct tally_allocator *allocator) {
    (void)directory_fd;
    if (!wanted)
        return report(snapshot);
    if (!allocator->alloc(allocator->context, 1))
        return -ENOMEM;
    keep(wanted, snapshot);
    return 0;
}

int tally_export_heap(const struct tally_snapshot *snapshot, int fd,
                      const struct tally_allocator *allocator) {
    return tally_export(snapshot, fd, allocator);
}

int shot_try(struct shot **shot) {
    char directory[] = "/tmp/tally-shot-XXXXXX", pattern[sizeof directory + 8], path[64];
    if (!mkdtemp(directory))
        abort();
    /* With the process id, which forked children would add by themselves. */
    snprintf(pattern, sizeof pattern, "%s/%%p", directory);
    snprintf(path, sizeof path, "%s/%d", directory, (int)getpid());
    wanted = calloc(1, sizeof *wanted);
    int status = tally_write(pattern);
    *shot = wanted;
    wanted = NULL;
    if (status != 0) {
        shot_free(*shot);
        *shot = NULL;
    }
    rmdir(path);
    rmdir(directory);
    return status;
}

struct shot *shot_take(void) {
    struct shot *shot;
    int status = shot_try(&shot);
    if (status != 0 || !shot) {
        fprintf(stderr, "no snapshot: tally_write gave %d\n", status);
        abort();
    }
    return shot;
}

void shot_free(struct shot *shot) {
    if (!shot)
        return;
    for (size_t i = 0; i < shot->n; i++)
        free((void *)(uintptr_t)shot->contexts[i].counters);
    free(shot->contexts);
    free(shot->allocations);
    free(shot);
}

static struct {
    const void *address;
    const char *name;
} names[16];

void shot_name(const void *address, const char *name) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!names[i].name) {
            names[i].address = address;
            names[i].name = name;
            return;
        }
    }
    abort();
}

static const char *name_of(const struct tally_context *context) {
    if (context->fn->source)
        return context->fn->source->name;
    for (size_t i = 0; i < sizeof names / sizeof *names && names[i].name; i++)
        if (names[i].address == context->fn->address)
            return names[i].name;
    return "?";
}

static int compare(const void *left, const void *right, void *shot_given) {
    const struct shot *shot = shot_given;
    const struct tally_context *a = &shot->contexts[*(const uint32_t *)left];
    const struct tally_context *b = &shot->contexts[*(const uint32_t *)right];
    int order = strcmp(name_of(a), name_of(b));
    if (order == 0)
        order = a->site < b->site ? -1 : a->site > b->site;
    return order ? order : a->calls < b->calls ? -1 : a->calls > b->calls;
}

static void print_context(FILE *out, const struct tally_context *c, int depth) {
    fprintf(out, "%*s%s@", 2 * depth, "", name_of(c));
    if (c->site == TALLY_NO_INDEX)
        fputc('-', out);
    else
        fprintf(out, "%u", c->site);
    fprintf(out, " %llu", (unsigned long long)c->calls);
    for (uint32_t k = 0; k < c->fn->n_counters; k++)
        fprintf(out, "%s%llu", k ? " " : " [", (unsigned long long)c->counters[k]);
    fputs(c->fn->n_counters ? "]\n" : "\n", out);
}

static void print_children(FILE *out, const struct shot *shot, uint32_t parent, int depth) {
    uint32_t *children = calloc(shot->n + 1, sizeof *children);
    size_t n = 0;
    for (uint32_t i = 0; i < shot->n; i++)
        if (shot->contexts[i].parent == parent)
            children[n++] = i;
    qsort_r(children, n, sizeof *children, compare, (void *)(uintptr_t)shot);
    for (size_t i = 0; i < n; i++) {
        const struct tally_context *c = &shot->contexts[children[i]];
        char *below = NULL;
        size_t size = 0;
        FILE *text = open_memstream(&below, &size);
        print_children(text, shot, children[i], depth + 1);
        fclose(text);
        /* It stands in every tree; without anything in it, it is not worth a line. */
        if (c->fn != &tli_fn_beyond || size) {
            print_context(out, c, depth);
            fputs(below, out);
        }
        free(below);
    }
    free(children);
}

char *shot_text(const struct shot *shot) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    print_children(out, shot, TALLY_NO_INDEX, 0);
    fclose(out);
    return text;
}

uint64_t shot_calls(const struct shot *shot, const struct tally_function *fn) {
    uint64_t calls = 0;
    for (size_t i = 0; i < shot->n; i++)
        if (shot->contexts[i].fn == fn)
            calls += shot->contexts[i].calls;
    return calls;
}

const struct tally_context *shot_find(const struct shot *shot, const struct tally_function *parent,
                                      const struct tally_function *fn) {
    const struct tally_context *found = NULL;
    for (size_t i = 0; i < shot->n; i++) {
        const struct tally_context *c = &shot->contexts[i];
        const struct tally_function *above =
            c->parent == TALLY_NO_INDEX ? NULL : shot->contexts[c->parent].fn;
        if (c->fn != fn || above != parent)
            continue;
        if (found)
            return NULL;
        found = c;
    }
    return found;
}

char *text_from_child(void (*body)(int fd), int *wait_status) {
    int ends[2], status = 0;
    if (pipe(ends) != 0)
        abort();
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        body(ends[1]);
        close(ends[1]);
        _exit(0);
    }
    close(ends[1]);
    char *text = calloc(1, 1 << 16);
    ssize_t used = 0, got;
    while ((got = read(ends[0], text + used, (size_t)((1 << 16) - 1 - used))) > 0)
        used += got;
    close(ends[0]);
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        abort();
    if (wait_status)
        *wait_status = status;
    return text;
}
