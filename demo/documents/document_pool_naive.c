/*
 * document_pool_naive.c - the document pool's first version, see document_pool.h. Right, and slow
 * for reasons that a profile of calls does not show at once: its workers wait.
 *
 * FAULT rendezvous: there is no queue. A document is only accepted when a worker stands ready for
 * it, so whoever submits waits for a worker, and a worker waits for the next one to be submitted.
 *
 * FAULT contended-statistics: all numbers are guarded by one mutex, which is taken anew for each of
 * them: seven times a document, by all workers and by whoever submits.
 *
 * FAULT sleep-after-document: a worker sleeps after each document, as if something slow had to be
 * waited for, and does nothing else meanwhile.
 */
#include "documents/document_pool.h"

#include "common/memory.h"
#include "common/monotonic_clock.h"
#include "documents/document_pool_kind.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct naive_pool {
    struct document_pool base;
    pthread_mutex_t statistics_lock;
    struct document_pool_statistics statistics;
};

static void lock_statistics(struct naive_pool *pool) {
    pthread_mutex_lock(&pool->statistics_lock);
}

static void unlock_statistics(struct naive_pool *pool) {
    pthread_mutex_unlock(&pool->statistics_lock);
}

static void add_to_counter(struct naive_pool *pool, uint64_t *counter, int64_t change) {
    lock_statistics(pool);
    *counter += (uint64_t)change;
    unlock_statistics(pool);
}

static void add_duration(struct naive_pool *pool, struct duration_stats *stats,
                         uint64_t duration_ns) {
    lock_statistics(pool);
    duration_stats_add(stats, duration_ns);
    unlock_statistics(pool);
}

static void run_document(void *context, void *job, uint64_t waited_ns) {
    struct naive_pool *pool = context;
    const struct document_pool_config *config = &pool->base.config;
    struct document_pool_statistics *statistics = &pool->statistics;
    struct processing_result result;
    add_to_counter(pool, &statistics->workers_at_work, 1);
    add_duration(pool, &statistics->in_queue, waited_ns);
    int error = document_process(config->processor, job, &result);
    if (error == 0) {
        add_to_counter(pool, &statistics->processed, 1);
        add_duration(pool, &statistics->process, result.process_ns);
    } else {
        add_to_counter(pool, &statistics->failed, 1);
    }
    monotonic_sleep_ns(config->sleep_ns);
    add_to_counter(pool, &statistics->workers_at_work, -1);
    config->done(config->context, job, error);
}

static void discard_document(void *context, void *job) {
    struct naive_pool *pool = context;
    add_to_counter(pool, &pool->statistics.cancelled, 1);
    pool->base.config.done(pool->base.config.context, job, -ECANCELED);
}

static int submit(struct document_pool *base, struct document *document, uint64_t timeout_ns) {
    struct naive_pool *pool = (struct naive_pool *)base;
    uint64_t blocked_ns;
    (void)timeout_ns;
    int error = worker_pool_submit(base->workers, document, CHANNEL_FOREVER, &blocked_ns);
    if (error == 0) {
        add_to_counter(pool, &pool->statistics.submitted, 1);
    }
    add_duration(pool, &pool->statistics.blocked, blocked_ns);
    return error;
}

static struct document_pool_statistics copy_statistics(struct document_pool *base) {
    struct naive_pool *pool = (struct naive_pool *)base;
    lock_statistics(pool);
    struct document_pool_statistics copy = pool->statistics;
    unlock_statistics(pool);
    return copy;
}

static void free_pool(struct document_pool *base) {
    struct naive_pool *pool = (struct naive_pool *)base;
    pthread_mutex_destroy(&pool->statistics_lock);
    free(pool);
}

int naive_document_pool_start(const struct document_pool_config *config,
                              struct document_pool **result) {
    static const struct document_pool_kind kind = {
        .queued_per_worker = 0,
        .run_document = run_document,
        .discard_document = discard_document,
        .submit = submit,
        .statistics = copy_statistics,
        .free = free_pool,
    };
    struct naive_pool *pool = memory_allocate(sizeof(*pool));
    *pool = (struct naive_pool){.base = {.kind = &kind, .config = *config}};
    pthread_mutex_init(&pool->statistics_lock, NULL);
    return document_pool_start(&pool->base, result);
}
