/*
 * worker_pool.h - a number of threads that take jobs from one channel and run them.
 *
 *   submit ──> channel ──> worker 1 … worker n ──> run(context, job)
 *
 *   started ──stop──> drained or cancelled, and no thread left ──> free
 *
 * Each job that was accepted is handed to run or to discard, once. A job is the user's: what run
 * does with it, and where its result goes, is the user's business too.
 *
 * Any thread but the pool's own may submit; one of them starts, stops and frees it.
 */
#ifndef TALLY_DEMO_WORKER_POOL_H
#define TALLY_DEMO_WORKER_POOL_H

#include "common/item_queue.h"

#include <stddef.h>
#include <stdint.h>

struct worker_pool;

struct worker_pool_config {
    size_t workers;           /* at least 1 */
    size_t capacity;          /* of the channel; 0: a rendezvous */
    struct item_queue *queue; /* the channel's, taken over also if the start fails */

    /* On a worker. `waited_ns`: how long the job waited for one. */
    void (*run)(void *context, void *job, uint64_t waited_ns);
    void (*discard)(void *context, void *job); /* a cancelled job; on a worker */
    void *context;
};

enum worker_pool_end {
    WORKER_POOL_DRAIN, /* run what was accepted */
    WORKER_POOL_CANCEL /* finish what runs, discard what waits */
};

/* 0, or -EAGAIN if the system has no room for so many threads: then none is left. */
int worker_pool_start(const struct worker_pool_config *config, struct worker_pool **pool);

/* As channel_put. */
int worker_pool_submit(struct worker_pool *pool, void *job, uint64_t timeout_ns,
                       uint64_t *blocked_ns);

/* Accepts no more, and returns when all threads are gone. Stopping what is stopped does nothing. */
void worker_pool_stop(struct worker_pool *pool, enum worker_pool_end end);
void worker_pool_free(struct worker_pool *pool); /* of one that was stopped; null is allowed */

#endif
