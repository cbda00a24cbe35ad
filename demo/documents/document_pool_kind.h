/*
 * document_pool_kind.h - what a kind of document pool must bring along.
 *
 * A pool begins with a struct document_pool, whose `kind` says which functions are its own. For the
 * implementations of pools only.
 */
#ifndef TALLY_DEMO_DOCUMENT_POOL_KIND_H
#define TALLY_DEMO_DOCUMENT_POOL_KIND_H

#include "documents/document_pool.h"

struct document_pool_kind {
    size_t queued_per_worker; /* room in the queue; 0: a rendezvous */

    /* On a worker: these count the document, and hand it to done. */
    void (*run_document)(void *pool, void *document, uint64_t waited_ns);
    void (*discard_document)(void *pool, void *document);

    int (*submit)(struct document_pool *pool, struct document *document, uint64_t timeout_ns);
    struct document_pool_statistics (*statistics)(struct document_pool *pool);
    void (*free)(struct document_pool *pool); /* but for the workers */
};

struct document_pool {
    const struct document_pool_kind *kind;
    struct document_pool_config config;
    struct worker_pool *workers;
};

/* Starts the workers of a pool that has its kind and its config, and is ready otherwise. 0 and
 * *result; or frees the pool and returns what worker_pool_start says. */
int document_pool_start(struct document_pool *pool, struct document_pool **result);

#endif
