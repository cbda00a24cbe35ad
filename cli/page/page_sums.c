/*
 * page_sums.c - see page_sums.h.
 */
#include "page_sums.h"

#include "say.h"

#include <stdlib.h>

/* ---- tables ---- */

static size_t width_of(const struct page_table *table) {
    return table->n_measures * table->n_sides * table->n_types;
}

static wide *values_at(const struct page_table *table, size_t row, enum page_measure measure,
                       size_t side) {
    return table->values + row * width_of(table) +
           ((size_t)measure * table->n_sides + side) * table->n_types;
}

const wide *page_values(const struct page_table *table, size_t row, enum page_measure measure,
                        size_t side) {
    return values_at(table, row, measure, side);
}

wide page_size(const struct page_table *table, size_t row, enum page_measure measure, size_t side,
               size_t type) {
    const wide value = side < table->n_sides ? page_values(table, row, measure, side)[type]
                                             : page_values(table, row, measure, side - 1)[type] -
                                                   page_values(table, row, measure, 0)[type];
    return value < 0 ? -value : value;
}

size_t page_n_measured(const struct page_table *table) {
    return table->n_sides + (table->n_sides > 1);
}

/* The row of a key; a new one is all 0. */
static size_t row_of(struct page_table *table, struct key key) {
    size_t n = table->keys.n, row = keys_number(&table->keys, key);
    if (row < n)
        return row;
    size_t width = width_of(table);
    table->values =
        need_room(table->values, &table->values_capacity, row, width * sizeof *table->values);
    table->stamps = need_room(table->stamps, &table->stamps_capacity, row, sizeof *table->stamps);
    for (size_t i = 0; i < width; i++)
        table->values[row * width + i] = 0;
    table->stamps[row] = 0;
    return row;
}

/* Whether the row was not yet found in the stack of this stamp. */
static bool is_first(struct page_table *table, size_t row, size_t stamp) {
    bool is_new = table->stamps[row] != stamp;
    table->stamps[row] = stamp;
    return is_new;
}

static void table_free(struct page_table *table) {
    keys_free(&table->keys);
    free(table->values);
    free(table->stamps);
}

/* ---- a stack at a time ---- */

/* The rows that a frame adds to. */
struct frame_rows {
    uint32_t function; /* of the view */
    int64_t line;
    size_t context, in_functions, in_lines;
    size_t edge; /* from the caller; of the outermost frame none */
};

/* What is done with the samples of a side. */
struct pass {
    const struct page_profile *profile;
    size_t side;
    size_t stamp; /* counts the stacks of all sides */
    wide *values; /* by type: of the sample */
    struct page_sums *sums;
    struct frame_rows *path; /* of the stack looked at, the outermost frame first */
    size_t length, capacity;
};

/* Filters move no calls (view.h): those are what the view says. */
static void read_values(struct pass *pass, size_t sample, const struct view_stack *stack) {
    const struct page_profile *profile = pass->profile;
    const struct view *view = profile->views[pass->side];
    for (size_t i = 0; i < profile->n_types; i++)
        pass->values[i] =
            (int)i == profile->calls
                ? stack->count
                : view->profile->samples[sample].values[profile->types[i].index[pass->side]];
}

static struct frame_rows find_rows(const struct pass *pass, const struct view_frame *frame,
                                   const struct frame_rows *caller) {
    const uint32_t *of = pass->profile->of[pass->side];
    struct page_sums *sums = pass->sums;
    uint32_t parent = caller ? (uint32_t)caller->context : PAGE_ROOT,
             function = of[frame->function];
    struct frame_rows rows = {
        .function = frame->function,
        .line = frame->line,
        .context = row_of(&sums->contexts, (struct key){parent, function, 0}),
        .in_functions = row_of(&sums->functions, (struct key){function, 0, 0}),
        .in_lines = row_of(&sums->lines[pass->side], (struct key){function, 0, frame->line}),
    };
    if (caller)
        rows.edge = row_of(&sums->edges, (struct key){of[caller->function], function, 0});
    return rows;
}

/* Neighbouring samples have most of their callers in common, whose rows are known then. */
static void follow(struct pass *pass, const struct view_stack *stack) {
    bool is_known = true;
    for (size_t i = 0; i < stack->n; i++) {
        const struct view_frame *frame = &stack->frames[stack->n - 1 - i];
        is_known = is_known && i < pass->length && pass->path[i].function == frame->function &&
                   pass->path[i].line == frame->line;
        if (is_known)
            continue;
        pass->path = need_room(pass->path, &pass->capacity, i, sizeof *pass->path);
        pass->path[i] = find_rows(pass, frame, i ? &pass->path[i - 1] : NULL);
    }
    pass->length = stack->n;
}

static void add(const struct pass *pass, wide *to) {
    for (size_t i = 0; i < pass->profile->n_types; i++)
        to[i] += pass->values[i];
}

/* To what the whole stack passed through: once, however often it did. */
static void add_once(const struct pass *pass, struct page_table *table, size_t row,
                     enum page_measure measure, size_t side) {
    if (is_first(table, row, pass->stamp))
        add(pass, values_at(table, row, measure, side));
}

static void add_to_functions(const struct pass *pass) {
    struct page_sums *sums = pass->sums;
    struct page_table *lines = &sums->lines[pass->side];
    const struct frame_rows *leaf = &pass->path[pass->length - 1];
    add(pass, values_at(&sums->contexts, leaf->context, PAGE_SELF, pass->side));
    add(pass, values_at(&sums->functions, leaf->in_functions, PAGE_SELF, pass->side));
    add(pass, values_at(lines, leaf->in_lines, PAGE_SELF, 0));
    for (size_t i = 0; i < pass->length; i++) {
        add_once(pass, &sums->functions, pass->path[i].in_functions, PAGE_CUM, pass->side);
        add_once(pass, lines, pass->path[i].in_lines, PAGE_CUM, 0);
    }
}

/* Calls are those of the innermost frame, made by its caller; all other values passed through the
 * edges above as well. Uses up the number of calls. */
static void add_to_edges(struct pass *pass) {
    struct page_table *edges = &pass->sums->edges;
    const int calls = pass->profile->calls;
    const struct frame_rows *leaf = &pass->path[pass->length - 1];
    wide made = 0;
    if (pass->length < 2)
        return;
    if (calls >= 0) {
        made = pass->values[calls];
        pass->values[calls] = 0;
        values_at(edges, leaf->edge, PAGE_VALUE, pass->side)[calls] += made;
        values_at(&pass->sums->lines[pass->side], leaf[-1].in_lines, PAGE_MADE, 0)[calls] += made;
    }
    for (size_t i = 1; i < pass->length; i++)
        add_once(pass, edges, pass->path[i].edge, PAGE_VALUE, pass->side);
}

static void add_totals(const struct pass *pass, size_t sample) {
    const struct page_profile *profile = pass->profile;
    const struct view *view = profile->views[pass->side];
    for (size_t i = 0; i < profile->n_types; i++)
        pass->sums->totals[pass->side][i] +=
            view->profile->samples[sample].values[profile->types[i].index[pass->side]];
}

static void sum_up_side(struct pass *pass) {
    struct view *view = pass->profile->views[pass->side];
    for (size_t i = 0; i < view->profile->n_samples; i++) {
        struct view_stack stack;
        add_totals(pass, i);
        if (!view_stack(view, i, &stack))
            continue;
        pass->stamp++;
        read_values(pass, i, &stack);
        follow(pass, &stack);
        add_to_functions(pass);
        add_to_edges(pass);
    }
}

void page_sum_up(const struct page *page, const struct page_profile *profile,
                 struct page_sums *sums) {
    const struct key root = {UINT32_MAX, UINT32_MAX, 0};
    const size_t n_sides = page->n_sides, n_types = profile->n_types;
    *sums = (struct page_sums){
        .contexts = {.n_measures = 1, .n_sides = n_sides, .n_types = n_types},
        .functions = {.n_measures = 2, .n_sides = n_sides, .n_types = n_types},
        .edges = {.n_measures = 1, .n_sides = n_sides, .n_types = n_types},
    };
    row_of(&sums->contexts, root);
    struct pass pass = {
        .profile = profile, .values = need_array(n_types, sizeof(wide)), .sums = sums};
    for (; pass.side < n_sides; pass.side++) {
        sums->lines[pass.side] =
            (struct page_table){.n_measures = 3, .n_sides = 1, .n_types = n_types};
        sums->totals[pass.side] = need_array(n_types, sizeof(wide));
        pass.length = 0; /* another view's functions */
        sum_up_side(&pass);
    }
    free(pass.path);
    free(pass.values);
}

void page_sums_free(struct page_sums *sums) {
    table_free(&sums->contexts);
    table_free(&sums->functions);
    table_free(&sums->edges);
    for (size_t side = 0; side < N_SIDES; side++) {
        table_free(&sums->lines[side]);
        free(sums->totals[side]);
    }
}
