/*
 * document_pool_optimised.c - the document pool without the faults of the naive one, see
 * document_pool.h.
 *
 * A queue lets workers and whoever submits get ahead of each other; that it is bounded, and submit
 * says so, hands the pressure back to whoever submits instead of letting memory grow. Statistics
 * are atomic: nobody waits for them.
 */
#include "documents/document_pool.h"

#include "common/memory.h"
#include "common/monotonic_clock.h"
#include "documents/document_pool_kind.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

typedef _Atomic uint64_t counter;

/* As struct document_pool_statistics. */
struct atomic_statistics {
    counter submitted, rejected, timed_out, processed, failed, cancelled, workers_at_work;
    struct shared_duration_stats blocked, in_queue, process;
};

struct optimised_pool {
    struct document_pool base;
    struct atomic_statistics statistics;
};

static void add_to_counter(counter *counter, int64_t change) {
    atomic_fetch_add(counter, (uint64_t)change);
}

static void run_document(void *context, void *job, uint64_t waited_ns) {
    struct optimised_pool *pool = context;
    const struct document_pool_config *config = &pool->base.config;
    struct atomic_statistics *statistics = &pool->statistics;
    struct processing_result result;
    add_to_counter(&statistics->workers_at_work, 1);
    shared_duration_stats_add(&statistics->in_queue, waited_ns);
    int error = document_process(config->processor, job, &result);
    if (error == 0) {
        add_to_counter(&statistics->processed, 1);
        shared_duration_stats_add(&statistics->process, result.process_ns);
    } else {
        add_to_counter(&statistics->failed, 1);
    }
    if (config->sleep_ns > 0) {
        monotonic_sleep_ns(config->sleep_ns);
    }
    add_to_counter(&statistics->workers_at_work, -1);
    config->done(config->context, job, error);
}

static void discard_document(void *context, void *job) {
    struct optimised_pool *pool = context;
    add_to_counter(&pool->statistics.cancelled, 1);
    pool->base.config.done(pool->base.config.context, job, -ECANCELED);
}

static int submit(struct document_pool *base, struct document *document, uint64_t timeout_ns) {
    struct atomic_statistics *statistics = &((struct optimised_pool *)base)->statistics;
    uint64_t blocked_ns;
    int error = worker_pool_submit(base->workers, document, timeout_ns, &blocked_ns);
    switch (error) {
    case 0:
        add_to_counter(&statistics->submitted, 1);
        break;
    case -EAGAIN:
        add_to_counter(&statistics->rejected, 1);
        break;
    case -ETIMEDOUT:
        add_to_counter(&statistics->timed_out, 1);
        break;
    }
    shared_duration_stats_add(&statistics->blocked, blocked_ns);
    return error;
}

static struct document_pool_statistics copy_statistics(struct document_pool *base) {
    struct atomic_statistics *statistics = &((struct optimised_pool *)base)->statistics;
    return (struct document_pool_statistics){
        .submitted = atomic_load(&statistics->submitted),
        .rejected = atomic_load(&statistics->rejected),
        .timed_out = atomic_load(&statistics->timed_out),
        .processed = atomic_load(&statistics->processed),
        .failed = atomic_load(&statistics->failed),
        .cancelled = atomic_load(&statistics->cancelled),
        .workers_at_work = atomic_load(&statistics->workers_at_work),
        .blocked = shared_duration_stats_read(&statistics->blocked),
        .in_queue = shared_duration_stats_read(&statistics->in_queue),
        .process = shared_duration_stats_read(&statistics->process),
    };
}

static void free_pool(struct document_pool *base) {
    free(base);
}

int optimised_document_pool_start(const struct document_pool_config *config,
                                  struct document_pool **result) {
    static const struct document_pool_kind kind = {
        .queued_per_worker = 10,
        .run_document = run_document,
        .discard_document = discard_document,
        .submit = submit,
        .statistics = copy_statistics,
        .free = free_pool,
    };
    struct optimised_pool *pool = memory_allocate(sizeof(*pool));
    *pool = (struct optimised_pool){.base = {.kind = &kind, .config = *config}};
    document_processor_prepare(config->processor, config->workers);
    return document_pool_start(&pool->base, result);
}
