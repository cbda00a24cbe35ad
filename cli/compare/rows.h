/*
 * rows.h - one value of all runs of two builds, side by side: a row for each function, call edge,
 * call site or call path.
 *
 *            key                        runs of OLD      runs of NEW
 *   row      function                   self cum  …      self cum  …
 *            caller, callee
 *            function, callee, line
 *            path
 *
 * Functions are those of a comparison (compare.h). Values follow aggregate.h: self of what is
 * innermost in a sample, cum of what is anywhere in it, once each. An edge's self is what the
 * callee itself did when called from there, a site's what the line itself did; of calls a site's
 * self is the calls made at it.
 *
 * Lines of edited source move, so sites are paired as a text diff pairs lines: within a function,
 * in the order of their lines, the longest sequence of equal callees (pair_sites in rows_sites.c).
 */
#ifndef TALLY_CLI_ROWS_H
#define TALLY_CLI_ROWS_H

#include "compare.h"

enum rows_by { ROWS_FUNCTIONS, ROWS_EDGES, ROWS_LINES, ROWS_PATHS };

#define ROWS_NOBODY UINT32_MAX /* no caller, no callee; no path above */

struct row_sums {
    wide self, cum;
    bool is_there;
};

struct row {
    /* By rows_by: { function }, { callee, caller }, { function, callee }, { function, the path of
     * its caller: an index of rows }. */
    uint32_t function, other;
    int64_t line[N_SIDES]; /* of ROWS_LINES; 0 where that side has none */
    struct row_sums *runs; /* those of OLD first */
};

struct rows {
    enum rows_by by;
    struct row *rows; /* in no order; of paths also those that no sample ends in */
    size_t n;
    size_t n_runs[N_SIDES];
    struct row_sums *sums; /* of all rows */
};

/* A view, and the index of each of its functions in the comparison. */
struct rows_run {
    struct view *view; /* null: the run has no such value */
    const uint32_t *of;
};

/* runs: those of OLD, then those of NEW; n_runs of either side. */
void rows_make(const struct rows_run *runs, const size_t n_runs[N_SIDES], enum rows_by by,
               struct rows *rows);
void rows_free(struct rows *rows);

/* Pairs the sites of both sides: rows that only one side has, become one. */
void rows_pair_sites(struct rows *rows);

#endif
