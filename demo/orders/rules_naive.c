/*
 * rules_naive.c - the price of an order: one rule after the other, in the order of a list of names.
 *
 * FAULT rules-by-name: each rule is looked up for each order, by comparing its name with those of
 * all rules, although the list never changes.
 *
 * The rules that need a product or the country look it up: faults linear-catalogue, parsed-table.
 */
#include "orders/order_processor_naive.h"
#include "orders/rules.h"

#include <string.h>

void rule_coupon(const struct order *order, struct pricing *pricing) {
    if (order->coupon[0] != '\0') {
        apply_coupon(coupon_find(order->coupon), pricing);
    }
}

void rule_shipping(const struct order *order, struct pricing *pricing) {
    struct country country;
    uint64_t weight_grams = 0;
    for (size_t i = 0; i < order->item_count; i++) {
        const struct order_item *item = &order->items[i];
        weight_grams += (uint64_t)product_find(item->sku)->weight_grams * item->quantity;
    }
    country_find(order->customer.country, &country);
    pricing->shipping_cents = shipping_cost(&country, order->priority, weight_grams, pricing);
}

void rule_tax(const struct order *order, struct pricing *pricing) {
    struct country country;
    uint64_t reduced_cents = 0;
    for (size_t i = 0; i < order->item_count; i++) {
        const struct order_item *item = &order->items[i];
        if (product_find(item->sku)->tax_class == TAX_REDUCED) {
            reduced_cents += item->unit_price_cents * item->quantity - volume_discount(item);
        }
    }
    country_find(order->customer.country, &country);
    pricing->tax_cents = tax_due(&country, reduced_cents, pricing);
}

struct rule {
    const char *name;
    void (*apply)(const struct order *order, struct pricing *pricing);
};

static const struct rule rules[] = {
    {"coupon", rule_coupon},
    {"fraud-score", rule_fraud_score},
    {"loyalty-discount", rule_loyalty_discount},
    {"shipping", rule_shipping},
    {"tax", rule_tax},
    {"volume-discount", rule_volume_discount},
};

/* In which order they apply. */
static const char *const rule_names[] = {
    "volume-discount", "loyalty-discount", "coupon", "shipping", "tax", "fraud-score",
};

/* A function of its own, so that a profile has the number of comparisons. */
static bool rule_matches(const struct rule *rule, const char *name) {
    return strcmp(rule->name, name) == 0;
}

static const struct rule *rule_find(const char *name) {
    const struct rule *rule = rules;
    while (!rule_matches(rule, name)) { /* all names are those of rules */
        rule++;
    }
    return rule;
}

struct pricing price_order(const struct order *order) {
    struct pricing pricing = pricing_of_goods(order);
    for (size_t i = 0; i < sizeof(rule_names) / sizeof(rule_names[0]); i++) {
        rule_find(rule_names[i])->apply(order, &pricing);
    }
    return pricing;
}
