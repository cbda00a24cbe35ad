/*
 * order_pool.c - see order_pool.h.
 *
 * Orders and results are allocated and freed, and not kept in a list of unused ones: how long such
 * a list grows depends on how many are under way at a time, and allocations are to be the same in
 * each run.
 */
#include "orders/order_pool.h"

#include "common/memory.h"
#include "common/monotonic_clock.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct order_pool {
    struct order_pool_config config;
    struct order_counters *counters;
    struct worker_pool *workers;
    struct channel *results;
    pthread_t consumer;
    bool stopped;
};

static void wait_for_payment(uint64_t payment_ns, enum order_priority priority) {
    if (payment_ns > 0) {
        monotonic_sleep_ns(payment_ns * ((uint64_t)priority + 1));
    }
}

/* Results wait for the consumer as long as it takes: it ends after all workers. */
static void hand_over(struct order_pool *pool, struct order_result *result) {
    order_counters_add_result(pool->counters, result);
    channel_put(pool->results, result, CHANNEL_FOREVER, NULL);
}

static void run_order(void *context, void *job, uint64_t waited_ns) {
    struct order_pool *pool = context;
    struct order_result *accepted = job;
    uint64_t start_ns = monotonic_now_ns();
    wait_for_payment(pool->config.payment_ns, accepted->order->priority);
    struct order_result *result = order_process(pool->config.processor, accepted);
    result->waited_ns = waited_ns;
    result->process_ns = monotonic_now_ns() - start_ns;
    hand_over(pool, result);
}

static void discard_order(void *context, void *job) {
    struct order_result *accepted = job;
    accepted->status = ORDER_CANCELLED;
    hand_over(context, accepted);
}

static void *consume(void *argument) {
    struct order_pool *pool = argument;
    struct order_result *result;
    while ((result = channel_take(pool->results, NULL)) != NULL) {
        pool->config.deliver(pool->config.context, result);
        order_result_free(result);
    }
    return NULL;
}

static int start_workers(struct order_pool *pool) {
    const struct order_pool_config *config = &pool->config;
    return worker_pool_start(
        &(struct worker_pool_config){
            .workers = config->workers,
            .capacity = config->capacity,
            .queue = order_queue_new(config->processor, config->capacity),
            .run = run_order,
            .discard = discard_order,
            .context = pool,
        },
        &pool->workers);
}

static void stop_consumer(struct order_pool *pool) {
    channel_close(pool->results);
    pthread_join(pool->consumer, NULL);
    pool->stopped = true;
}

int order_pool_start(const struct order_pool_config *config, struct order_pool **result) {
    struct order_pool *pool = memory_allocate(sizeof(*pool));
    *pool = (struct order_pool){
        .config = *config,
        .counters = order_counters_new(config->processor),
        .results = channel_new(fifo_queue_new(config->capacity), config->capacity),
    };
    int error = -pthread_create(&pool->consumer, NULL, consume, pool);
    if (error == 0 && (error = start_workers(pool)) != 0) {
        stop_consumer(pool);
    }
    if (error != 0) {
        order_pool_free(pool);
        return error;
    }
    *result = pool;
    return 0;
}

int order_pool_submit(struct order_pool *pool, struct order *order, uint64_t timeout_ns) {
    struct order_result *accepted = order_accept(pool->config.processor, order);
    uint64_t blocked_ns;
    int error = worker_pool_submit(pool->workers, accepted, timeout_ns, &blocked_ns);
    order_counters_add_blocked(pool->counters, blocked_ns);
    if (error != 0) {
        order_result_free(accepted);
    }
    return error;
}

void order_pool_stop(struct order_pool *pool, enum worker_pool_end end) {
    if (!pool->stopped) {
        worker_pool_stop(pool->workers, end);
        stop_consumer(pool);
    }
}

void order_pool_metrics(struct order_pool *pool, struct order_metrics *metrics) {
    order_counters_read(pool->counters, metrics);
}

void order_pool_free(struct order_pool *pool) {
    if (pool != NULL) {
        worker_pool_free(pool->workers);
        channel_free(pool->results);
        order_counters_free(pool->counters);
        free(pool);
    }
}
