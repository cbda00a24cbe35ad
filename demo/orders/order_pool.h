/*
 * order_pool.h - workers around an order processor, fed by priority.
 *
 *   submit ──accept──> queue by priority ──> workers: process ──> results ──> consumer: deliver
 *
 *   started ──stop──> drained or cancelled, and no thread left ──> free
 *
 * Each order that was accepted is delivered once, as a result that is settled or cancelled. With
 * several workers results come in any order, but what is in them does not depend on it: see
 * pricing.h. Only times differ from run to run.
 *
 * Any thread but the pool's own may submit and read the metrics, at any time; one of them starts,
 * stops and frees the pool.
 */
#ifndef TALLY_DEMO_ORDER_POOL_H
#define TALLY_DEMO_ORDER_POOL_H

#include "common/channel.h"
#include "common/worker_pool.h"
#include "orders/order_processor.h"

#include <stddef.h>
#include <stdint.h>

enum { ORDER_POOL_WORKERS = 10, ORDER_POOL_CAPACITY = 100 }; /* unless somebody knows better */

struct order_pool;

struct order_pool_config {
    const struct order_processor *processor; /* lives longer than the pool */
    size_t workers;                          /* at least 1 */
    size_t capacity;     /* of the queue, and of the results that wait for the consumer */
    uint64_t payment_ns; /* an order waits so long for the payment service: High once, Medium twice,
                            Low three times */

    /* On the consumer's thread, one result after the other. The result is the pool's: who wants to
     * keep the order makes a reference. */
    void (*deliver)(void *context, const struct order_result *result);
    void *context;
};

/* 0, or -EAGAIN if the system has no room for so many threads: then none is left. */
int order_pool_start(const struct order_pool_config *config, struct order_pool **pool);

/* The order stays the caller's, who may let go of it at once. 0, or as channel_put: -EAGAIN: the
 * queue is full, and not to be waited for; -ETIMEDOUT; -ESHUTDOWN. */
int order_pool_submit(struct order_pool *pool, struct order *order, uint64_t timeout_ns);

/* Accepts no more orders, and returns when all results are delivered and all threads gone. Stopping
 * what is stopped does nothing. */
void order_pool_stop(struct order_pool *pool, enum worker_pool_end end);

void order_pool_metrics(struct order_pool *pool, struct order_metrics *metrics);

void order_pool_free(struct order_pool *pool); /* of one that was stopped; null is allowed */

#endif
