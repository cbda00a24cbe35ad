/*
 * rules_optimised.c - the price of an order: one rule after the other, with what validation found.
 */
#include "orders/order_processor_optimised.h"
#include "orders/rules.h"

static void rule_coupon(const struct order_facts *facts, struct pricing *pricing) {
    if (facts->coupon != NULL) {
        apply_coupon(facts->coupon, pricing);
    }
}

static void rule_shipping(const struct order *order, const struct order_facts *facts,
                          struct pricing *pricing) {
    uint64_t weight_grams = 0;
    for (size_t i = 0; i < order->item_count; i++) {
        weight_grams += (uint64_t)facts->products[i]->weight_grams * order->items[i].quantity;
    }
    pricing->shipping_cents = shipping_cost(facts->country, order->priority, weight_grams, pricing);
}

static void rule_tax(const struct order *order, const struct order_facts *facts,
                     struct pricing *pricing) {
    uint64_t reduced_cents = 0;
    for (size_t i = 0; i < order->item_count; i++) {
        const struct order_item *item = &order->items[i];
        if (facts->products[i]->tax_class == TAX_REDUCED) {
            reduced_cents += item->unit_price_cents * item->quantity - volume_discount(item);
        }
    }
    pricing->tax_cents = tax_due(facts->country, reduced_cents, pricing);
}

static struct pricing price_order(const struct order *order, const struct order_facts *facts) {
    struct pricing pricing = pricing_of_goods(order);
    rule_volume_discount(order, &pricing);
    rule_loyalty_discount(order, &pricing);
    rule_coupon(facts, &pricing);
    rule_shipping(order, facts, &pricing);
    rule_tax(order, facts, &pricing);
    rule_fraud_score(order, &pricing);
    return pricing;
}

struct pricing (*const optimised_price_order)(const struct order *,
                                              const struct order_facts *) = price_order;
void (*const optimised_rule_coupon)(const struct order_facts *, struct pricing *) = rule_coupon;
void (*const optimised_rule_shipping)(const struct order *, const struct order_facts *,
                                      struct pricing *) = rule_shipping;
void (*const optimised_rule_tax)(const struct order *, const struct order_facts *,
                                 struct pricing *) = rule_tax;
