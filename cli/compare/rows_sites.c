/*
 * rows_sites.c - which call site of one version of a function is which of the other.
 *
 *   old                new
 *   12  log            12  log         the same
 *                      13  check       added
 *   13  send           14  send        the same, one line further down
 *
 * A site is a line and what is called there (or nothing, for what the line itself did). Sites are
 * in the order of their lines; those of both versions that form the longest common sequence of
 * callees are the same (the classic dynamic programming, as text diffs do it), and of several such
 * sequences one in which most stay as far from the function's beginning as they were.
 */
#include "rows.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_CELLS = 4000000, /* of one function's table: 16 MB; beyond, only equal lines are paired */
    COMMON = 4,           /* what a common site is worth, and more where the line is equal */
};

/* The sites of one function, in the order of the rows: by function, then side, then line. */
struct site {
    const struct row *row;
    enum side side;
};

struct sites {
    const struct site *all;
    size_t n;
};

static bool is_on(const struct rows *rows, const struct row *row, enum side side) {
    size_t from = side == SIDE_OLD ? 0 : rows->n_runs[SIDE_OLD];
    for (size_t i = 0; i < rows->n_runs[side]; i++)
        if (row->runs[from + i].is_there)
            return true;
    return false;
}

static int compare_sites(const void *one, const void *other) {
    const struct site *a = one, *b = other;
    if (a->row->function != b->row->function)
        return a->row->function < b->row->function ? -1 : 1;
    if (a->side != b->side)
        return a->side < b->side ? -1 : 1;
    int64_t x = a->row->line[a->side], y = b->row->line[b->side];
    if (x != y)
        return x < y ? -1 : 1;
    return (a->row->other > b->row->other) - (a->row->other < b->row->other);
}

/* What it is worth to pair two: nothing, if what they call differs. */
static unsigned worth(const struct site *old, const struct site *new) {
    if (old->row->other != new->row->other)
        return 0;
    return COMMON + (old->row->line[SIDE_OLD] == new->row->line[SIDE_NEW]);
}

struct joiner {
    const struct rows *rows;
    struct row *joined;
    struct row_sums *sums;
    size_t n, n_all_runs;
};

/* One row of an old site, a new one, or both. */
static void join(struct joiner *joiner, const struct site *old, const struct site *new) {
    const size_t *n_runs = joiner->rows->n_runs;
    struct row_sums *sums = &joiner->sums[joiner->n * joiner->n_all_runs];
    const struct row *either = old ? old->row : new->row;
    joiner->joined[joiner->n++] = (struct row){
        .function = either->function,
        .other = either->other,
        .line = {old ? old->row->line[SIDE_OLD] : 0, new ? new->row->line[SIDE_NEW] : 0},
        .runs = sums,
    };
    if (old)
        memcpy(sums, old->row->runs, n_runs[SIDE_OLD] * sizeof *sums);
    if (new)
        memcpy(sums + n_runs[SIDE_OLD], new->row->runs + n_runs[SIDE_OLD],
               n_runs[SIDE_NEW] * sizeof *sums);
}

/* Which of two that are not paired with one another is done with first, where both ways are worth
 * as much: one that does not depend on which build is which. */
static bool goes_first(const struct site *old, const struct site *new) {
    if (old->row->other != new->row->other)
        return old->row->other < new->row->other;
    return old->row->line[SIDE_OLD] < new->row->line[SIDE_NEW];
}

/* best[i][j]: the most that sites from i of old and j of new on are worth. */
static void align(struct joiner *joiner, const struct sites *old, const struct sites *new) {
    size_t width = new->n + 1, i = 0, j = 0;
    unsigned *best = need_array((old->n + 1) * width, sizeof *best);
    for (size_t a = old->n; a-- > 0;)
        for (size_t b = new->n; b-- > 0;) {
            unsigned *at = &best[a * width + b];
            unsigned gain = worth(&old->all[a], &new->all[b]);
            unsigned taken = gain ? gain + at[width + 1] : 0;
            *at = at[width] > at[1] ? at[width] : at[1];
            *at = taken > *at ? taken : *at;
        }
    while (i < old->n && j < new->n) {
        const unsigned *at = &best[i * width + j];
        unsigned gain = worth(&old->all[i], &new->all[j]);
        if (gain && *at == gain + at[width + 1])
            join(joiner, &old->all[i++], &new->all[j++]);
        else if (at[width] > at[1] ||
                 (at[width] == at[1] && goes_first(&old->all[i], &new->all[j])))
            join(joiner, &old->all[i++], NULL);
        else
            join(joiner, NULL, &new->all[j++]);
    }
    for (; i < old->n; i++)
        join(joiner, &old->all[i], NULL);
    for (; j < new->n; j++)
        join(joiner, NULL, &new->all[j]);
    free(best);
}

/* Without an alignment: equal lines and callees are the same site. */
static void join_equal_lines(struct joiner *joiner, const struct sites *old,
                             const struct sites *new) {
    size_t i = 0, j = 0;
    while (i < old->n || j < new->n) {
        const struct site *a = i < old->n ? &old->all[i] : NULL;
        const struct site *b = j < new->n ? &new->all[j] : NULL;
        int order = !a ? 1 : !b ? -1 : 0;
        if (order == 0) {
            int64_t x = a->row->line[SIDE_OLD], y = b->row->line[SIDE_NEW];
            order = x != y ? (x < y ? -1 : 1)
                           : (a->row->other > b->row->other) - (a->row->other < b->row->other);
        }
        join(joiner, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
        i += order <= 0;
        j += order >= 0;
    }
}

static struct site *list_sites(const struct rows *rows, size_t *n) {
    struct site *all = need_array(2 * rows->n, sizeof *all);
    *n = 0;
    for (size_t i = 0; i < rows->n; i++)
        for (int side = 0; side < N_SIDES; side++)
            if (is_on(rows, &rows->rows[i], (enum side)side))
                all[(*n)++] = (struct site){&rows->rows[i], (enum side)side};
    qsort(all, *n, sizeof *all, compare_sites);
    return all;
}

void rows_pair_sites(struct rows *rows) {
    size_t n;
    struct site *all = list_sites(rows, &n);
    struct joiner joiner = {.rows = rows,
                            .n_all_runs = rows->n_runs[SIDE_OLD] + rows->n_runs[SIDE_NEW]};
    joiner.joined = need_array(n, sizeof *joiner.joined);
    joiner.sums = need_array(n * joiner.n_all_runs, sizeof *joiner.sums);
    for (size_t from = 0, middle, to; from < n; from = to) {
        for (to = from; to < n && all[to].row->function == all[from].row->function; to++)
            ;
        for (middle = from; middle < to && all[middle].side == SIDE_OLD; middle++)
            ;
        const struct sites old = {all + from, middle - from}, new = {all + middle, to - middle};
        bool is_small = (old.n + 1) * (new.n + 1) <= MOST_CELLS;
        (is_small ? align : join_equal_lines)(&joiner, &old, &new);
    }
    free(all);
    free(rows->rows);
    free(rows->sums);
    rows->rows = joiner.joined;
    rows->sums = joiner.sums;
    rows->n = joiner.n;
}
