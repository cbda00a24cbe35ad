/*
 * pricing.h - what an order costs: the arithmetic of the business rules.
 *
 *   goods ─ volume discount ─ loyalty discount ─ coupon ──> net ─┐
 *   shipping ────────────────────────────────────────────────────┼──> total ──> fraud score
 *   tax on net and shipping ─────────────────────────────────────┘
 *
 * Amounts are whole cents. A share of an amount is rounded to the nearest cent, half a cent up;
 * where it is rounded is said at each function, and nowhere else is anything lost. No sum can
 * overflow: an order that is valid has goods of at most ORDER_MOST_ITEMS *
 * ORDER_LARGEST_QUANTITY * LARGEST_PRICE_CENTS, whose square is less than 2^63.
 *
 * A price depends on the order, the catalogue and the tables alone: not on stock, on the time or on
 * other orders. So it is the same whoever works it out, and when.
 *
 * Nothing here keeps a state: any thread may call it.
 */
#ifndef TALLY_DEMO_PRICING_H
#define TALLY_DEMO_PRICING_H

#include "orders/country_table.h"
#include "orders/coupon.h"
#include "orders/order.h"

#include <stdbool.h>
#include <stdint.h>

struct pricing {
    uint64_t goods_cents; /* at the catalogue's prices */
    uint64_t volume_discount_cents, loyalty_discount_cents, coupon_discount_cents;
    uint64_t shipping_cents;
    uint64_t tax_cents;
    uint32_t fraud_score;
    bool shipping_waived; /* by a coupon */
};

uint64_t share_of(uint64_t cents, uint32_t basis_points); /* rounded */

/* Of the goods, after all discounts that were set so far. */
uint64_t pricing_net_cents(const struct pricing *pricing);
uint64_t pricing_total_cents(const struct pricing *pricing); /* net, shipping and tax */

/* 5 % from 10 pieces of a product on, 10 % from 50; rounded for each item. */
uint64_t volume_discount(const struct order_item *item);

/* Silver 2 %, gold 5 % of the net; rounded once an order. */
uint64_t loyalty_discount(enum customer_tier tier, uint64_t net_cents);

/* Has no effect if the net is less than it asks for. A percentage is rounded once an order; an
 * amount is never more than the net. */
void apply_coupon(const struct coupon *coupon, struct pricing *pricing);

/* A parcel and each kilogram begun; nothing if the coupon says so or the net is large enough. High
 * priority costs 9.90 in any case. Nothing is rounded. */
uint64_t shipping_cost(const struct country *country, enum order_priority priority,
                       uint64_t weight_grams, const struct pricing *pricing);

/* `reduced_cents`: the goods of the reduced class, less their volume discounts. Loyalty discount
 * and coupon are spread over both classes in proportion, rounded once; shipping is of the standard
 * class. Tax is rounded once for each class. */
uint64_t tax_due(const struct country *country, uint64_t reduced_cents,
                 const struct pricing *pricing);

/* The reasons to look at an order before it is sent, each with its points. */
enum {
    FRAUD_POINTS_LARGE_TOTAL = 30,      /* 1000.00 and more */
    FRAUD_POINTS_VERY_LARGE_TOTAL = 20, /* 5000.00 and more: on top of that */
    FRAUD_POINTS_NEW_CUSTOMER = 15,
    FRAUD_POINTS_URGENT_AND_NEW = 15,   /* on top of that */
    FRAUD_POINTS_LARGE_QUANTITY = 15,   /* 50 pieces or more of one product */
    FRAUD_POINTS_THROW_AWAY_EMAIL = 25, /* at a provider of addresses for an hour */
    FRAUD_HOLD = 60                     /* an order with so many is held for a person to look at */
};
uint32_t fraud_points(const struct order *order, uint64_t total_cents);

#endif
