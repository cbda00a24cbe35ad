/*
 * test_order_queue.c - both queues hand out High before Medium before Low, and first in, first out
 * among those of one priority: compared with a list that is searched.
 */
#include "common/random.h"
#include "sample_order.h"

#include <criterion/criterion.h>

enum { CAPACITY = 50 };

/* What is in the queue, in the order in which it came. */
struct reference {
    struct order_result *waiting[CAPACITY];
    size_t count;
};

static struct order_result *reference_pop(struct reference *reference) {
    size_t best = 0;
    for (size_t i = 1; i < reference->count; i++) {
        if (reference->waiting[i]->order->priority < reference->waiting[best]->order->priority) {
            best = i;
        }
    }
    struct order_result *next = reference->waiting[best];
    reference->count--;
    for (size_t i = best; i < reference->count; i++) {
        reference->waiting[i] = reference->waiting[i + 1];
    }
    return next;
}

static struct order_result *new_waiting(enum order_priority priority) {
    struct order *order = sample_order(1);
    order->priority = priority;
    return order_result_new(order);
}

static void push_to_both(struct item_queue *queue, struct reference *reference,
                         struct order_result *waiting, uint64_t queued_at_ns) {
    queue->kind->push(queue, (struct queued_item){waiting, queued_at_ns});
    waiting->waited_ns = queued_at_ns; /* to be compared when it is popped */
    reference->waiting[reference->count++] = waiting;
}

static void pop_from_both(struct item_queue *queue, struct reference *reference) {
    struct queued_item item = queue->kind->pop(queue);
    struct order_result *expected = reference_pop(reference);
    cr_assert_eq(item.value, expected);
    cr_assert_eq(item.queued_at_ns, expected->waited_ns);
    order_result_free(expected);
}

static void check_random_pushes_and_pops(int which, uint64_t seed) {
    struct order_processor *processor = new_order_processor(which);
    struct item_queue *queue = order_queue_new(processor, CAPACITY);
    struct random_generator random = random_seeded(seed);
    struct reference reference = {.count = 0};
    for (uint64_t step = 0; step < 5000; step++) {
        /* The queue fills up and runs empty by turns. */
        bool filling = step / 200 % 2 == 0;
        bool push = random_below(&random, 10) < (filling ? 7U : 3U);
        if (push && reference.count < CAPACITY) {
            push_to_both(queue, &reference, new_waiting(random_below(&random, ORDER_PRIORITIES)),
                         step);
        } else if (!push && reference.count > 0) {
            pop_from_both(queue, &reference);
        }
    }
    while (reference.count > 0) {
        pop_from_both(queue, &reference);
    }
    queue->kind->free(queue);
    order_processor_free(processor);
}

Test(order_queue, random_pushes_and_pops) {
    for (uint64_t seed = 0; seed < 5; seed++) {
        check_random_pushes_and_pops(0, seed);
        check_random_pushes_and_pops(1, seed);
    }
}

/* A queue of one priority alone may take up all there is; a rendezvous still needs room for one. */
Test(order_queue, each_priority_may_fill_it) {
    for (int which = 0; which < PROCESSORS; which++) {
        struct order_processor *processor = new_order_processor(which);
        for (size_t capacity = 0; capacity <= CAPACITY; capacity += CAPACITY) {
            struct item_queue *queue = order_queue_new(processor, capacity);
            for (enum order_priority priority = ORDER_HIGH; priority <= ORDER_LOW; priority++) {
                struct reference reference = {.count = 0};
                do {
                    push_to_both(queue, &reference, new_waiting(priority), reference.count);
                } while (reference.count < capacity);
                while (reference.count > 0) {
                    pop_from_both(queue, &reference);
                }
            }
            queue->kind->free(queue);
        }
        order_processor_free(processor);
    }
}
