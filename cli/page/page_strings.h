/*
 * page_strings.h - the strings of a page, each once; the rest of the data has their numbers.
 */
#ifndef TALLY_CLI_PAGE_STRINGS_H
#define TALLY_CLI_PAGE_STRINGS_H

#include "page_out.h"

#include <stddef.h>

struct page_strings {
    void *by_text; /* of tsearch */
    char **all;    /* by number */
    size_t n, capacity;
};

/* Its number; "" is 0. */
size_t page_string(struct page_strings *strings, const char *text);
void page_put_strings(struct page_out *out, const char *key, struct page_strings *strings);
void page_strings_free(struct page_strings *strings);

#endif
