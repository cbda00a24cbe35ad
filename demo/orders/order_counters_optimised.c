/*
 * order_counters_optimised.c - counters that all workers share: atomic numbers, and no lock.
 *
 * Nothing is published through them, so their order does not matter: memory_order_relaxed. How many
 * orders were processed is not counted by itself, it is the number of their times.
 */
#include "common/memory.h"
#include "orders/order_processor_optimised.h"

#include <stdatomic.h>
#include <stdlib.h>

typedef _Atomic uint64_t counter_t;

struct optimised_order_counters {
    struct order_counters base;
    counter_t succeeded, failed, cancelled;
    struct shared_duration_stats queue_wait[ORDER_PRIORITIES], processing, blocked;
};

static void add_one(counter_t *counter) {
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static void add_result(struct order_counters *base, const struct order_result *result) {
    struct optimised_order_counters *counters = (struct optimised_order_counters *)base;
    if (result->status == ORDER_CANCELLED) {
        add_one(&counters->cancelled);
        return;
    }
    add_one(result->status == ORDER_FAILED ? &counters->failed : &counters->succeeded);
    shared_duration_stats_add(&counters->queue_wait[result->order->priority], result->waited_ns);
    shared_duration_stats_add(&counters->processing, result->process_ns);
}

static void add_blocked(struct order_counters *base, uint64_t blocked_ns) {
    struct optimised_order_counters *counters = (struct optimised_order_counters *)base;
    shared_duration_stats_add(&counters->blocked, blocked_ns);
}

static uint64_t read_counter(counter_t *counter) {
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void read_metrics(struct order_counters *base, struct order_metrics *metrics) {
    struct optimised_order_counters *counters = (struct optimised_order_counters *)base;
    metrics->processing = shared_duration_stats_read(&counters->processing);
    metrics->processed = metrics->processing.count;
    metrics->succeeded = read_counter(&counters->succeeded);
    metrics->failed = read_counter(&counters->failed);
    metrics->cancelled = read_counter(&counters->cancelled);
    for (size_t i = 0; i < ORDER_PRIORITIES; i++) {
        metrics->queue_wait[i] = shared_duration_stats_read(&counters->queue_wait[i]);
    }
    metrics->blocked = shared_duration_stats_read(&counters->blocked);
}

static void free_counters(struct order_counters *base) {
    free(base);
}

struct order_counters *optimised_order_counters_new(void) {
    static const struct order_counters_kind kind = {add_result, add_blocked, read_metrics,
                                                    free_counters};
    struct optimised_order_counters *counters = memory_allocate(sizeof(*counters));
    *counters = (struct optimised_order_counters){.base = {&kind}};
    return &counters->base;
}
