/*
 * order_processor_naive.h - the parts of the naive order processor, for each other and for tests.
 *
 *   order_processor_naive.c ──> validation_naive.c ──┬──> email_naive.c
 *                          └──> rules_naive.c ───────┴──> catalogue_naive.c, country_naive.c
 *   order_queue_naive.c, order_counters_naive.c: around it, in the pool
 *
 * They keep no state; any thread may call them.
 */
#ifndef TALLY_DEMO_ORDER_PROCESSOR_NAIVE_H
#define TALLY_DEMO_ORDER_PROCESSOR_NAIVE_H

#include "orders/order_processor.h"

#include <stdbool.h>

struct order_verdict validate_order(const struct order *order);
struct pricing price_order(const struct order *order); /* of a valid order */

/* The rules that are not in rules.h. */
void rule_coupon(const struct order *order, struct pricing *pricing);
void rule_shipping(const struct order *order, struct pricing *pricing);
void rule_tax(const struct order *order, struct pricing *pricing);

bool is_email_valid(const char *email);
const struct product *product_find(const char *sku); /* null: not in the catalogue */
bool country_find(const char *code, struct country *country);

struct item_queue *naive_order_queue_new(size_t capacity);
struct order_counters *naive_order_counters_new(void);

#endif
