/*
 * page_out.h - writes the data of a page: JSON, which on its way is packed for HTML.
 *
 *   page_put_* ─> JSON ─┬─> the file                            plain
 *                       └─> gzip ─> base64 ─> the file          packed
 *
 * Nothing of it is kept: a document of any size takes a few buffers. Values that a double cannot
 * hold exactly (beyond 2^53 - 1) become strings of digits. Whether the file took everything is seen
 * in ferror of the stream.
 */
#ifndef TALLY_CLI_PAGE_OUT_H
#define TALLY_CLI_PAGE_OUT_H

#include "format.h"

#include <stdio.h>

struct page_out;

struct page_out *page_out_new(FILE *to, bool packed);
/* Writes what is still held back. */
void page_out_finish(struct page_out *out);

/* `key` is null in arrays. Brackets: '{' and '[', each closed by its own. */
void page_put_open(struct page_out *out, const char *key, char bracket);
void page_put_close(struct page_out *out, char bracket);
void page_put_number(struct page_out *out, const char *key, wide value);
/* Any bytes; what is not UTF-8 becomes U+FFFD. Null becomes null. */
void page_put_text(struct page_out *out, const char *key, const char *text);

#endif
