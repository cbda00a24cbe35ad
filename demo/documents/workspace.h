/*
 * workspace.h - what the optimised processor needs to work on a document, kept from one document
 * to the next.
 *
 *   pool { unused ──> workspace ──> workspace ──> … }
 *          take: the first, or a new one if there is none       give_back: it is the first again
 *
 * So there are as many as there were ever threads at work at once, and each has grown to what the
 * largest of its documents needs; one that has grown beyond WORKSPACE_KEPT_BYTES of text is freed
 * instead of kept.
 *
 * A workspace belongs to the thread that took it. Any thread may take one and give it back.
 */
#ifndef TALLY_DEMO_WORKSPACE_H
#define TALLY_DEMO_WORKSPACE_H

#include "common/md5.h"
#include "common/string_buffer.h"
#include "documents/document.h"
#include "documents/word_counts.h"

#include <pthread.h>
#include <stddef.h>

#define WORKSPACE_KEPT_BYTES ((size_t)1 << 20)

struct workspace {
    struct string_buffer normalized; /* the content; words are cut out of it */
    struct word_counts counts;       /* of those words; empty when it is taken */
    struct keyword *keywords;        /* in the making; their words are those */
    size_t keywords_capacity;
    struct md5 *digest; /* null if libcrypto has no MD5 */
    struct workspace *next_unused;
};

struct workspace_pool {
    pthread_mutex_t lock;
    struct workspace *unused;
};

void workspace_pool_init(struct workspace_pool *pool);
void workspace_pool_destroy(struct workspace_pool *pool); /* when all have been given back */

/* So many new ones, with room for a document of ordinary size: whoever takes one of them, it does
 * the same, whether others did or not. */
void workspace_pool_prepare(struct workspace_pool *pool, size_t count);

struct workspace *workspace_take(struct workspace_pool *pool);
void workspace_give_back(struct workspace_pool *pool, struct workspace *workspace);

#endif
