/*
 * diff.c - see diff.h. Both views have their functions ordered by name, so that those of one name
 * are found by walking both at once; within a name there are few.
 */
#include "diff.h"

#include "aggregate.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

/* ---- which functions are the same ---- */

/* Functions [from, to) of a view that share a name. */
struct group {
    const struct view *view;
    uint32_t *other; /* by function: its partner in the other view, or DIFF_NONE */
    size_t from, to;
};

/* How alike two paths are: 1 and the number of components at the end that are equal. */
static size_t likeness(const char *one, const char *other) {
    size_t n = strlen(one), m = strlen(other), components = 0;
    while (n && m && one[n - 1] == other[m - 1]) {
        n--;
        m--;
        components += one[n] == '/';
    }
    bool is_whole = (!n || one[n - 1] == '/') && (!m || other[m - 1] == '/');
    return n + m == 0 ? SIZE_MAX : 1 + components + is_whole;
}

/* The one of the group that is most like the function; DIFF_NONE if several are, or none is left.
 */
static uint32_t nearest(const struct group *group, const struct view_function *function) {
    uint32_t best = DIFF_NONE;
    size_t best_likeness = 0;
    for (size_t i = group->from; i < group->to; i++) {
        const struct view_function *candidate = &group->view->functions[i];
        if (group->other[i] != DIFF_NONE ||
            strcmp(candidate->system_name, function->system_name) != 0)
            continue;
        size_t this_likeness = likeness(candidate->file, function->file);
        if (this_likeness == SIZE_MAX)
            return (uint32_t)i;
        if (this_likeness == best_likeness)
            best = DIFF_NONE;
        if (this_likeness > best_likeness) {
            best = (uint32_t)i;
            best_likeness = this_likeness;
        }
    }
    return best;
}

/* Pairs what is nearest to one another, until nothing more is: each pair leaves the rest less to
 * choose from. */
static void pair_group(struct group *old, struct group *new) {
    bool found = true;
    while (found) {
        found = false;
        for (size_t i = old->from; i < old->to; i++) {
            if (old->other[i] != DIFF_NONE)
                continue;
            uint32_t to = nearest(new, &old->view->functions[i]);
            if (to == DIFF_NONE || nearest(old, &new->view->functions[to]) != i)
                continue;
            old->other[i] = to;
            new->other[to] = (uint32_t)i;
            found = true;
        }
    }
}

static size_t end_of_name(const struct view *view, size_t from) {
    size_t to = from + 1;
    while (to < view->n_functions &&
           strcmp(view->functions[from].name, view->functions[to].name) == 0)
        to++;
    return to;
}

static uint32_t *new_others(const struct view *view) {
    uint32_t *others = need_array(view->n_functions, sizeof *others);
    for (size_t i = 0; i < view->n_functions; i++)
        others[i] = DIFF_NONE;
    return others;
}

uint32_t *diff_pair(const struct view *old, const struct view *new) {
    struct group a = {.view = old, .other = new_others(old)};
    struct group b = {.view = new, .other = new_others(new)};
    while (a.from < old->n_functions && b.from < new->n_functions) {
        int order = strcmp(old->functions[a.from].name, new->functions[b.from].name);
        a.to = end_of_name(old, a.from);
        b.to = end_of_name(new, b.from);
        if (order == 0)
            pair_group(&a, &b);
        a.from = order <= 0 ? a.to : a.from;
        b.from = order >= 0 ? b.to : b.from;
    }
    free(b.other);
    return a.other;
}

/* ---- rows ---- */

struct builder {
    const struct view *old, *new;
    uint32_t *pairs;
    struct diff_row *rows; /* first one for each sum of either, then merged */
    size_t n, capacity;
};

static void add(struct builder *builder, bool is_new, uint32_t function, int64_t line, wide self,
                wide cum) {
    const struct view *view = is_new ? builder->new : builder->old;
    const uint32_t partner = is_new ? DIFF_NONE : builder->pairs[function];
    const struct diff_sums sums = {self, cum, true};
    builder->rows = need_room(builder->rows, &builder->capacity, builder->n, sizeof *builder->rows);
    builder->rows[builder->n++] = (struct diff_row){
        .function =
            partner == DIFF_NONE ? &view->functions[function] : &builder->new->functions[partner],
        .line = line,
        .old = is_new ? (struct diff_sums){0} : sums,
        .new = is_new ? sums : (struct diff_sums){0},
    };
}

static void add_functions(struct builder *builder, struct view *view, bool is_new) {
    size_t n;
    struct function_sum *sums = aggregate_functions(view, &n);
    for (size_t i = 0; i < n; i++)
        add(builder, is_new, sums[i].function, 0, sums[i].self, sums[i].cum);
    free(sums);
}

static void add_lines(struct builder *builder, struct view *view, bool is_new) {
    size_t n;
    bool *all = need_array(view->n_functions, sizeof *all);
    memset(all, true, view->n_functions * sizeof *all);
    struct line_sum *sums = aggregate_lines(view, all, &n);
    for (size_t i = 0; i < n; i++)
        add(builder, is_new, sums[i].function, sums[i].line, sums[i].self, sums[i].cum);
    free(sums);
    free(all);
}

static int compare_places(const void *one, const void *other) {
    const struct diff_row *a = one, *b = other;
    if (a->function != b->function)
        return (uintptr_t)a->function < (uintptr_t)b->function ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

static wide size_of_change(wide old, wide new) {
    return new < old ? old - new : new - old;
}

/* The addresses of functions tell nothing that is the same in each run, so ties go by name. */
static int compare_changes(const void *one, const void *other) {
    const struct diff_row *a = one, *b = other;
    wide x = size_of_change(a->old.self, a->new.self), y = size_of_change(b->old.self, b->new.self);
    if (x == y) {
        x = size_of_change(a->old.cum, a->new.cum);
        y = size_of_change(b->old.cum, b->new.cum);
    }
    if (x != y)
        return x > y ? -1 : 1;
    int order = strcmp(a->function->shown, b->function->shown);
    if (order == 0)
        order = (a->line > b->line) - (a->line < b->line);
    return order ? order : b->old.is_there - a->old.is_there;
}

/* Rows of one place become one; what did not change is only counted. */
static void merge(struct builder *builder, struct diff *diff) {
    struct diff_row *rows = builder->rows;
    qsort(rows, builder->n, sizeof *rows, compare_places);
    for (size_t i = 0; i < builder->n;) {
        struct diff_row row = rows[i++];
        if (i < builder->n && compare_places(&row, &rows[i]) == 0) {
            if (rows[i].new.is_there)
                row.new = rows[i].new;
            else
                row.old = rows[i].old;
            i++;
        }
        if (row.old.self == row.new.self && row.old.cum == row.new.cum)
            diff->n_unchanged++;
        else
            rows[diff->n++] = row;
    }
    qsort(rows, diff->n, sizeof *rows, compare_changes);
    diff->rows = rows;
}

void diff_make(struct view *old, struct view *new, bool by_line, struct diff *diff) {
    struct builder builder = {.old = old, .new = new, .pairs = diff_pair(old, new)};
    *diff = (struct diff){0};
    builder.rows = need_room(NULL, &builder.capacity, 0, sizeof *builder.rows);
    (by_line ? add_lines : add_functions)(&builder, old, false);
    (by_line ? add_lines : add_functions)(&builder, new, true);
    merge(&builder, diff);
    free(builder.pairs);
}

void diff_free(struct diff *diff) {
    free(diff->rows);
    *diff = (struct diff){0};
}
