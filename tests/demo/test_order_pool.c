/*
 * test_order_pool.c - pools of both processors: each order that was accepted has one result, the
 * urgent ones go first, the counters add up, and stopping ends all threads.
 */
#include "orders/order_generator.h"
#include "orders/order_pool.h"
#include "sample_order.h"
#include "thread_count.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ORDERS = 300, SEED = 4 };

/* What the consumer was given, by id from 1 on. */
struct deliveries {
    unsigned counts[ORDERS + 1];
    enum order_status statuses[ORDERS + 1];
    uint64_t ids[ORDERS]; /* in the order in which they came */
    size_t count;
    bool gated;
    sem_t begun, gate; /* the consumer says that it has a result, and waits for the gate */
};

static void note_delivery(void *context, const struct order_result *result) {
    struct deliveries *deliveries = context;
    if (deliveries->gated) {
        sem_post(&deliveries->begun);
        sem_wait(&deliveries->gate);
        sem_post(&deliveries->gate);
    }
    deliveries->counts[result->order->id]++;
    deliveries->statuses[result->order->id] = result->status;
    deliveries->ids[deliveries->count++] = result->order->id;
}

struct fixture {
    struct order_processor *processor;
    struct order_pool *pool;
    struct deliveries deliveries;
};

static struct fixture *start(int which, size_t workers, size_t capacity, bool gated) {
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    fixture->processor = new_order_processor(which);
    fixture->deliveries.gated = gated;
    sem_init(&fixture->deliveries.begun, 0, 0);
    sem_init(&fixture->deliveries.gate, 0, 0);
    struct order_pool_config config = {.processor = fixture->processor,
                                       .workers = workers,
                                       .capacity = capacity,
                                       .deliver = note_delivery,
                                       .context = &fixture->deliveries};
    cr_assert_eq(order_pool_start(&config, &fixture->pool), 0);
    return fixture;
}

static void finish(struct fixture *fixture) {
    order_pool_free(fixture->pool);
    order_processor_free(fixture->processor);
    free(fixture);
}

static int submit(struct fixture *fixture, struct order *order, uint64_t timeout_ns) {
    int error = order_pool_submit(fixture->pool, order, timeout_ns);
    order_release(order);
    return error;
}

static void submit_generated(struct fixture *fixture, uint64_t first, uint64_t last) {
    for (uint64_t id = first; id <= last; id++) {
        cr_assert_eq(submit(fixture, generated_order(SEED, id), CHANNEL_FOREVER), 0);
    }
}

static void check_metrics(struct fixture *fixture) {
    struct order_metrics metrics;
    uint64_t statuses[ORDER_CANCELLED + 1] = {0}, priorities[ORDER_PRIORITIES] = {0};
    for (uint64_t id = 1; id <= ORDERS; id++) {
        struct order *order = generated_order(SEED, id);
        statuses[fixture->deliveries.statuses[id]]++;
        priorities[order->priority]++;
        order_release(order);
    }
    order_pool_metrics(fixture->pool, &metrics);
    cr_assert_eq(metrics.processed, ORDERS);
    cr_assert_eq(metrics.succeeded, statuses[ORDER_ACCEPTED] + statuses[ORDER_HELD]);
    cr_assert_eq(metrics.failed, statuses[ORDER_FAILED]);
    cr_assert_eq(metrics.cancelled, 0);
    cr_assert_eq(metrics.processing.count, ORDERS);
    cr_assert_eq(metrics.blocked.count, ORDERS);
    cr_assert_geq(metrics.processing.sum_ns, metrics.processing.largest_ns);
    for (int i = 0; i < ORDER_PRIORITIES; i++) {
        cr_assert_eq(metrics.queue_wait[i].count, priorities[i]);
        cr_assert_geq(metrics.queue_wait[i].sum_ns, metrics.queue_wait[i].largest_ns);
    }
}

static void draining_delivers_each_order(int which, size_t workers, size_t capacity) {
    struct fixture *fixture = start(which, workers, capacity, false);
    submit_generated(fixture, 1, ORDERS);
    order_pool_stop(fixture->pool, WORKER_POOL_DRAIN);
    for (uint64_t id = 1; id <= ORDERS; id++) {
        cr_assert_eq(fixture->deliveries.counts[id], 1);
        cr_assert(fixture->deliveries.statuses[id] == ORDER_ACCEPTED ||
                  fixture->deliveries.statuses[id] == ORDER_HELD ||
                  fixture->deliveries.statuses[id] == ORDER_FAILED);
    }
    check_metrics(fixture);
    cr_assert_eq(submit(fixture, sample_order(1), CHANNEL_FOREVER), -ESHUTDOWN);
    order_pool_stop(fixture->pool, WORKER_POOL_DRAIN);
    finish(fixture);
}

Test(order_pool, draining_delivers_each_order) {
    for (int which = 0; which < PROCESSORS; which++) {
        draining_delivers_each_order(which, 1, 1);
        draining_delivers_each_order(which, 10, 100);
        draining_delivers_each_order(which, 4, 0);
        draining_delivers_each_order(which, 3, ORDERS);
    }
}

static struct order *numbered_order(uint64_t id, enum order_priority priority) {
    struct order *order = sample_order(1);
    order->id = id;
    order->priority = priority;
    return order;
}

static void wait_until_processed(struct fixture *fixture, uint64_t count) {
    struct order_metrics metrics;
    do {
        order_pool_metrics(fixture->pool, &metrics);
    } while (metrics.processed < count);
}

/*
 * A pool of one worker whose queue is full, and nothing moves: the consumer holds the first result
 * at the gate, the second fills the results, the worker has the third at hand and cannot give it
 * away. The fourth order is in the queue.
 */
enum { STUCK = 3, STUCK_CAPACITY = 1 };

static struct fixture *start_stuck(int which) {
    struct fixture *fixture = start(which, 1, STUCK_CAPACITY, true);
    for (uint64_t id = 1; id <= STUCK + STUCK_CAPACITY; id++) {
        cr_assert_eq(submit(fixture, numbered_order(id, ORDER_MEDIUM), CHANNEL_FOREVER), 0);
    }
    sem_wait(&fixture->deliveries.begun);
    wait_until_processed(fixture, STUCK);
    return fixture;
}

Test(order_pool, full_queue_refuses_or_times_out) {
    for (int which = 0; which < PROCESSORS; which++) {
        struct fixture *fixture = start_stuck(which);
        struct order *order = numbered_order(9, ORDER_HIGH);
        cr_assert_eq(order_pool_submit(fixture->pool, order, CHANNEL_NO_WAIT), -EAGAIN);
        cr_assert_eq(order_pool_submit(fixture->pool, order, 1000000), -ETIMEDOUT);
        cr_assert_eq(atomic_load(&order->references), 1); /* the caller's */
        struct order_metrics metrics;
        order_pool_metrics(fixture->pool, &metrics); /* while all of it is stuck */
        cr_assert_eq(metrics.blocked.count, STUCK + STUCK_CAPACITY + 2);
        cr_assert_geq(metrics.blocked.largest_ns, 1000000);
        sem_post(&fixture->deliveries.gate);
        cr_assert_eq(submit(fixture, order, CHANNEL_FOREVER), 0);
        order_pool_stop(fixture->pool, WORKER_POOL_DRAIN);
        cr_assert_eq(fixture->deliveries.count, STUCK + STUCK_CAPACITY + 1);
        cr_assert_eq(fixture->deliveries.counts[9], 1);
        finish(fixture);
    }
}

/* Waits until the pool accepts no more, and lets the consumer go on. */
static void *open_gate(void *argument) {
    struct fixture *fixture = argument;
    struct order *late = numbered_order(0, ORDER_LOW);
    while (order_pool_submit(fixture->pool, late, CHANNEL_NO_WAIT) != -ESHUTDOWN) {
    }
    order_release(late);
    sem_post(&fixture->deliveries.gate);
    return NULL;
}

Test(order_pool, cancelled_orders_are_delivered_as_such) {
    for (int which = 0; which < PROCESSORS; which++) {
        struct fixture *fixture = start_stuck(which);
        pthread_t thread;
        cr_assert_eq(pthread_create(&thread, NULL, open_gate, fixture), 0);
        order_pool_stop(fixture->pool, WORKER_POOL_CANCEL);
        cr_assert_eq(pthread_join(thread, NULL), 0);
        cr_assert_eq(fixture->deliveries.count, STUCK + STUCK_CAPACITY);
        for (uint64_t id = 1; id <= STUCK + STUCK_CAPACITY; id++) {
            cr_assert_eq(fixture->deliveries.statuses[id],
                         id <= STUCK ? ORDER_ACCEPTED : ORDER_CANCELLED);
        }
        struct order_metrics metrics;
        order_pool_metrics(fixture->pool, &metrics);
        cr_assert_eq(metrics.processed, STUCK);
        cr_assert_eq(metrics.cancelled, STUCK_CAPACITY);
        finish(fixture);
    }
}

/* With one worker that is stuck while the others come, they leave in the order of the queue. */
Test(order_pool, urgent_orders_go_first) {
    for (int which = 0; which < PROCESSORS; which++) {
        enum { QUEUED = 9 };
        struct fixture *fixture = start(which, 1, QUEUED, true);
        uint64_t id = 1;
        /* The results have room for as many as the queue, then the worker has one at hand. */
        for (; id <= 1 + QUEUED + 1; id++) {
            cr_assert_eq(submit(fixture, numbered_order(id, ORDER_HIGH), CHANNEL_FOREVER), 0);
        }
        wait_until_processed(fixture, id - 1);
        for (; id <= 1 + QUEUED + 1 + QUEUED; id++) {
            cr_assert_eq(submit(fixture, numbered_order(id, 2 - id % 3), CHANNEL_NO_WAIT), 0);
        }
        sem_post(&fixture->deliveries.gate);
        order_pool_stop(fixture->pool, WORKER_POOL_DRAIN);
        /* Ids 12 to 20: Low, Medium, High, ... */
        static const uint64_t expected[QUEUED] = {14, 17, 20, 13, 16, 19, 12, 15, 18};
        cr_assert_eq(fixture->deliveries.count, 1 + QUEUED + 1 + QUEUED);
        cr_assert_eq(memcmp(fixture->deliveries.ids + 1 + QUEUED + 1, expected, sizeof(expected)),
                     0);
        finish(fixture);
    }
}

Test(order_pool, no_thread_is_left) {
    enum { WORKERS = 6 };
    for (int which = 0; which < PROCESSORS; which++) {
        struct fixture *fixture = start(which, WORKERS, 10, false);
        size_t others = threads_of_this_process() - WORKERS - 1; /* the consumer */
        submit_generated(fixture, 1, ORDERS);
        order_pool_stop(fixture->pool, WORKER_POOL_DRAIN);
        cr_assert_eq(threads_once_at_most(others), others);
        finish(fixture);
        cr_assert_gt(others, 0);
    }
}

Test(order_pool, payment_takes_longer_for_less_urgent_orders) {
    struct order_processor *processor = new_order_processor(1);
    struct deliveries deliveries = {.count = 0};
    struct order_pool *pool;
    struct order_pool_config config = {.processor = processor,
                                       .workers = 3,
                                       .capacity = 3,
                                       .payment_ns = 2000000,
                                       .deliver = note_delivery,
                                       .context = &deliveries};
    cr_assert_eq(order_pool_start(&config, &pool), 0);
    for (enum order_priority priority = ORDER_HIGH; priority <= ORDER_LOW; priority++) {
        struct order *order = numbered_order(1, priority);
        cr_assert_eq(order_pool_submit(pool, order, CHANNEL_FOREVER), 0);
        order_release(order);
    }
    order_pool_stop(pool, WORKER_POOL_DRAIN);
    struct order_metrics metrics;
    order_pool_metrics(pool, &metrics);
    cr_assert_geq(metrics.processing.largest_ns, 6000000); /* slept: it cannot be less */
    cr_assert_geq(metrics.processing.sum_ns, 12000000);
    order_pool_free(pool);
    order_processor_free(processor);
}

/* A sanitizer's shadow needs more addresses than any limit leaves. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
Test(order_pool, too_many_threads_are_refused_and_none_is_left) {
    size_t before = threads_of_this_process();
    struct order_processor *processor = new_order_processor(0);
    struct order_pool_config config = {
        .processor = processor, .workers = 10000, .capacity = 1, .deliver = note_delivery};
    struct rlimit limit = {(rlim_t)1 << 31, (rlim_t)1 << 31}; /* room for some 200 stacks */
    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
    struct order_pool *pool;
    cr_assert_eq(order_pool_start(&config, &pool), -EAGAIN);
    cr_assert_eq(threads_once_at_most(before), before);
    order_processor_free(processor);
}
#endif
