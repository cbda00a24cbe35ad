/*
 * page_data.h - the data of a page as one document; its layout is in page/src/data.ts.
 */
#ifndef TALLY_CLI_PAGE_DATA_H
#define TALLY_CLI_PAGE_DATA_H

#include "page_model.h"
#include "page_out.h"

/* Adds to the page's notes on the way. */
void page_put_data(struct page *page, const struct page_options *options, struct page_out *out);

/* "sides": what ran, and what was lost. */
void page_put_sides(const struct page *page, struct page_out *out);

#endif
