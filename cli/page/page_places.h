/*
 * page_places.h - where the functions that appear have their numbers, and how much they weigh: what
 * decides which source code is shown.
 */
#ifndef TALLY_CLI_PAGE_PLACES_H
#define TALLY_CLI_PAGE_PLACES_H

#include "page_sums.h"

/* Where a side's function has numbers, and the largest share that it has in a value or a change. */
struct page_place {
    int64_t first, last; /* lines; 0: none */
    double weight;
};

/* By side and function of the comparison. */
struct page_places {
    struct page_place *of[N_SIDES];
};

void page_places_new(const struct page *page, struct page_places *places);
void page_places_add(const struct page *page, const struct page_sums *sums,
                     struct page_places *places);
void page_places_free(struct page_places *places);

#endif
