/*
 * page_source.h - the parts of source files that a page shows.
 *
 *   functions that appear ─> files, read once ─> lines wanted, the weightiest functions' first,
 *                                                until there is enough ─> pieces of text
 *
 * A file that both sides name is one: each side then gets the lines that either wants, so that the
 * two texts are the same and stand in the page once.
 */
#ifndef TALLY_CLI_PAGE_SOURCE_H
#define TALLY_CLI_PAGE_SOURCE_H

#include "page_places.h"
#include "page_strings.h"

/* Adds notes about what is not there. */
void page_put_sources(struct page *page, const struct page_options *options,
                      const struct page_places *places, struct page_strings *strings,
                      struct page_out *out);

#endif
