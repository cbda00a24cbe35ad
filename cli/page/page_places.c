/*
 * page_places.c - see page_places.h.
 */
#include "page_places.h"

#include "say.h"

#include <stdlib.h>

void page_places_new(const struct page *page, struct page_places *places) {
    *places = (struct page_places){0};
    for (size_t side = 0; side < page->n_sides; side++)
        places->of[side] = need_array(page->comparison->n_functions, sizeof *places->of[side]);
}

void page_places_free(struct page_places *places) {
    for (size_t side = 0; side < N_SIDES; side++)
        free(places->of[side]);
}

static void weigh(const struct page *page, const struct page_table *functions, size_t side,
                  size_t type, struct page_places *places) {
    wide whole = 0;
    for (size_t row = 0; row < functions->keys.n; row++)
        whole += page_size(functions, row, PAGE_SELF, side, type);
    for (size_t row = 0; row < functions->keys.n && whole; row++) {
        wide cum = page_size(functions, row, PAGE_CUM, side, type);
        double share = (double)cum / (double)whole;
        for (size_t i = 0; i < page->n_sides; i++) {
            struct page_place *place = &places->of[i][functions->keys.all[row].first];
            if (share > place->weight)
                place->weight = share;
        }
    }
}

static void add_lines(const struct page_table *lines, struct page_place *places) {
    for (size_t row = 0; row < lines->keys.n; row++) {
        const struct key *key = &lines->keys.all[row];
        struct page_place *place = &places[key->first];
        if (key->third <= 0)
            continue;
        if (!place->first || key->third < place->first)
            place->first = key->third;
        if (key->third > place->last)
            place->last = key->third;
    }
}

void page_places_add(const struct page *page, const struct page_sums *sums,
                     struct page_places *places) {
    const struct page_table *functions = &sums->functions;
    for (size_t side = 0; side < page_n_measured(functions); side++)
        for (size_t type = 0; type < functions->n_types; type++)
            weigh(page, functions, side, type, places);
    for (size_t side = 0; side < page->n_sides; side++)
        add_lines(&sums->lines[side], places->of[side]);
}
