/*
 * sample_order.c - see sample_order.h.
 */
#include "sample_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void set_text(char *field, size_t size_bytes, const char *text) {
    snprintf(field, size_bytes, "%s", text);
}

struct order_item sample_item(const char *sku, uint32_t quantity) {
    struct order_item item = {.quantity = quantity};
    set_text(item.sku, sizeof(item.sku), sku);
    for (size_t i = 0; i < CATALOGUE_SIZE; i++) {
        if (strcmp(catalogue[i].sku, sku) == 0) {
            item.unit_price_cents = catalogue[i].price_cents;
        }
    }
    return item;
}

struct order *sample_order(size_t item_count) {
    struct order *order = order_new(item_count);
    order->id = 1;
    order->priority = ORDER_MEDIUM;
    order->customer = (struct order_customer){7, "ada@mail.example", "DE", CUSTOMER_REGULAR};
    for (size_t i = 0; i < item_count; i++) {
        order->items[i] = sample_item(catalogue[i].sku, 1);
    }
    return order;
}

struct order_processor *new_order_processor(int which) {
    return which == 0 ? naive_order_processor_new() : optimised_order_processor_new();
}
