/*
 * order.c - see order.h.
 */
#include "orders/order.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

const char *order_priority_name(enum order_priority priority) {
    static const char *const names[ORDER_PRIORITIES] = {"High", "Medium", "Low"};
    return names[priority];
}

struct order *order_new(size_t item_count) {
    struct order *order =
        memory_allocate_with_items(sizeof(*order), item_count, sizeof(order->items[0]));
    memset(order, 0, sizeof(*order) + item_count * sizeof(order->items[0]));
    atomic_init(&order->references, 1);
    order->item_count = item_count;
    return order;
}

struct order *order_copy(const struct order *order) {
    struct order *copy = order_new(order->item_count);
    copy->id = order->id;
    copy->priority = order->priority;
    copy->customer = order->customer;
    memcpy(copy->coupon, order->coupon, sizeof(copy->coupon));
    memcpy(copy->items, order->items, order->item_count * sizeof(order->items[0]));
    return copy;
}

struct order *order_share(struct order *order) {
    atomic_fetch_add(&order->references, 1);
    return order;
}

void order_release(struct order *order) {
    if (atomic_fetch_sub(&order->references, 1) == 1) {
        free(order);
    }
}
