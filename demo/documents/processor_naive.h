/*
 * processor_naive.h - the steps of the naive processor, for processor_naive.c and for tests.
 *
 * Letters are those of ASCII: bytes from 0x80 up are left as they are, so UTF-8 goes through whole
 * but is not lower-cased. Functions without a status cannot fail. They keep no state and may be
 * called from any thread.
 */
#ifndef TALLY_DEMO_PROCESSOR_NAIVE_H
#define TALLY_DEMO_PROCESSOR_NAIVE_H

#include "documents/document.h"

#include <stdbool.h>
#include <stddef.h>

/* Lower case, punctuation (. , ! ? ; :) and white space turned into single spaces, none at either
 * end. *normalized is a new string. 0, or -errno as document_process. */
int normalize_content(const char *content, char **normalized);

/* Words that occur three times or more, have four bytes or more and are no stop words. `content`
 * must be normalised. *keywords is overwritten. */
void extract_keywords(const char *content, struct keyword_list *keywords, size_t *word_count);

bool is_stop_word(const char *word, size_t length);

/* MD5 of the content, in hex. 0, or -errno as document_process. */
int calculate_hash(const char *content, char hash[MD5_TEXT_BYTES]);

#endif
