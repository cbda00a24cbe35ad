/*
 * diff.h - two builds, one or more runs of each, and what of one value is different between them.
 *
 *   old1.tally old2.tally … ─┐  build_open, comparison_new            rows_make
 *                            ├──────────> struct diff ──diff_measure──> struct measure: rows, the
 *   new1.tally new2.tally … ─┘                                          largest change first
 *
 * Nothing here prints, and nothing decides what is good or bad.
 *
 * With several runs a value is their median. Counts that are not the same in all runs of a side are
 * not deterministic; times never are, and for them there is a test.
 */
#ifndef TALLY_CLI_DIFF_H
#define TALLY_CLI_DIFF_H

#include "comparable.h"
#include "rows.h"
#include "stats.h"

struct diff_side {
    struct build *runs;
    char *const *operands;
    size_t n;
};

struct diff {
    struct diff_side sides[N_SIDES];
    const char *types[BUILD_MOST_TYPES]; /* those that all runs have, of those wanted */
    size_t n_types;
    const char *left_out[BUILD_MOST_TYPES]; /* those that some runs have, and others not */
    size_t n_left_out;
    struct comparison *comparison;
    struct comparable comparable; /* the first run of either side: see comparable.h */
    bool utf8;
};

struct diff_operands {
    char *const *paths;
    size_t n;
};

/* Opens all runs. A type that is null is the default of the first run of OLD. What is optional and
 * not everywhere is left out; filters match a function by its names in either build; that nothing
 * is left is an error, as are values of other units. Returns 0, or STATUS_TROUBLE with a message.
 */
int diff_open(const struct build_wanted *wanted, const struct diff_operands operands[N_SIDES],
              const struct view_options *filters, struct diff *diff);
void diff_close(struct diff *diff);

/* The view of one value in one run, and the comparison's indices of its functions. */
struct view *diff_view(const struct diff *diff, enum side side, size_t run, size_t type);
const uint32_t *diff_functions(const struct diff *diff, enum side side, size_t run, size_t type);

/* One value on both sides, with what the runs of each say. */
struct change {
    struct range old, new;
    wide change; /* of the medians */
    bool varies; /* not the same in all runs of a side */
    double p;    /* of times with two runs or more a side: see stats_mann_whitney; else -1 */
};

/* A value in each run of either side. */
struct run_values {
    wide *of[N_SIDES];
    size_t n[N_SIDES];
};
struct run_values run_values_new(const size_t n_runs[N_SIDES]); /* all 0 */
void run_values_free(struct run_values *values);
struct change change_of(const struct run_values *values, bool is_time);

struct measure_row {
    const struct row *row;
    struct change self, cum;
    bool in[N_SIDES]; /* in any of its runs; of a function: whatever filters leave of it */
    char *name;       /* what the row is of, for people; clean */
};

struct measure {
    const char *type, *unit;
    bool is_calls; /* cum has no meaning that anybody asks for */
    bool is_time;
    enum rows_by by;
    struct rows rows;
    struct measure_row *changed;            /* in order; with `unchanged`, all rows */
    size_t n_changed, n_small, n_unchanged; /* small: the filter leaves them out */
    size_t n_varying;    /* of counts: rows that are not the same in all runs of a side */
    struct change total; /* of what the filters keep */
    bool is_whole;       /* filters keep all */
};

enum diff_sort {
    DIFF_BY_CHANGE,
    DIFF_BY_PERCENT,
    DIFF_BY_CUM,
    DIFF_BY_OLD,
    DIFF_BY_NEW,
    DIFF_BY_NAME
};

/* What of the rows is wanted. */
struct diff_filter {
    bool unchanged; /* those that did not change as well */
    enum diff_sort sort;
    bool is_percent; /* of the old value */
    double least_percent;
    uint64_t least; /* in the value's unit */
};

void diff_measure(struct diff *diff, size_t type, enum rows_by by, const struct diff_filter *filter,
                  struct measure *measure);
void measure_free(struct measure *measure);

#endif
