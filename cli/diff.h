/*
 * diff.h - two views of one value, side by side: what of OLD is what in NEW, and how much either
 * has.
 *
 *   old view ─ sums ─┐
 *                    ├─ diff_pair: which functions are the same ─ diff_make: rows ─> a command
 *   new view ─ sums ─┘
 *
 * Functions are the same if name and linkage name agree, and the file, if there are several that
 * do: as much of the end of its path as tells them apart, since builds are made in different
 * directories. Nothing here prints, and nothing decides what is good or bad.
 */
#ifndef TALLY_CLI_DIFF_H
#define TALLY_CLI_DIFF_H

#include "view.h"

/* For each function of `old` the index of the same in `new`, or DIFF_NONE. Free it. */
#define DIFF_NONE UINT32_MAX
uint32_t *diff_pair(const struct view *old, const struct view *new);

struct diff_sums {
    wide self, cum; /* as in aggregate.h; 0 where there is none */
    bool is_there;
};

struct diff_row {
    const struct view_function *function; /* as it is in NEW, if it is there */
    int64_t line;                         /* 0, unless rows are of lines */
    struct diff_sums old, new;
};

struct diff {
    struct diff_row *rows; /* what changed, the largest change of self first, then of cum */
    size_t n, n_unchanged;
};

/* A row for each function, or for each line of one: of the calls, and allocations, in it. The views
 * are needed as long as the rows are. */
void diff_make(struct view *old, struct view *new, bool by_line, struct diff *diff);
void diff_free(struct diff *diff);

#endif
