/*
 * document_store.h - the documents that were processed, by id.
 *
 *   unbounded_store   keeps every document until it is freed
 *   lru_store         keeps those that were put or asked for last, and drops the others
 *
 * FAULT one-mutex: a single mutex guards the whole store, of either kind, for readers of a count as
 * well as for writers, so that workers take turns.
 *
 * Any thread may call any function but new and free.
 */
#ifndef TALLY_DEMO_DOCUMENT_STORE_H
#define TALLY_DEMO_DOCUMENT_STORE_H

#include "documents/document.h"

#include <stddef.h>
#include <stdint.h>

struct document_store;

struct document_store_usage {
    size_t documents, content_bytes; /* in the store now */
    uint64_t evicted, expired;       /* documents that were dropped: one too many, too old */
};

/* Takes over the reference. What was there under the same id is released. */
void document_store_put(struct document_store *store, struct document *document);

/* A reference for the caller, or null if there is no such document (any more). */
struct document *document_store_get(struct document_store *store, const char *id);

struct document_store_usage document_store_usage(struct document_store *store);
void document_store_free(struct document_store *store); /* null is allowed */

struct document_store *unbounded_store_new(void);

/* At most `capacity` documents, at least 1, each for `ttl_ns` after it was put; 0: no such limit.
 */
struct document_store *lru_store_new(size_t capacity, uint64_t ttl_ns);

#endif
