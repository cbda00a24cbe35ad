/*
 * fifo_queue.c - see item_queue.h.
 *
 *   items: [ . . a b c . . ]      first: a      count: 3
 *
 * The next is pushed behind c; behind the last place comes the first.
 */
#include "common/item_queue.h"

#include "common/memory.h"

#include <stdlib.h>

struct fifo_queue {
    struct item_queue base;
    size_t capacity, first, count;
    struct queued_item items[];
};

static void push(struct item_queue *base, struct queued_item item) {
    struct fifo_queue *queue = (struct fifo_queue *)base;
    queue->items[(queue->first + queue->count) % queue->capacity] = item;
    queue->count++;
}

static struct queued_item pop(struct item_queue *base) {
    struct fifo_queue *queue = (struct fifo_queue *)base;
    struct queued_item item = queue->items[queue->first];
    queue->first = (queue->first + 1) % queue->capacity;
    queue->count--;
    return item;
}

static void free_queue(struct item_queue *base) {
    free(base);
}

struct item_queue *fifo_queue_new(size_t capacity) {
    static const struct item_queue_kind kind = {push, pop, free_queue};
    capacity = capacity > 0 ? capacity : 1;
    struct fifo_queue *queue =
        memory_allocate_with_items(sizeof(*queue), capacity, sizeof(queue->items[0]));
    *queue = (struct fifo_queue){.base = {&kind}, .capacity = capacity};
    return &queue->base;
}
