/*
 * columns.h - the number columns that tables over a view have in common: which of them a view has,
 * what they are called there, and their cells.
 *
 *   a command's list, most of which        what this view has of it, with its titles
 *     count  self  ±  self%  cum …   ──>     calls     self  self%       cum …     wall
 *                                            objects   self  self%       cum …     inuse_space
 *                                            calls   calls%          cum …         calls
 *
 * Use: columns_open; for each row columns_row and table_name (with table_cell in between for a
 * COLUMN_OTHER); columns_print.
 */
#ifndef TALLY_CLI_COLUMNS_H
#define TALLY_CLI_COLUMNS_H

#include "report.h"
#include "table.h"

enum column_kind {
    COLUMN_END, /* ends a list */
    COLUMN_COUNT,
    COLUMN_SELF, /* not where the count is the value: it is self */
    COLUMN_ERROR,
    COLUMN_SELF_PERCENT,
    COLUMN_CUM,
    COLUMN_CUM_PERCENT,
    COLUMN_AVERAGE,
    COLUMN_MEAN_SIZE, /* the average, but only of what is not calls */
    COLUMN_OTHER,     /* the command's own, behind all others */
};

struct column {
    enum column_kind kind;
    const char *title; /* null: the view knows it */
    int drop_rank;     /* as in table.h */
};

struct numbers {
    wide count, self, variance, cum;
    wide averaged;   /* what the count counts: cum of a function's calls, self of its objects */
    bool no_average; /* there is nothing to divide */
};

enum { COLUMNS_MOST = 8 };

struct columns {
    const struct report *report;
    enum column_kind kinds[COLUMNS_MOST];
    size_t n;
    bool dots; /* "." for what is 0 */
    struct table *table;
};

/* `wanted` ends with COLUMN_END; `name` is the title of the table's last column. */
void columns_open(struct columns *columns, const struct report *report, const struct column *wanted,
                  const char *name, enum table_cut cut);
void columns_row(struct columns *columns, const struct numbers *numbers);
/* The last row, up to its name: sums where they make sense. */
void columns_total(struct columns *columns);
void columns_print(struct columns *columns);

#endif
