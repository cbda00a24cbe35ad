/*
 * order.h - an order as it comes in: who wants what, at which price, how urgently.
 *
 *   order { id, priority, customer { id, e-mail, country, tier }, coupon, items[] }
 *                                                                 item { sku, quantity, price }
 *
 * Nothing in it has been checked: see validation in order_processor.h. Texts are of bounded length,
 * so that an order is one block of memory; who makes one refuses what is longer.
 *
 * All money is in whole cents of one currency. An order is counted by reference; once it is shared
 * nobody changes it, and any thread may read it.
 */
#ifndef TALLY_DEMO_ORDER_H
#define TALLY_DEMO_ORDER_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum order_priority { ORDER_HIGH, ORDER_MEDIUM, ORDER_LOW };
#define ORDER_PRIORITIES 3
const char *order_priority_name(enum order_priority priority); /* "High", ... */

enum customer_tier { CUSTOMER_NEW, CUSTOMER_REGULAR, CUSTOMER_SILVER, CUSTOMER_GOLD };

/* With the zero that ends them. */
enum { EMAIL_BYTES = 64, COUNTRY_BYTES = 4, COUPON_BYTES = 16, SKU_BYTES = 12 };

struct order_customer {
    uint64_t id;
    char email[EMAIL_BYTES];
    char country[COUNTRY_BYTES]; /* ISO 3166: two capital letters */
    enum customer_tier tier;
};

struct order_item {
    char sku[SKU_BYTES];
    uint32_t quantity;
    uint64_t unit_price_cents;
};

struct order {
    atomic_size_t references;
    uint64_t id;
    enum order_priority priority;
    struct order_customer customer;
    char coupon[COUPON_BYTES]; /* empty: none */
    size_t item_count;
    struct order_item items[];
};

/* All zeroes but for the number of items and one reference, the caller's. */
struct order *order_new(size_t item_count);

struct order *order_copy(const struct order *order); /* a new one, with one reference */
struct order *order_share(struct order *order);      /* one reference more */
void order_release(struct order *order);             /* one less; the last one frees it */

#endif
