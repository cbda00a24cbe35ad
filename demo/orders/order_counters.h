/*
 * order_counters.h - what a pool of workers has done so far, and how long it took.
 *
 * Any thread may count and read at any time. What is read while others count is of about now: each
 * number is right, but one may be ahead of another.
 */
#ifndef TALLY_DEMO_ORDER_COUNTERS_H
#define TALLY_DEMO_ORDER_COUNTERS_H

#include "common/duration_stats.h"
#include "orders/result.h"

#include <stdint.h>

struct order_metrics {
    uint64_t processed; /* succeeded + failed */
    uint64_t succeeded; /* accepted, or held */
    uint64_t failed;
    uint64_t cancelled;
    struct duration_stats queue_wait[ORDER_PRIORITIES]; /* of orders that were processed */
    struct duration_stats processing;                   /* sum_ns: the time of all workers */
    struct duration_stats blocked;                      /* submitters, in front of a full queue */
};

struct order_counters;

/* An order that has its result, or was cancelled. */
void order_counters_add_result(struct order_counters *counters, const struct order_result *result);

/* A submission, whether it succeeded or not. */
void order_counters_add_blocked(struct order_counters *counters, uint64_t blocked_ns);

void order_counters_read(struct order_counters *counters, struct order_metrics *metrics);
void order_counters_free(struct order_counters *counters);

/* For the implementations: each begins with this struct. */
struct order_counters_kind {
    void (*add_result)(struct order_counters *counters, const struct order_result *result);
    void (*add_blocked)(struct order_counters *counters, uint64_t blocked_ns);
    void (*read)(struct order_counters *counters, struct order_metrics *metrics);
    void (*free)(struct order_counters *counters);
};

struct order_counters {
    const struct order_counters_kind *kind;
};

#endif
