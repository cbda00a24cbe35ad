/*
 * subject.c - a small program to be run by tests as a profiled one: what Tally does at its start,
 * its end, and with its environment, in a process that no test framework lives in.
 *
 *   subject options             prints the settings: as used, and as text for run.json
 *   subject modules             prints start limit offset bias build-id path of each module, and
 *                               where its own function main is
 *   subject end WAY             runs one instrumented function and ends: return, exit, _exit,
 * _Exit, quick_exit, abort, signal NUMBER, nothing (runs no function)
 *
 * It is linked as a position-dependent program. Its tally_export prints who ended it and the calls.
 */
#include "arena.h"
#include "instrumented.h"
#include "options.h"
#include "snapshot.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

FUNCTION(work, 0);

int tally_export(const struct tally_snapshot *snapshot, int directory_fd,
                 const struct tally_allocator *allocator) {
    (void)directory_fd, (void)allocator;
    uint64_t calls = 0;
    for (size_t i = 0; i < snapshot->n_contexts; i++)
        calls += snapshot->contexts[i].calls;
    char text[200];
    int n = snprintf(text, sizeof text, "%s: %" PRIu64 " calls\n", snapshot->ended_by, calls);
    return write(1, text, (size_t)n) == n ? 0 : -5;
}

int tally_export_heap(const struct tally_snapshot *snapshot, int fd,
                      const struct tally_allocator *allocator) {
    return tally_export(snapshot, fd, allocator);
}

static void print_string(const char *name, const char *value) {
    printf("%s=%s\n", name, value);
}

static void print_number(const char *name, uint64_t value) {
    printf("%s=%" PRIu64 "\n", name, value);
}

static int print_options(void) {
#define print_boolean print_number
#define print_size print_number
#define TALLY_OPTION(name, type, default_text, help) print_##type(#name, tli_options.name);
#include "tally/options.def"
#undef TALLY_OPTION
    size_t n;
    const struct tally_option_value *text = tli_options_as_text(&n);
    for (size_t i = 0; i < n; i++)
        printf("%s: %s\n", text[i].name, text[i].value);
    return 0;
}

int main(int argc, char **argv);

static int print_modules(void) {
    struct tli_arena arena = {.next_chunk_bytes = 0};
    struct tally_snapshot snapshot = {.n_modules = 0};
    tli_snapshot_modules(&snapshot, &arena);
    for (size_t i = 0; i < snapshot.n_modules; i++) {
        const struct tally_module *m = &snapshot.modules[i];
        printf("%" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 " %s %s\n", m->start, m->limit,
               m->offset, m->bias, *m->build_id ? m->build_id : "-", m->path);
    }
    printf("main %" PRIxPTR "\n", (uintptr_t)main);
    return 0;
}

static int end(const char *way, const char *number) {
    if (strcmp(way, "nothing") != 0)
        run_leaf(&fn_work);
    if (strcmp(way, "exit") == 0)
        exit(11);
    if (strcmp(way, "_exit") == 0)
        _exit(12);
    if (strcmp(way, "_Exit") == 0)
        _Exit(13);
    if (strcmp(way, "quick_exit") == 0)
        quick_exit(14);
    if (strcmp(way, "abort") == 0)
        abort();
    if (strcmp(way, "signal") == 0)
        raise(atoi(number));
    return 10;
}

/* Past everything that Tally does at the end of a program. */
static void leave_silently(int status) {
    fflush(stdout);
    syscall(SYS_exit_group, status);
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "options") == 0)
        leave_silently(print_options());
    if (strcmp(what, "modules") == 0)
        leave_silently(print_modules());
    if (strcmp(what, "end") == 0 && argc > 2)
        return end(argv[2], argc > 3 ? argv[3] : "0");
    return 99;
}
