/*
 * pricing.c - see pricing.h.
 */
#include "orders/pricing.h"

#include <string.h>

enum {
    WHOLE_BP = 10000, /* a hundred percent */
    SOME_PIECES = 10,
    MANY_PIECES = 50,
    GRAMS_PER_KILOGRAM = 1000,
    EXPRESS_CENTS = 990,
    LARGE_TOTAL_CENTS = 100000,
    VERY_LARGE_TOTAL_CENTS = 500000
};

uint64_t share_of(uint64_t cents, uint32_t basis_points) {
    return (cents * basis_points + WHOLE_BP / 2) / WHOLE_BP;
}

uint64_t pricing_net_cents(const struct pricing *pricing) {
    return pricing->goods_cents - pricing->volume_discount_cents - pricing->loyalty_discount_cents -
           pricing->coupon_discount_cents;
}

uint64_t pricing_total_cents(const struct pricing *pricing) {
    return pricing_net_cents(pricing) + pricing->shipping_cents + pricing->tax_cents;
}

uint64_t volume_discount(const struct order_item *item) {
    uint32_t basis_points = item->quantity >= MANY_PIECES   ? 1000
                            : item->quantity >= SOME_PIECES ? 500
                                                            : 0;
    return share_of(item->unit_price_cents * item->quantity, basis_points);
}

uint64_t loyalty_discount(enum customer_tier tier, uint64_t net_cents) {
    static const uint32_t basis_points[] = {
        [CUSTOMER_NEW] = 0, [CUSTOMER_REGULAR] = 0, [CUSTOMER_SILVER] = 200, [CUSTOMER_GOLD] = 500};
    return share_of(net_cents, basis_points[tier]);
}

void apply_coupon(const struct coupon *coupon, struct pricing *pricing) {
    uint64_t net_cents = pricing_net_cents(pricing);
    if (net_cents < coupon->least_goods_cents) {
        return;
    }
    switch (coupon->kind) {
    case COUPON_PERCENT:
        pricing->coupon_discount_cents = share_of(net_cents, coupon->value);
        break;
    case COUPON_AMOUNT:
        pricing->coupon_discount_cents = coupon->value < net_cents ? coupon->value : net_cents;
        break;
    case COUPON_FREE_SHIPPING:
        pricing->shipping_waived = true;
        break;
    }
}

uint64_t shipping_cost(const struct country *country, enum order_priority priority,
                       uint64_t weight_grams, const struct pricing *pricing) {
    uint64_t express_cents = priority == ORDER_HIGH ? EXPRESS_CENTS : 0;
    if (pricing->shipping_waived || pricing_net_cents(pricing) >= country->free_from_cents) {
        return express_cents;
    }
    uint64_t kilograms = (weight_grams + GRAMS_PER_KILOGRAM - 1) / GRAMS_PER_KILOGRAM;
    return express_cents + country->parcel_cents + kilograms * country->kilogram_cents;
}

/* part * numerator / denominator to the nearest; the denominator is not 0. */
static uint64_t in_proportion(uint64_t part, uint64_t numerator, uint64_t denominator) {
    return (part * numerator + denominator / 2) / denominator;
}

uint64_t tax_due(const struct country *country, uint64_t reduced_cents,
                 const struct pricing *pricing) {
    uint64_t discount_cents = pricing->loyalty_discount_cents + pricing->coupon_discount_cents;
    uint64_t spread_over_cents = pricing->goods_cents - pricing->volume_discount_cents;
    uint64_t reduced_net_cents =
        reduced_cents - in_proportion(discount_cents, reduced_cents, spread_over_cents);
    uint64_t standard_net_cents = pricing_net_cents(pricing) - reduced_net_cents;
    return share_of(reduced_net_cents, country->reduced_tax_bp) +
           share_of(standard_net_cents + pricing->shipping_cents, country->standard_tax_bp);
}

static bool is_throw_away(const char *email) {
    static const char *const domains[] = {"throwaway.example", "tenminutes.example"};
    const char *domain = strchr(email, '@');
    for (size_t i = 0; domain != NULL && i < sizeof(domains) / sizeof(domains[0]); i++) {
        if (strcmp(domain + 1, domains[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool has_large_quantity(const struct order *order) {
    for (size_t i = 0; i < order->item_count; i++) {
        if (order->items[i].quantity >= MANY_PIECES) {
            return true;
        }
    }
    return false;
}

uint32_t fraud_points(const struct order *order, uint64_t total_cents) {
    uint32_t points = 0;
    points += total_cents >= LARGE_TOTAL_CENTS ? FRAUD_POINTS_LARGE_TOTAL : 0;
    points += total_cents >= VERY_LARGE_TOTAL_CENTS ? FRAUD_POINTS_VERY_LARGE_TOTAL : 0;
    if (order->customer.tier == CUSTOMER_NEW) {
        points += FRAUD_POINTS_NEW_CUSTOMER;
        points += order->priority == ORDER_HIGH ? FRAUD_POINTS_URGENT_AND_NEW : 0;
    }
    points += has_large_quantity(order) ? FRAUD_POINTS_LARGE_QUANTITY : 0;
    points += is_throw_away(order->customer.email) ? FRAUD_POINTS_THROW_AWAY_EMAIL : 0;
    return points;
}
