/*
 * order_queue_naive.c - a list that is kept sorted by priority.
 *
 *   first ──> High ──> High ──> Medium ──> Low        pop takes the first
 *                          ^ a High one is pushed here: behind those that may go before it
 *
 * FAULT sorted-list: to push an order is to walk past all that go before it, with the lock of the
 * channel held; and each is put into a node that is allocated for it and freed again. The walk
 * shows in times alone: how long it is depends on how many orders wait, so no function is called
 * on the way that would be counted differently from run to run.
 */
#include "common/memory.h"
#include "orders/order_processor_naive.h"

#include <stdlib.h>

struct waiting_order {
    struct waiting_order *next;
    enum order_priority priority;
    struct queued_item item;
};

struct sorted_queue {
    struct item_queue base;
    struct waiting_order *first;
};

static void push(struct item_queue *base, struct queued_item item) {
    struct sorted_queue *queue = (struct sorted_queue *)base;
    struct waiting_order *waiting = memory_allocate(sizeof(*waiting));
    const struct order_result *accepted = item.value;
    enum order_priority priority = accepted->order->priority;
    struct waiting_order **place = &queue->first;
    while (*place != NULL && (*place)->priority <= priority) {
        place = &(*place)->next;
    }
    *waiting = (struct waiting_order){*place, priority, item};
    *place = waiting;
}

static struct queued_item pop(struct item_queue *base) {
    struct sorted_queue *queue = (struct sorted_queue *)base;
    struct waiting_order *first = queue->first;
    struct queued_item item = first->item;
    queue->first = first->next;
    free(first);
    return item;
}

static void free_queue(struct item_queue *base) {
    free(base);
}

struct item_queue *naive_order_queue_new(size_t capacity) {
    (void)capacity; /* a list has no end */
    static const struct item_queue_kind kind = {push, pop, free_queue};
    struct sorted_queue *queue = memory_allocate(sizeof(*queue));
    *queue = (struct sorted_queue){.base = {&kind}};
    return &queue->base;
}
