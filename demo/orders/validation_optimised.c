/*
 * validation_optimised.c - what is wrong with an order; and what it refers to, so that the rules
 * need not look it up again.
 *
 * Each product remembers, for the length of a call, which item it was in: an item whose product was
 * in one already is a duplicate.
 */
#include "orders/order_processor_optimised.h"

#include <string.h>

static enum order_problem validate_customer(const struct country_index *countries,
                                            const struct order *order, struct order_facts *facts) {
    if (!optimised_is_email_valid(order->customer.email)) {
        return ORDER_MALFORMED_EMAIL;
    }
    facts->country = optimised_country_find(countries, order->customer.country);
    if (facts->country == NULL) {
        return ORDER_UNKNOWN_COUNTRY;
    }
    facts->coupon = order->coupon[0] != '\0' ? coupon_find(order->coupon) : NULL;
    if (order->coupon[0] != '\0' && facts->coupon == NULL) {
        return ORDER_UNKNOWN_COUPON;
    }
    if (order->item_count == 0) {
        return ORDER_NO_ITEMS;
    }
    return order->item_count <= ORDER_MOST_ITEMS ? ORDER_VALID : ORDER_TOO_MANY_ITEMS;
}

static struct order_verdict validate_item(const struct order_item *item, uint32_t number,
                                          const struct product *product) {
    if (product == NULL) {
        return (struct order_verdict){ORDER_UNKNOWN_SKU, number, 0};
    }
    if (item->quantity < 1 || item->quantity > ORDER_LARGEST_QUANTITY) {
        return (struct order_verdict){ORDER_BAD_QUANTITY, number, 0};
    }
    if (item->unit_price_cents != product->price_cents) {
        return (struct order_verdict){ORDER_WRONG_PRICE, number, product->price_cents};
    }
    return (struct order_verdict){ORDER_VALID, 0, 0};
}

static struct order_verdict find_duplicate(const struct order *order,
                                           const struct order_facts *facts) {
    unsigned char item_of_product[CATALOGUE_SIZE] = {0}; /* from 1; 0: none so far */
    for (uint32_t i = 0; i < order->item_count; i++) {
        unsigned char *earlier = &item_of_product[facts->products[i] - catalogue];
        if (*earlier != 0) {
            return (struct order_verdict){ORDER_DUPLICATE_ITEM, i, *earlier - 1U};
        }
        *earlier = (unsigned char)(i + 1);
    }
    return (struct order_verdict){ORDER_VALID, 0, 0};
}

static struct order_verdict validate_order(const struct product_index *products,
                                           const struct country_index *countries,
                                           const struct order *order, struct order_facts *facts) {
    struct order_verdict verdict = {.problem = validate_customer(countries, order, facts)};
    for (uint32_t i = 0; verdict.problem == ORDER_VALID && i < order->item_count; i++) {
        facts->products[i] = optimised_product_find(products, order->items[i].sku);
        verdict = validate_item(&order->items[i], i, facts->products[i]);
    }
    return verdict.problem == ORDER_VALID ? find_duplicate(order, facts) : verdict;
}

struct order_verdict (*const optimised_validate_order)(const struct product_index *,
                                                       const struct country_index *,
                                                       const struct order *,
                                                       struct order_facts *) = validate_order;
