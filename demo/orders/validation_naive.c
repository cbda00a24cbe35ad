/*
 * validation_naive.c - what is wrong with an order, in the order of enum order_problem.
 *
 * FAULT pairwise-duplicates: to find out whether two items are of one product, each is compared
 * with all that come before it.
 */
#include "orders/order_processor_naive.h"

#include <string.h>

static struct order_verdict validate_customer(const struct order *order) {
    struct country country;
    enum order_problem problem = ORDER_VALID;
    if (!is_email_valid(order->customer.email)) {
        problem = ORDER_MALFORMED_EMAIL;
    } else if (!country_find(order->customer.country, &country)) {
        problem = ORDER_UNKNOWN_COUNTRY;
    } else if (order->coupon[0] != '\0' && coupon_find(order->coupon) == NULL) {
        problem = ORDER_UNKNOWN_COUPON;
    } else if (order->item_count == 0) {
        problem = ORDER_NO_ITEMS;
    } else if (order->item_count > ORDER_MOST_ITEMS) {
        problem = ORDER_TOO_MANY_ITEMS;
    }
    return (struct order_verdict){.problem = problem};
}

static struct order_verdict validate_item(const struct order_item *item, uint32_t number) {
    const struct product *product = product_find(item->sku);
    struct order_verdict verdict = {.item = number};
    if (product == NULL) {
        verdict.problem = ORDER_UNKNOWN_SKU;
    } else if (item->quantity < 1 || item->quantity > ORDER_LARGEST_QUANTITY) {
        verdict.problem = ORDER_BAD_QUANTITY;
    } else if (item->unit_price_cents != product->price_cents) {
        verdict.problem = ORDER_WRONG_PRICE;
        verdict.expected = product->price_cents;
    }
    return verdict;
}

/* A function of its own, so that a profile has the number of comparisons. */
static bool is_same_product(const struct order_item *one, const struct order_item *other) {
    return strcmp(one->sku, other->sku) == 0;
}

static struct order_verdict find_duplicate(const struct order *order) {
    for (uint32_t later = 1; later < order->item_count; later++) {
        for (uint32_t earlier = 0; earlier < later; earlier++) {
            if (is_same_product(&order->items[earlier], &order->items[later])) {
                return (struct order_verdict){ORDER_DUPLICATE_ITEM, later, earlier};
            }
        }
    }
    return (struct order_verdict){.problem = ORDER_VALID};
}

struct order_verdict validate_order(const struct order *order) {
    struct order_verdict verdict = validate_customer(order);
    for (uint32_t i = 0; verdict.problem == ORDER_VALID && i < order->item_count; i++) {
        verdict = validate_item(&order->items[i], i);
    }
    return verdict.problem == ORDER_VALID ? find_duplicate(order) : verdict;
}
