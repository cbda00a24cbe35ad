/*
 * order_counters_naive.c - counters that all workers share.
 *
 * FAULT one-mutex: one lock for all of them, taken anew for each number that is added. Workers wait
 * for each other, and for whoever reads.
 */
#include "common/memory.h"
#include "orders/order_processor_naive.h"

#include <pthread.h>
#include <stdlib.h>

struct naive_order_counters {
    struct order_counters base;
    pthread_mutex_t lock;
    struct order_metrics metrics;
};

/* Functions of their own, so that a profile has the number of times that the lock is taken. */
static void lock_counters(struct naive_order_counters *counters) {
    pthread_mutex_lock(&counters->lock);
}

static void unlock_counters(struct naive_order_counters *counters) {
    pthread_mutex_unlock(&counters->lock);
}

static void add_one(struct naive_order_counters *counters, uint64_t *counter) {
    lock_counters(counters);
    (*counter)++;
    unlock_counters(counters);
}

static void add_duration(struct naive_order_counters *counters, struct duration_stats *stats,
                         uint64_t duration_ns) {
    lock_counters(counters);
    duration_stats_add(stats, duration_ns);
    unlock_counters(counters);
}

static void add_result(struct order_counters *base, const struct order_result *result) {
    struct naive_order_counters *counters = (struct naive_order_counters *)base;
    struct order_metrics *metrics = &counters->metrics;
    if (result->status == ORDER_CANCELLED) {
        add_one(counters, &metrics->cancelled);
        return;
    }
    add_one(counters, &metrics->processed);
    add_one(counters, result->status == ORDER_FAILED ? &metrics->failed : &metrics->succeeded);
    add_duration(counters, &metrics->queue_wait[result->order->priority], result->waited_ns);
    add_duration(counters, &metrics->processing, result->process_ns);
}

static void add_blocked(struct order_counters *base, uint64_t blocked_ns) {
    struct naive_order_counters *counters = (struct naive_order_counters *)base;
    add_duration(counters, &counters->metrics.blocked, blocked_ns);
}

static void read_metrics(struct order_counters *base, struct order_metrics *metrics) {
    struct naive_order_counters *counters = (struct naive_order_counters *)base;
    lock_counters(counters);
    *metrics = counters->metrics;
    unlock_counters(counters);
}

static void free_counters(struct order_counters *base) {
    struct naive_order_counters *counters = (struct naive_order_counters *)base;
    pthread_mutex_destroy(&counters->lock);
    free(counters);
}

struct order_counters *naive_order_counters_new(void) {
    static const struct order_counters_kind kind = {add_result, add_blocked, read_metrics,
                                                    free_counters};
    struct naive_order_counters *counters = memory_allocate(sizeof(*counters));
    *counters = (struct naive_order_counters){.base = {&kind}};
    pthread_mutex_init(&counters->lock, NULL);
    return &counters->base;
}
