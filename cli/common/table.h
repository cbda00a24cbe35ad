/*
 * table.h - tables of numbers with names at the end of the line.
 *
 *       calls      self   self%  function           columns but the last: numbers, to the right,
 *   7,049,155   52.1 ms   98.2%  fib                never cut; dropped by rank on narrow terminals
 *                                ^ prefix + name + suffix: the name alone is shortened
 *
 * Cells are given row by row, left to right; a row ends with table_name. All text is copied. The
 * table is laid out when it is printed, because widths depend on every row.
 */
#ifndef TALLY_CLI_TABLE_H
#define TALLY_CLI_TABLE_H

#include "output.h"

struct table_column {
    const char *title;
    int drop_rank; /* 0: always shown; others go when there is no room, the highest first */
};

enum table_cut { TABLE_CUT_MIDDLE, TABLE_CUT_END };

struct table;

/* n columns, the last of which takes what width is left. */
struct table *table_new(const struct table_column *columns, size_t n, enum table_cut cut);
void table_cell(struct table *table, enum style style, const char *text);
/* The last cell of a row. prefix and suffix may be "". Text must be clean (text_clean). */
void table_name(struct table *table, enum style style, const char *prefix, const char *name,
                const char *suffix);
/* A line between what is above and what comes next. */
void table_rule(struct table *table);

/* Prints to standard output and releases the table. */
void table_print(struct table *table, const struct output *output);

#endif
