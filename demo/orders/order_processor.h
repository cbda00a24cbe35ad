/*
 * order_processor.h - what an order processor does with one order, whichever way it does it.
 *
 *   order ──accept──> result, waiting ──process: validate, price──> result, settled
 *
 *   naive_order_processor       the way a first version takes: right, easy to read and slow in
 *                               several places at once. Each of those places is marked FAULT and
 *                               has a name; docs/demo.md lists them
 *   optimised_order_processor   the same without the faults; finds the same in the same orders
 *
 * Functions of the two that do the same have the same name, so that their profiles can be compared.
 * order_pool.h puts workers around a processor; each step can be called without them, too. A
 * processor does not change: any number of threads may use one.
 */
#ifndef TALLY_DEMO_ORDER_PROCESSOR_H
#define TALLY_DEMO_ORDER_PROCESSOR_H

#include "common/item_queue.h"
#include "orders/catalogue.h"
#include "orders/order_counters.h"
#include "orders/result.h"

struct order_processor;

struct order_processor *naive_order_processor_new(void);
struct order_processor *optimised_order_processor_new(void);
void order_processor_free(struct order_processor *processor); /* null is allowed */

/* A result to be processed, with a copy or a reference of its own: the caller keeps the order. */
struct order_result *order_accept(const struct order_processor *processor, struct order *order);

/* Validates, prices if valid, and settles. Takes over what was accepted; the result is the same
 * one, or another in its place. */
struct order_result *order_process(const struct order_processor *processor,
                                   struct order_result *accepted);

/* What a valid order refers to. */
struct order_facts {
    const struct country *country;
    const struct coupon *coupon; /* null: none */
    const struct product *products[ORDER_MOST_ITEMS];
};

/* *facts is set if the order is valid, by a processor that remembers what it has looked up; the
 * naive one does not. */
struct order_verdict order_validate(const struct order_processor *processor,
                                    const struct order *order, struct order_facts *facts);

/* All rules, for an order that order_validate() found valid, with the facts from there. */
struct pricing order_price(const struct order_processor *processor, const struct order *order,
                           const struct order_facts *facts);

/* A queue of the results of order_accept(): High before Medium before Low, first in, first out
 * among those of one priority. */
struct item_queue *order_queue_new(const struct order_processor *processor, size_t capacity);

struct order_counters *order_counters_new(const struct order_processor *processor);

#endif
