/*
 * page_run.c - the files of one operand. See page_model.h.
 */
#include "page_model.h"

#include "say.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The file's name without directories and what profiles' names end in. Free it. */
static char *kind_of_file(const char *file) {
    static const char *const ends[] = {".gz", ".zst", ".pb"};
    char *kind = need_copy(text_base(file));
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t length = strlen(kind), end = strlen(ends[i]);
        if (length > end && strcmp(kind + length - end, ends[i]) == 0)
            kind[length - end] = 0;
    }
    return kind;
}

static bool has_kind(const struct page_run *run, const char *kind) {
    for (size_t i = 0; i < run->n; i++)
        if (strcmp(run->kinds[i], kind) == 0)
            return true;
    return false;
}

/* Reads what was found, and takes it over. Of run.json one copy is enough. */
static int add_input(struct page_run *run, struct input *found) {
    char *kind = kind_of_file(found->file);
    if (has_kind(run, kind)) { /* calls.pb.gz beside calls.pb */
        free(kind);
        input_close(found);
        return STATUS_OK;
    }
    if (run->n) {
        free(found->directory);
        found->directory = NULL;
    }
    if (input_read(found) != STATUS_OK) {
        free(kind);
        return STATUS_TROUBLE;
    }
    run->kinds[run->n] = kind;
    run->inputs[run->n++] = *found;
    return STATUS_OK;
}

static int add_kind(struct page_run *run, const char *directory, const char *kind) {
    const struct input_wanted wanted = {.operand = directory, .kind = kind};
    struct input found;
    return input_find(&wanted, &found) == STATUS_OK ? add_input(run, &found) : STATUS_TROUBLE;
}

/* What is allocated by size is in heap.pb.gz already, but for the sizes, which no view shows. */
static bool is_left_out(const char *kind) {
    return strcmp(kind, "sizes") == 0;
}

/* First what one looks at first, then all others by name. */
static int add_directory(struct page_run *run, const char *directory) {
    static const char *const first[] = {"calls", "heap", "peak", "lifetime", "pools"};
    enum { N_FIRST = sizeof first / sizeof *first };
    char **files = input_list(directory);
    int status = STATUS_OK;
    size_t n = 0;
    while (files[n])
        n++;
    run->kinds = need_array(n, sizeof *run->kinds);
    run->inputs = need_array(n, sizeof *run->inputs);
    for (size_t pass = 0; pass <= N_FIRST; pass++)
        for (size_t i = 0; i < n && status == STATUS_OK; i++) {
            char *kind = kind_of_file(files[i]);
            bool is_next = pass == N_FIRST || strcmp(kind, first[pass]) == 0;
            if (is_next && !is_left_out(kind) && !has_kind(run, kind))
                status = add_kind(run, directory, kind);
            free(kind);
        }
    input_list_free(files);
    if (status == STATUS_OK && run->n == 0)
        status = say_error(directory, "is a directory without a profile that can be shown");
    return status;
}

static bool is_directory(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

/* Completion by a shell puts a slash behind directories. */
int page_run_open(const struct page_options *options, const char *operand, struct page_run *run) {
    *run = (struct page_run){0};
    struct input found = {0};
    if (!operand || options->profile || !is_directory(operand)) {
        const struct input_wanted wanted = {.operand = operand, .kind = options->profile};
        if (input_find(&wanted, &found) != STATUS_OK)
            return STATUS_TROUBLE;
    }
    run->label = input_without_slashes(operand ? operand : found.directory);
    run->is_directory = is_directory(run->label);
    if (run->is_directory && !options->profile) {
        input_close(&found);
        return add_directory(run, run->label);
    }
    run->kinds = need_array(1, sizeof *run->kinds);
    run->inputs = need_array(1, sizeof *run->inputs);
    return add_input(run, &found);
}

void page_run_close(struct page_run *run) {
    for (size_t i = 0; i < run->n; i++) {
        input_close(&run->inputs[i]);
        free(run->kinds[i]);
    }
    free(run->inputs);
    free(run->kinds);
    free(run->label);
}
