/*
 * aggregate.c - sums per function and per line. See aggregate.h; trees are in aggregate_tree.c.
 */
#include "aggregate.h"

#include "say.h"

#include <stdlib.h>

struct function_sum *aggregate_functions(struct view *view, size_t *n) {
    struct function_sum *sums = need_array(view->n_functions, sizeof *sums);
    size_t *seen_in = need_array(view->n_functions, sizeof *seen_in); /* sample + 1 */
    for (size_t i = 0; i < view->profile->n_samples; i++) {
        struct view_stack stack;
        if (!view_stack(view, i, &stack))
            continue;
        struct function_sum *leaf = &sums[stack.frames[0].function];
        leaf->self += stack.value;
        leaf->variance += stack.variance;
        leaf->count += stack.count;
        for (size_t j = 0; j < stack.n; j++) {
            uint32_t function = stack.frames[j].function;
            if (seen_in[function] == i + 1)
                continue;
            seen_in[function] = i + 1;
            sums[function].cum += stack.value;
        }
    }
    size_t kept = 0;
    for (size_t i = 0; i < view->n_functions; i++)
        if (seen_in[i]) {
            sums[kept] = sums[i];
            sums[kept++].function = (uint32_t)i;
        }
    free(seen_in);
    *n = kept;
    return sums;
}

wide aggregate_error(wide variance) {
    if (variance <= 0)
        return 0;
    unsigned __int128 square = (unsigned __int128)variance, root = 0;
    for (unsigned __int128 bit = (unsigned __int128)1 << 63; bit; bit >>= 1)
        if ((root | bit) * (root | bit) <= square)
            root |= bit;
    /* (root + 1/2)^2 is a quarter more than root^2 + root, which is the last to be rounded down. */
    return (wide)(root + (square - root * root > root));
}

static int larger(wide a, wide b) {
    return (wide_size(a) < wide_size(b)) - (wide_size(a) > wide_size(b));
}

wide aggregate_averaged(const struct view *view, const struct function_sum *sum) {
    return view->counted && view->counted->is_calls ? sum->cum : sum->self;
}

/* What is sorted, for qsort's sake. */
static enum sort_key sort_key;
static const struct view *sorted_view;

static double average(const struct function_sum *sum) {
    return sum->count ? (double)aggregate_averaged(sorted_view, sum) / (double)sum->count : -1;
}

static int compare_averages(const struct function_sum *a, const struct function_sum *b) {
    double x = average(a), y = average(b);
    return (x < y) - (x > y);
}

static int compare_sums(const void *one, const void *other) {
    const struct function_sum *a = one, *b = other;
    int order = sort_key == SORT_CUM       ? larger(a->cum, b->cum)
                : sort_key == SORT_COUNT   ? larger(a->count, b->count)
                : sort_key == SORT_AVERAGE ? compare_averages(a, b)
                                           : 0;
    if (order == 0 && sort_key != SORT_NAME)
        order = larger(a->self, b->self);
    if (order == 0 && sort_key != SORT_NAME)
        order = larger(a->cum, b->cum);
    if (order == 0 && sort_key != SORT_NAME)
        order = larger(a->count, b->count);
    return order ? order : (a->function > b->function) - (a->function < b->function);
}

void aggregate_sort(const struct view *view, struct function_sum *sums, size_t n,
                    enum sort_key key) {
    sort_key = key;
    sorted_view = view;
    qsort(sums, n, sizeof *sums, compare_sums);
}

/* ---- lines ---- */

struct lines {
    struct line_sum *sums;
    size_t n, capacity;
    size_t folded; /* the first ones, which are in order and unique */
};

static int compare_lines(const void *one, const void *other) {
    const struct line_sum *a = one, *b = other;
    if (a->function != b->function)
        return a->function < b->function ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

/* Adds up sums[from..] of one function and line; `once` keeps the first cum instead. */
static void fold(struct lines *lines, size_t from, bool once) {
    if (from == lines->n)
        return;
    qsort(lines->sums + from, lines->n - from, sizeof *lines->sums, compare_lines);
    size_t kept = from;
    for (size_t i = from; i < lines->n; i++) {
        struct line_sum *sum = &lines->sums[i];
        if (kept == from || compare_lines(&lines->sums[kept - 1], sum) != 0) {
            lines->sums[kept++] = *sum;
            continue;
        }
        lines->sums[kept - 1].count += sum->count;
        lines->sums[kept - 1].self += sum->self;
        if (!once)
            lines->sums[kept - 1].cum += sum->cum;
    }
    lines->n = kept;
}

/* `counted_at`: the frame whose line has the count: that of the call, or of the allocation. */
static void add_stack(struct lines *lines, const bool *chosen, const struct view_stack *stack,
                      size_t counted_at) {
    size_t from = lines->n;
    for (size_t i = 0; i < stack->n; i++) {
        const struct view_frame *frame = &stack->frames[i];
        if (!chosen[frame->function])
            continue;
        lines->sums = need_room(lines->sums, &lines->capacity, lines->n, sizeof *lines->sums);
        lines->sums[lines->n++] = (struct line_sum){
            .function = frame->function,
            .line = frame->line,
            .count = i == counted_at ? stack->count : 0,
            .self = i == 0 ? stack->value : 0,
            .cum = stack->value,
        };
    }
    fold(lines, from, true);
}

struct line_sum *aggregate_lines(struct view *view, const bool *chosen, size_t *n) {
    enum { FOLD_AT = 1 << 16 };
    struct lines lines = {0};
    size_t counted_at = view->counted && view->counted->is_calls ? 1 : 0;
    for (size_t i = 0; i < view->profile->n_samples; i++) {
        struct view_stack stack;
        if (!view_stack(view, i, &stack))
            continue;
        add_stack(&lines, chosen, &stack, counted_at);
        if (lines.n > FOLD_AT && lines.n > 2 * lines.folded) {
            fold(&lines, 0, false);
            lines.folded = lines.n;
        }
    }
    fold(&lines, 0, false);
    *n = lines.n;
    return lines.sums ? lines.sums : need_array(1, sizeof *lines.sums);
}
