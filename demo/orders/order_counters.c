/*
 * order_counters.c - see order_counters.h: from the interface to the kind.
 */
#include "orders/order_counters.h"

void order_counters_add_result(struct order_counters *counters, const struct order_result *result) {
    counters->kind->add_result(counters, result);
}

void order_counters_add_blocked(struct order_counters *counters, uint64_t blocked_ns) {
    counters->kind->add_blocked(counters, blocked_ns);
}

void order_counters_read(struct order_counters *counters, struct order_metrics *metrics) {
    counters->kind->read(counters, metrics);
}

void order_counters_free(struct order_counters *counters) {
    counters->kind->free(counters);
}
