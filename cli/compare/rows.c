/*
 * rows.c - see rows.h.
 *
 * What a sample has several times (recursion) must count once in cum, so that each row remembers
 * the last sample it was in.
 */
#include "rows.h"

#include "keys.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

struct builder {
    struct rows *rows;
    struct keys keys; /* { function, other, line }, by row */
    size_t *seen_in;  /* by row: number of the sample, over all runs, from 1 */
    size_t row_capacity, seen_capacity, sum_capacity;
    size_t n_all_runs, run, sample;
};

static uint32_t row_of(struct builder *builder, struct key key) {
    struct rows *rows = builder->rows;
    uint32_t row = keys_number(&builder->keys, key);
    if (row < rows->n)
        return row;
    rows->rows = need_room(rows->rows, &builder->row_capacity, row, sizeof *rows->rows);
    builder->seen_in =
        need_room(builder->seen_in, &builder->seen_capacity, row, sizeof *builder->seen_in);
    size_t row_size = builder->n_all_runs * sizeof *rows->sums;
    rows->sums = need_room(rows->sums, &builder->sum_capacity, row, row_size);
    memset(rows->sums + row * builder->n_all_runs, 0, row_size);
    rows->rows[row] = (struct row){.function = key.first, .other = key.second};
    builder->seen_in[row] = 0;
    rows->n++;
    return row;
}

static void add(struct builder *builder, struct key key, wide self, wide cum) {
    uint32_t row = row_of(builder, key);
    struct row_sums *sums = &builder->rows->sums[row * builder->n_all_runs + builder->run];
    sums->is_there = true;
    sums->self += self;
    if (builder->seen_in[row] != builder->sample)
        sums->cum += cum;
    builder->seen_in[row] = builder->sample;
}

/* ---- what a sample adds ---- */

struct stack {
    const uint32_t *of;
    const struct view_frame *frames; /* leaf first */
    size_t n;
    wide value;
    bool is_calls;
};

static uint32_t function_at(const struct stack *stack, size_t frame) {
    return stack->of[stack->frames[frame].function];
}

static wide self_at(const struct stack *stack, size_t frame) {
    return frame == 0 ? stack->value : 0;
}

static void add_functions(struct builder *builder, const struct stack *stack) {
    for (size_t i = 0; i < stack->n; i++)
        add(builder, (struct key){function_at(stack, i), 0, 0}, self_at(stack, i), stack->value);
}

static void add_edges(struct builder *builder, const struct stack *stack) {
    for (size_t i = 0; i < stack->n; i++) {
        uint32_t caller = i + 1 < stack->n ? function_at(stack, i + 1) : ROWS_NOBODY;
        add(builder, (struct key){function_at(stack, i), caller, 0}, self_at(stack, i),
            stack->value);
    }
}

static void add_sites(struct builder *builder, const struct stack *stack) {
    for (size_t i = stack->is_calls ? 1 : 0; i < stack->n; i++) {
        uint32_t callee = i > 0 ? function_at(stack, i - 1) : ROWS_NOBODY;
        wide self = stack->is_calls ? self_at(stack, i - 1) : self_at(stack, i);
        add(builder, (struct key){function_at(stack, i), callee, stack->frames[i].line}, self,
            stack->value);
    }
}

static void add_path(struct builder *builder, const struct stack *stack) {
    uint32_t path = ROWS_NOBODY;
    for (size_t i = stack->n; i-- > 1;)
        path = row_of(builder, (struct key){function_at(stack, i), path, 0});
    add(builder, (struct key){function_at(stack, 0), path, 0}, stack->value, stack->value);
}

static void add_run(struct builder *builder, const struct rows_run *run) {
    static void (*const adders[])(struct builder *, const struct stack *) = {
        [ROWS_FUNCTIONS] = add_functions,
        [ROWS_EDGES] = add_edges,
        [ROWS_LINES] = add_sites,
        [ROWS_PATHS] = add_path,
    };
    struct view *view = run->view;
    for (size_t i = 0; view && i < view->profile->n_samples; i++) {
        struct view_stack seen;
        builder->sample++;
        if (!view_stack(view, i, &seen))
            continue;
        const struct stack stack = {
            .of = run->of,
            .frames = seen.frames,
            .n = seen.n,
            .value = seen.value,
            .is_calls = view_is_of_calls(view),
        };
        adders[builder->rows->by](builder, &stack);
    }
}

/* The table's keys have lines; in the rows they are those of the sides that are there. */
static void finish(struct builder *builder) {
    struct rows *rows = builder->rows;
    for (size_t i = 0; i < rows->n; i++) {
        struct row *row = &rows->rows[i];
        row->runs = &rows->sums[i * builder->n_all_runs];
        for (size_t run = 0; run < builder->n_all_runs; run++)
            if (row->runs[run].is_there)
                row->line[run < rows->n_runs[SIDE_OLD] ? SIDE_OLD : SIDE_NEW] =
                    builder->keys.all[i].third;
    }
}

void rows_make(const struct rows_run *runs, const size_t n_runs[N_SIDES], enum rows_by by,
               struct rows *rows) {
    struct builder builder = {
        .rows = rows,
        .n_all_runs = n_runs[SIDE_OLD] + n_runs[SIDE_NEW],
    };
    *rows = (struct rows){.by = by, .n_runs = {n_runs[SIDE_OLD], n_runs[SIDE_NEW]}};
    for (; builder.run < builder.n_all_runs; builder.run++)
        add_run(&builder, &runs[builder.run]);
    finish(&builder);
    keys_free(&builder.keys);
    free(builder.seen_in);
    if (by == ROWS_LINES)
        rows_pair_sites(rows);
}

void rows_free(struct rows *rows) {
    free(rows->rows);
    free(rows->sums);
    *rows = (struct rows){0};
}
