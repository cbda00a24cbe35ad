/*
 * rules.c - see rules.h.
 */
#include "orders/rules.h"

void rule_volume_discount(const struct order *order, struct pricing *pricing) {
    for (size_t i = 0; i < order->item_count; i++) {
        pricing->volume_discount_cents += volume_discount(&order->items[i]);
    }
}

void rule_loyalty_discount(const struct order *order, struct pricing *pricing) {
    pricing->loyalty_discount_cents =
        loyalty_discount(order->customer.tier, pricing_net_cents(pricing));
}

void rule_fraud_score(const struct order *order, struct pricing *pricing) {
    pricing->fraud_score = fraud_points(order, pricing_total_cents(pricing));
}

struct pricing pricing_of_goods(const struct order *order) {
    struct pricing pricing = {.goods_cents = 0};
    for (size_t i = 0; i < order->item_count; i++) {
        pricing.goods_cents += order->items[i].unit_price_cents * order->items[i].quantity;
    }
    return pricing;
}
