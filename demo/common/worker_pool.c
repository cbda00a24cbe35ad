/*
 * worker_pool.c - see worker_pool.h.
 */
#include "common/worker_pool.h"

#include "common/channel.h"
#include "common/memory.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

struct worker_pool {
    struct worker_pool_config config;
    struct channel *channel;
    atomic_bool cancelled; /* set before the channel is closed */
    size_t started;        /* threads to be joined */
    pthread_t threads[];
};

static void *work(void *argument) {
    struct worker_pool *pool = argument;
    const struct worker_pool_config *config = &pool->config;
    void *job;
    uint64_t waited_ns;
    while ((job = channel_take(pool->channel, &waited_ns)) != NULL) {
        if (atomic_load(&pool->cancelled)) {
            config->discard(config->context, job);
        } else {
            config->run(config->context, job, waited_ns);
        }
    }
    return NULL;
}

int worker_pool_start(const struct worker_pool_config *config, struct worker_pool **result) {
    struct worker_pool *pool =
        memory_allocate_with_items(sizeof(*pool), config->workers, sizeof(pool->threads[0]));
    *pool = (struct worker_pool){.config = *config,
                                 .channel = channel_new(config->queue, config->capacity)};
    int error = 0;
    while (error == 0 && pool->started < config->workers) {
        error = pthread_create(&pool->threads[pool->started], NULL, work, pool);
        pool->started += error == 0;
    }
    if (error != 0) {
        worker_pool_stop(pool, WORKER_POOL_DRAIN);
        worker_pool_free(pool);
        return -error;
    }
    *result = pool;
    return 0;
}

int worker_pool_submit(struct worker_pool *pool, void *job, uint64_t timeout_ns,
                       uint64_t *blocked_ns) {
    return channel_put(pool->channel, job, timeout_ns, blocked_ns);
}

void worker_pool_stop(struct worker_pool *pool, enum worker_pool_end end) {
    if (end == WORKER_POOL_CANCEL) {
        atomic_store(&pool->cancelled, true);
    }
    channel_close(pool->channel);
    for (; pool->started > 0; pool->started--) {
        pthread_join(pool->threads[pool->started - 1], NULL);
    }
}

void worker_pool_free(struct worker_pool *pool) {
    if (pool != NULL) {
        channel_free(pool->channel);
        free(pool);
    }
}
