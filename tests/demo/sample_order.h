/*
 * sample_order.h - orders for tests: valid ones, to be spoilt.
 */
#ifndef TALLY_TESTS_SAMPLE_ORDER_H
#define TALLY_TESTS_SAMPLE_ORDER_H

#include "orders/order_processor.h"

/* Different products, one piece each, at the catalogue's prices, the first of the catalogue first;
 * from a regular customer in Germany, of medium priority, without a coupon. */
struct order *sample_order(size_t item_count);

struct order_item sample_item(const char *sku, uint32_t quantity);

void set_text(char *field, size_t size_bytes, const char *text); /* as long as it fits */

/* Naive and optimised. */
enum { PROCESSORS = 2 };
struct order_processor *new_order_processor(int which);

#endif
