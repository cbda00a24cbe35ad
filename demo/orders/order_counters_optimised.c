/*
 * order_counters_optimised.c - counters that all workers share: atomic numbers, and no lock.
 *
 * Nothing is published through them, so their order does not matter: memory_order_relaxed. How many
 * orders were processed is not counted by itself, it is the number of their times.
 */
#include "common/memory.h"
#include "orders/processor_optimised.h"

#include <stdatomic.h>
#include <stdlib.h>

typedef _Atomic uint64_t counter_t;

struct shared_duration_stats {
    counter_t count, sum_ns, largest_ns;
};

struct optimised_order_counters {
    struct order_counters base;
    counter_t succeeded, failed, cancelled;
    struct shared_duration_stats queue_wait[ORDER_PRIORITIES], processing, blocked;
};

static void add_one(counter_t *counter) {
    atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

/* The loop repeats when somebody else raised the maximum meanwhile. */
static void add_duration(struct shared_duration_stats *stats, uint64_t duration_ns) {
    atomic_fetch_add_explicit(&stats->count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&stats->sum_ns, duration_ns, memory_order_relaxed);
    uint64_t largest_ns = atomic_load_explicit(&stats->largest_ns, memory_order_relaxed);
    while (duration_ns > largest_ns &&
           !atomic_compare_exchange_weak_explicit(&stats->largest_ns, &largest_ns, duration_ns,
                                                  memory_order_relaxed, memory_order_relaxed)) {
    }
}

static void add_result(struct order_counters *base, const struct order_result *result) {
    struct optimised_order_counters *counters = (struct optimised_order_counters *)base;
    if (result->status == ORDER_CANCELLED) {
        add_one(&counters->cancelled);
        return;
    }
    add_one(result->status == ORDER_FAILED ? &counters->failed : &counters->succeeded);
    add_duration(&counters->queue_wait[result->order->priority], result->waited_ns);
    add_duration(&counters->processing, result->process_ns);
}

static void add_blocked(struct order_counters *base, uint64_t blocked_ns) {
    struct optimised_order_counters *counters = (struct optimised_order_counters *)base;
    add_duration(&counters->blocked, blocked_ns);
}

static uint64_t read_counter(counter_t *counter) {
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static struct duration_stats read_durations(struct shared_duration_stats *stats) {
    return (struct duration_stats){read_counter(&stats->count), read_counter(&stats->sum_ns),
                                   read_counter(&stats->largest_ns)};
}

static void read_metrics(struct order_counters *base, struct order_metrics *metrics) {
    struct optimised_order_counters *counters = (struct optimised_order_counters *)base;
    metrics->processing = read_durations(&counters->processing);
    metrics->processed = metrics->processing.count;
    metrics->succeeded = read_counter(&counters->succeeded);
    metrics->failed = read_counter(&counters->failed);
    metrics->cancelled = read_counter(&counters->cancelled);
    for (size_t i = 0; i < ORDER_PRIORITIES; i++) {
        metrics->queue_wait[i] = read_durations(&counters->queue_wait[i]);
    }
    metrics->blocked = read_durations(&counters->blocked);
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
