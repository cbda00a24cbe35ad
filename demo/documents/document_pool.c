/*
 * document_pool.c - see document_pool.h: what is the same for both kinds of pools.
 */
#include "documents/document_pool.h"

#include "documents/document_pool_kind.h"

int document_pool_start(struct document_pool *pool, struct document_pool **result) {
    const struct document_pool_kind *kind = pool->kind;
    size_t workers = pool->config.workers, capacity = workers * kind->queued_per_worker;
    struct worker_pool_config config = {
        .workers = workers,
        .capacity = capacity,
        .queue = fifo_queue_new(capacity),
        .run = kind->run_document,
        .discard = kind->discard_document,
        .context = pool,
    };
    int error = worker_pool_start(&config, &pool->workers);
    if (error != 0) {
        kind->free(pool);
        return error;
    }
    *result = pool;
    return 0;
}

int document_pool_submit(struct document_pool *pool, struct document *document,
                         uint64_t timeout_ns) {
    return pool->kind->submit(pool, document, timeout_ns);
}

struct document_pool_statistics document_pool_statistics(struct document_pool *pool) {
    return pool->kind->statistics(pool);
}

void document_pool_stop(struct document_pool *pool, enum worker_pool_end end) {
    worker_pool_stop(pool->workers, end);
}

void document_pool_free(struct document_pool *pool) {
    if (pool != NULL) {
        worker_pool_free(pool->workers);
        pool->kind->free(pool);
    }
}
