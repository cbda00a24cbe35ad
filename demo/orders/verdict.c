/*
 * verdict.c - see verdict.h.
 */
#include "orders/verdict.h"

#include "common/memory.h"

#include <inttypes.h>

const char *order_problem_name(enum order_problem problem) {
    static const char *const names[ORDER_PROBLEMS] = {
        [ORDER_VALID] = "valid",
        [ORDER_MALFORMED_EMAIL] = "malformed-email",
        [ORDER_UNKNOWN_COUNTRY] = "unknown-country",
        [ORDER_UNKNOWN_COUPON] = "unknown-coupon",
        [ORDER_NO_ITEMS] = "no-items",
        [ORDER_TOO_MANY_ITEMS] = "too-many-items",
        [ORDER_UNKNOWN_SKU] = "unknown-sku",
        [ORDER_BAD_QUANTITY] = "bad-quantity",
        [ORDER_WRONG_PRICE] = "wrong-price",
        [ORDER_DUPLICATE_ITEM] = "duplicate-item",
    };
    return names[problem];
}

static char *describe_item(struct order_verdict verdict, const struct order_item *item) {
    switch (verdict.problem) {
    case ORDER_UNKNOWN_SKU:
        return memory_format("items[%" PRIu32 "].sku: '%s' is not in the catalogue", verdict.item,
                             item->sku);
    case ORDER_BAD_QUANTITY:
        return memory_format("items[%" PRIu32 "].quantity: %" PRIu32 " is not from 1 to %d",
                             verdict.item, item->quantity, ORDER_LARGEST_QUANTITY);
    case ORDER_WRONG_PRICE:
        return memory_format("items[%" PRIu32 "].unit_price_cents: %" PRIu64
                             " is not the catalogue's %" PRIu64,
                             verdict.item, item->unit_price_cents, verdict.expected);
    default: /* ORDER_DUPLICATE_ITEM */
        return memory_format("items[%" PRIu32 "].sku: '%s' is in items[%" PRIu64 "] already",
                             verdict.item, item->sku, verdict.expected);
    }
}

char *order_verdict_describe(struct order_verdict verdict, const struct order *order) {
    switch (verdict.problem) {
    case ORDER_VALID:
        return memory_format("valid");
    case ORDER_MALFORMED_EMAIL:
        return memory_format("customer.email: '%s' is no e-mail address", order->customer.email);
    case ORDER_UNKNOWN_COUNTRY:
        return memory_format("customer.country: '%s' is none that is delivered to",
                             order->customer.country);
    case ORDER_UNKNOWN_COUPON:
        return memory_format("coupon: there is no '%s'", order->coupon);
    case ORDER_NO_ITEMS:
        return memory_format("items: there are none");
    case ORDER_TOO_MANY_ITEMS:
        return memory_format("items: %zu are more than %d", order->item_count, ORDER_MOST_ITEMS);
    default:
        return describe_item(verdict, &order->items[verdict.item]);
    }
}
