/*
 * duration_stats.h - of many durations: how many, how long together, and the longest.
 *
 *   duration_stats          belongs to one thread at a time
 *   shared_duration_stats   any thread may add and read at any time. What is read while others add
 *                           is of about now: each number is right, but one may be ahead of another
 *
 * Either starts as all zeroes. A sum has room for five centuries.
 */
#ifndef TALLY_DEMO_DURATION_STATS_H
#define TALLY_DEMO_DURATION_STATS_H

#include <stdatomic.h>
#include <stdint.h>

struct duration_stats {
    uint64_t count, sum_ns, largest_ns;
};

void duration_stats_add(struct duration_stats *stats, uint64_t duration_ns);
uint64_t duration_stats_mean_ns(const struct duration_stats *stats); /* 0 of none */

struct shared_duration_stats {
    _Atomic uint64_t count, sum_ns, largest_ns;
};

void shared_duration_stats_add(struct shared_duration_stats *stats, uint64_t duration_ns);
struct duration_stats shared_duration_stats_read(struct shared_duration_stats *stats);

#endif
