/*
 * document_pool.h - a document processor with several workers.
 *
 *   submit ──> queue ──> worker 1 … worker n: document_process, sleep ──> done(document, error)
 *
 *   naive_document_pool       no queue: a document is handed from hand to hand, and whoever submits
 *                             one waits for a worker. Faults as in naive_processor; docs/demo.md
 *                             lists them
 *   optimised_document_pool   a queue of ten documents a worker; submit waits as long as it is told
 *
 *   started ──stop──> drained or cancelled, and no thread left ──> free
 *
 * Each document that was accepted is done, once: processed, failed or cancelled. Functions of the
 * two pools that do the same have the same name, so that their profiles can be compared.
 *
 * Any thread but the pool's own may submit. Any thread may read the statistics, from start to free.
 * One thread starts, stops and frees the pool. Durations are in nanoseconds.
 */
#ifndef TALLY_DEMO_DOCUMENT_POOL_H
#define TALLY_DEMO_DOCUMENT_POOL_H

#include "common/channel.h"
#include "common/duration_stats.h"
#include "common/worker_pool.h"
#include "documents/processor.h"

#include <stddef.h>
#include <stdint.h>

struct document_pool;

struct document_pool_config {
    struct document_processor *processor; /* outlives the pool */
    size_t workers;                       /* at least 1 */
    uint64_t sleep_ns;                    /* after each document */

    /* On a worker. Gets the reference that submit took over. 0; or why it is not processed: -errno
     * of document_process, or -ECANCELED. */
    void (*done)(void *context, struct document *document, int error);
    void *context;
};

/* While the pool runs, a document may be in one of the numbers an instant before it is in another.
 */
struct document_pool_statistics {
    uint64_t submitted;                    /* and accepted */
    uint64_t rejected, timed_out;          /* submits that found no room: at once, in time */
    uint64_t processed, failed, cancelled; /* what became of those accepted */
    uint64_t workers_at_work;              /* now */
    struct duration_stats blocked;         /* in submit, accepted or not */
    struct duration_stats in_queue;        /* of those that a worker began with */
    struct duration_stats process;         /* of those processed */
};

/* 0, or -EAGAIN if the system has no room for so many threads: then there is no pool. */
int naive_document_pool_start(const struct document_pool_config *config,
                              struct document_pool **pool);
int optimised_document_pool_start(const struct document_pool_config *config,
                                  struct document_pool **pool);

/*
 * Takes over the reference and returns 0, or leaves it with the caller: -EAGAIN: the queue is full
 * and `timeout_ns` is CHANNEL_NO_WAIT; -ETIMEDOUT: it is full all the time; -ESHUTDOWN: the pool
 * stops, or has stopped. The naive pool waits for a worker, whatever the time.
 */
int document_pool_submit(struct document_pool *pool, struct document *document,
                         uint64_t timeout_ns);

struct document_pool_statistics document_pool_statistics(struct document_pool *pool);

/* As worker_pool_stop: accepts no more, and returns when all threads are gone. */
void document_pool_stop(struct document_pool *pool, enum worker_pool_end end);
void document_pool_free(struct document_pool *pool); /* of one that was stopped; null is allowed */

#endif
