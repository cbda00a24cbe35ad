/*
 * document.h - a text and what processing found out about it.
 *
 *   id, title, content        given; owned by the document, never changed
 *   word_count … processed_at filled in by document_process()
 *
 * A document lives as long as somebody has a reference to it: whoever made it has the first, a
 * store has one for as long as it keeps the document. Once stored it is shared between threads and
 * must not be written to.
 */
#ifndef TALLY_DEMO_DOCUMENT_H
#define TALLY_DEMO_DOCUMENT_H

#include "common/md5.h"

#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

/* A word that is neither common nor short and that a document uses often. */
enum { KEYWORD_LEAST_BYTES = 4, KEYWORD_LEAST_COUNT = 3 };

struct keyword {
    const char *word;
    size_t count; /* how often the document uses it */
};

/* Most frequent first; words of one frequency in byte order. One block of memory holds the
 * keywords, and their words behind them. */
struct keyword_list {
    struct keyword *keywords;
    size_t count;
};

struct document {
    char *id; /* unique among the documents of one processor */
    char *title;
    char *content; /* no zero byte but the one at its end */
    size_t content_bytes;
    size_t word_count;
    struct keyword_list keywords;
    char hash[MD5_TEXT_BYTES]; /* hex; "" until processed */
    time_t processed_at;
    atomic_size_t references;
};

/* Takes over `content`, which must be from malloc; copies the other two. Never null. The caller has
 * the first reference. */
struct document *document_new(const char *id, const char *title, char *content,
                              size_t content_bytes);

/* Another reference, to be released by its own. Any thread that has one may make more. */
struct document *document_share(struct document *document);
void document_release(struct document *document); /* frees it with the last one; null is allowed */

/* Copies keywords that are in order, with their words. */
struct keyword_list keyword_list_new(const struct keyword *keywords, size_t count);
void keyword_list_clear(struct keyword_list *list);

#endif
