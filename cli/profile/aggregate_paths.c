/*
 * aggregate_paths.c - sums per site and call path. See aggregate.h.
 *
 * Every sample becomes a path; equal ones are neighbours when sorted, and are added up. What lines
 * a merged frame had is then no longer known, but that there were several, and the first of them.
 */
#include "aggregate.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

static int compare_lengths(const struct path_sum *a, const struct path_sum *b) {
    return (a->n > b->n) - (a->n < b->n);
}

static int compare_functions(const struct path_sum *a, const struct path_sum *b) {
    for (size_t i = 0; i < a->n; i++)
        if (a->frames[i].function != b->frames[i].function)
            return a->frames[i].function < b->frames[i].function ? -1 : 1;
    return 0;
}

static int compare_lines(const struct path_sum *a, const struct path_sum *b, size_t n_frames) {
    for (size_t i = 0; i < n_frames; i++)
        if (a->frames[i].line != b->frames[i].line)
            return a->frames[i].line < b->frames[i].line ? -1 : 1;
    return 0;
}

/* Whether two are one, lines or not: of the site the line always counts. */
static int compare_paths(const struct path_sum *a, const struct path_sum *b) {
    int order = compare_lengths(a, b);
    if (order == 0)
        order = compare_functions(a, b);
    return order ? order : compare_lines(a, b, 1);
}

static int compare_exactly(const void *one, const void *other) {
    const struct path_sum *a = one, *b = other;
    int order = compare_paths(a, b);
    return order ? order : compare_lines(a, b, a->n);
}

/* Most first, what is negative last. */
static int compare_sums(const void *one, const void *other) {
    const struct path_sum *a = one, *b = other;
    if (a->value != b->value)
        return a->value > b->value ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    return compare_exactly(one, other);
}

static void copy_samples(struct view *view, struct paths *paths) {
    size_t n_frames = 0, capacity = 0;
    paths->sums = need_array(view->profile->n_samples, sizeof *paths->sums);
    for (size_t i = 0; i < view->profile->n_samples; i++) {
        struct view_stack stack;
        if (!view_stack(view, i, &stack) || (stack.value == 0 && stack.count == 0))
            continue;
        for (size_t j = 0; j < stack.n; j++) {
            paths->frames = need_room(paths->frames, &capacity, n_frames, sizeof *paths->frames);
            paths->frames[n_frames++] =
                (struct path_frame){stack.frames[j].function, stack.frames[j].line, false};
        }
        paths->sums[paths->n++] =
            (struct path_sum){.n = stack.n, .value = stack.value, .count = stack.count};
    }
    /* The frames stay where they are from here on. */
    struct path_frame *at = paths->frames;
    for (size_t i = 0; i < paths->n; at += paths->sums[i++].n)
        paths->sums[i].frames = at;
}

static void add(struct path_sum *to, const struct path_sum *from) {
    to->value += from->value;
    to->count += from->count;
    for (size_t i = 0; i < to->n; i++) {
        struct path_frame *frame = &to->frames[i];
        int64_t line = from->frames[i].line;
        frame->has_several_lines = frame->has_several_lines || frame->line != line;
        frame->line = line < frame->line ? line : frame->line;
    }
}

void aggregate_paths(struct view *view, bool by_line, struct paths *paths) {
    *paths = (struct paths){0};
    copy_samples(view, paths);
    struct path_sum *sums = paths->sums;
    size_t n = paths->n, kept = 0;
    qsort(sums, n, sizeof *sums, compare_exactly);
    for (size_t i = 0; i < n;) {
        struct path_sum sum = sums[i++];
        for (; i < n &&
               (by_line ? compare_exactly(&sum, &sums[i]) : compare_paths(&sum, &sums[i])) == 0;
             i++)
            add(&sum, &sums[i]);
        if (sum.value != 0 || sum.count != 0)
            sums[kept++] = sum;
    }
    paths->n = kept;
    qsort(sums, kept, sizeof *sums, compare_sums);
}

void paths_free(struct paths *paths) {
    free(paths->sums);
    free(paths->frames);
    *paths = (struct paths){0};
}
