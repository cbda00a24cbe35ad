/*
 * order_queue_optimised.c - a ring for each priority.
 *
 *   High    [ . a b . . ]      pop takes the first of the first ring that is not empty
 *   Medium  [ . . . . . ]
 *   Low     [ c . . . d ]      d is first, c came after it
 *
 * Each ring has room for all that the channel holds: to push and to pop is to write one item and
 * move one index. Nothing is allocated after the start.
 */
#include "common/memory.h"
#include "orders/order_processor_optimised.h"

#include <stdlib.h>

struct ring {
    size_t first, count;
};

struct ring_queue {
    struct item_queue base;
    size_t capacity; /* of each ring */
    struct ring rings[ORDER_PRIORITIES];
    struct queued_item items[]; /* the rings' items, one ring after the other */
};

static void push(struct item_queue *base, struct queued_item item) {
    struct ring_queue *queue = (struct ring_queue *)base;
    const struct order_result *accepted = item.value;
    enum order_priority priority = accepted->order->priority;
    struct ring *ring = &queue->rings[priority];
    size_t end = (ring->first + ring->count++) % queue->capacity;
    queue->items[priority * queue->capacity + end] = item;
}

static struct queued_item pop(struct item_queue *base) {
    struct ring_queue *queue = (struct ring_queue *)base;
    size_t priority = ORDER_HIGH;
    while (queue->rings[priority].count == 0) {
        priority++;
    }
    struct ring *ring = &queue->rings[priority];
    struct queued_item item = queue->items[priority * queue->capacity + ring->first];
    ring->first = (ring->first + 1) % queue->capacity;
    ring->count--;
    return item;
}

static void free_queue(struct item_queue *base) {
    free(base);
}

struct item_queue *optimised_order_queue_new(size_t capacity) {
    static const struct item_queue_kind kind = {push, pop, free_queue};
    capacity = capacity > 0 ? capacity : 1;
    struct ring_queue *queue = memory_allocate_with_items(
        sizeof(*queue), capacity, ORDER_PRIORITIES * sizeof(queue->items[0]));
    *queue = (struct ring_queue){.base = {&kind}, .capacity = capacity};
    return &queue->base;
}
