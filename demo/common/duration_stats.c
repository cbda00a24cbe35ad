/*
 * duration_stats.c - see duration_stats.h.
 *
 * Nothing is published through the shared numbers, so their order does not matter:
 * memory_order_relaxed.
 */
#include "common/duration_stats.h"

void duration_stats_add(struct duration_stats *stats, uint64_t duration_ns) {
    stats->count++;
    stats->sum_ns += duration_ns;
    stats->largest_ns = duration_ns > stats->largest_ns ? duration_ns : stats->largest_ns;
}

uint64_t duration_stats_mean_ns(const struct duration_stats *stats) {
    return stats->count > 0 ? stats->sum_ns / stats->count : 0;
}

/* The loop repeats when somebody else raised the maximum meanwhile. */
void shared_duration_stats_add(struct shared_duration_stats *stats, uint64_t duration_ns) {
    atomic_fetch_add_explicit(&stats->count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&stats->sum_ns, duration_ns, memory_order_relaxed);
    uint64_t largest_ns = atomic_load_explicit(&stats->largest_ns, memory_order_relaxed);
    while (duration_ns > largest_ns &&
           !atomic_compare_exchange_weak_explicit(&stats->largest_ns, &largest_ns, duration_ns,
                                                  memory_order_relaxed, memory_order_relaxed)) {
    }
}

struct duration_stats shared_duration_stats_read(struct shared_duration_stats *stats) {
    return (struct duration_stats){
        .count = atomic_load_explicit(&stats->count, memory_order_relaxed),
        .sum_ns = atomic_load_explicit(&stats->sum_ns, memory_order_relaxed),
        .largest_ns = atomic_load_explicit(&stats->largest_ns, memory_order_relaxed),
    };
}
