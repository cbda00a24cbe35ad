/*
 * orders_summary.h - what a run of `tally-demo orders` found, added up and printed.
 *
 * What was found depends on the orders alone: two runs over the same ones print the same, with any
 * number of workers. What depends on time as well is printed in a section of its own.
 */
#ifndef TALLY_DEMO_ORDERS_SUMMARY_H
#define TALLY_DEMO_ORDERS_SUMMARY_H

#include "common/multiset_digest.h"
#include "orders/order_counters.h"
#include "orders/result.h"
#include "program/orders_options.h"

#include <stdint.h>

/* The failed orders with one problem. */
struct failure_summary {
    uint64_t count;
    uint64_t first_id; /* the lowest, whichever came first */
    struct order_verdict first_verdict;
};

struct orders_summary {
    uint64_t orders, items; /* that were processed, as all below */
    uint64_t accepted, held, failed;
    uint64_t cancelled; /* besides */
    struct failure_summary failures[ORDER_PROBLEMS];
    struct pricing sums; /* of the amounts of accepted and held orders */
    struct multiset_digest *digest;

    int stopped_by; /* a signal, or 0 */
    struct order_metrics metrics;
    uint64_t elapsed_ns; /* generating included */
};

/* 0, or -ENOTSUP if libcrypto has no SHA-256. */
int orders_summary_start(struct orders_summary *summary);
void orders_summary_add(struct orders_summary *summary, const struct order_result *result);
void orders_summary_free(struct orders_summary *summary);

/* Goods less discounts, and shipping; without tax. */
uint64_t orders_summary_revenue_cents(const struct orders_summary *summary);

/* What was wrong with the first order that had this problem: a new string. */
char *orders_summary_first_failure(const struct orders_summary *summary, enum order_problem problem,
                                   uint64_t seed);

void orders_summary_print(const struct orders_summary *summary,
                          const struct orders_options *options);
void orders_summary_print_json(const struct orders_summary *summary,
                               const struct orders_options *options);

#endif
