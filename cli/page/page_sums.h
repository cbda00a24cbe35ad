/*
 * page_sums.h - everything that a page shows of a profile, summed up in one pass over its samples.
 *
 *   row          key                      measures, each by side and type
 *   context      parent's row, function   self; row 0 is the root
 *   function     function                 self, cum
 *   edge         caller, callee           of the samples that have it, once each; of calls, those
 *                                         that this caller made to that callee
 *   line         function, line           self, cum, and of calls those that were made from there
 *
 * Functions are numbered as in the comparison. Sums are exact; aggregate.h says what self and cum
 * are. A context is one whatever the lines its calls stand on. Lines are those of a side's own
 * source, so each side has a table.
 */
#ifndef TALLY_CLI_PAGE_SUMS_H
#define TALLY_CLI_PAGE_SUMS_H

#include "keys.h"
#include "page_model.h"

enum page_measure { PAGE_SELF, PAGE_CUM, PAGE_MADE, PAGE_VALUE = PAGE_SELF };
enum { PAGE_ROOT }; /* the row */

struct page_table {
    struct keys keys;
    wide *values; /* by row, measure, side, type */
    size_t values_capacity;
    size_t *stamps; /* by row: the last stack that it was found in */
    size_t stamps_capacity;
    size_t n_measures, n_sides, n_types;
};

/* The values of a row by type. */
const wide *page_values(const struct page_table *table, size_t row, enum page_measure measure,
                        size_t side);

/* The size of a value, whatever its sign; of side n_sides that of the change between the two. For
 * shares: of page_n_measured sides. */
wide page_size(const struct page_table *table, size_t row, enum page_measure measure, size_t side,
               size_t type);
size_t page_n_measured(const struct page_table *table);

struct page_sums {
    struct page_table contexts, functions, edges;
    struct page_table lines[N_SIDES]; /* of one side each: its values are of side 0 there */
    wide *totals[N_SIDES];            /* by type: of the whole profile, whatever the filters */
};

void page_sum_up(const struct page *page, const struct page_profile *profile,
                 struct page_sums *sums);
void page_sums_free(struct page_sums *sums);

#endif
