/*
 * verdict.h - what validation says about an order: the first thing that is wrong with it.
 *
 * Checks are made in the order of enum order_problem, those of items item by item (sku, quantity,
 * price), so that it is always the same one that is found first.
 */
#ifndef TALLY_DEMO_VERDICT_H
#define TALLY_DEMO_VERDICT_H

#include "orders/order.h"

#include <stdint.h>

enum { ORDER_MOST_ITEMS = 20, ORDER_LARGEST_QUANTITY = 500 };

enum order_problem {
    ORDER_VALID,
    ORDER_MALFORMED_EMAIL, /* docs/demo.md says what one is */
    ORDER_UNKNOWN_COUNTRY,
    ORDER_UNKNOWN_COUPON,
    ORDER_NO_ITEMS,
    ORDER_TOO_MANY_ITEMS,
    ORDER_UNKNOWN_SKU,
    ORDER_BAD_QUANTITY,
    ORDER_WRONG_PRICE, /* not the catalogue's */
    ORDER_DUPLICATE_ITEM,
    ORDER_PROBLEMS /* how many there are */
};

struct order_verdict {
    enum order_problem problem;
    uint32_t item;     /* which item's it is, from 0 */
    uint64_t expected; /* ORDER_WRONG_PRICE: the right one in cents; ORDER_DUPLICATE_ITEM: the item
                          that has the product already */
};

const char *order_problem_name(enum order_problem problem); /* "unknown-sku" */

/* Which field, and what is wrong with it: "items[2].quantity: 0 is not from 1 to 500". A new
 * string, with texts as they are in the order. */
char *order_verdict_describe(struct order_verdict verdict, const struct order *order);

#endif
