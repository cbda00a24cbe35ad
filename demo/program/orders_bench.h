/*
 * orders_bench.h - `tally-demo orders --bench`: what the steps of an order and each business rule
 * take, naive and optimised.
 */
#ifndef TALLY_DEMO_ORDERS_BENCH_H
#define TALLY_DEMO_ORDERS_BENCH_H

#include "program/orders_options.h"

/* The exit status, after a message if it is not STATUS_OK. */
int orders_bench(const struct orders_options *options);

#endif
