/*
 * processor_optimised.h - the steps of the optimised processor, for processor_optimised.c and for
 * tests.
 *
 * They do what the steps of processor_naive.h do and are called what those are, so that a profile
 * of the one can be laid beside a profile of the other. A program has one function of a name that
 * files share; so these are static, each in its file, and called through the pointers declared
 * here. They may be called from any thread that has a workspace of its own.
 */
#ifndef TALLY_DEMO_PROCESSOR_OPTIMISED_H
#define TALLY_DEMO_PROCESSOR_OPTIMISED_H

#include "documents/document.h"
#include "documents/hashed_word.h"
#include "documents/stop_word_set.h"
#include "documents/workspace.h"

#include <stdbool.h>
#include <stddef.h>

/* Overwrites `normalized`. */
extern void (*const optimised_normalize_content)(const char *content, size_t content_bytes,
                                                 struct string_buffer *normalized);

/* From the normalised content in the workspace, which it cuts into words. */
extern void (*const optimised_extract_keywords)(struct workspace *workspace,
                                                const struct stop_word_set *stop_words,
                                                struct keyword_list *keywords, size_t *word_count);

extern bool (*const optimised_is_stop_word)(const struct stop_word_set *stop_words,
                                            const struct hashed_word *word);

/* `digest` is null where libcrypto has no MD5. 0, or -errno as document_process. */
extern int (*const optimised_calculate_hash)(struct md5 *digest, const char *content,
                                             size_t content_bytes, char hash[MD5_TEXT_BYTES]);

#endif
