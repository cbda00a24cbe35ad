/*
 * item_queue.h - who is next: the order in which a channel hands out what is in it.
 *
 * A queue only keeps items; its channel does the locking, the waiting and the counting, and never
 * pushes more than the channel's capacity (or one, if that is 0), nor pops from an empty queue.
 * What is left when the queue is freed is nobody's any more: the channel is emptied before.
 *
 * A kind of queue begins with struct item_queue, so that a pointer to it is a pointer to both.
 */
#ifndef TALLY_DEMO_ITEM_QUEUE_H
#define TALLY_DEMO_ITEM_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct queued_item {
    void *value;
    uint64_t queued_at_ns; /* when it was put, by monotonic_now_ns() */
};

struct item_queue {
    const struct item_queue_kind *kind;
};

struct item_queue_kind {
    void (*push)(struct item_queue *queue, struct queued_item item);
    struct queued_item (*pop)(struct item_queue *queue);
    void (*free)(struct item_queue *queue);
};

/* First in, first out: a ring of `capacity` items, or of one if that is 0. */
struct item_queue *fifo_queue_new(size_t capacity);

#endif
