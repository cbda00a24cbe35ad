/*
 * test_channel.c - channels: what comes out and in which order, who waits for whom, and what
 * becomes of those who wait when it is closed.
 *
 * That a thread waits cannot be seen, only that it has not gone on: a test lets it begin, and
 * checks what must not have happened yet. A channel that does not wait fails most of the time, one
 * that waits never.
 */
#include "common/channel.h"
#include "common/memory.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static char values[1000]; /* items are pointers to these */

static struct channel *new_channel(size_t capacity) {
    return channel_new(fifo_queue_new(capacity), capacity);
}

static void let_others_run(void) {
    nanosleep(&(struct timespec){.tv_nsec = 20 * 1000 * 1000}, NULL);
}

Test(channel, first_in_first_out_through_the_rings_end) {
    struct channel *channel = new_channel(3);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(channel_put(channel, &values[i], CHANNEL_NO_WAIT, NULL), 0);
    }
    for (int i = 3; i < 20; i++) {
        cr_assert_eq(channel_take(channel, NULL), &values[i - 3]);
        cr_assert_eq(channel_put(channel, &values[i], CHANNEL_NO_WAIT, NULL), 0);
    }
    for (int i = 17; i < 20; i++) {
        cr_assert_eq(channel_take(channel, NULL), &values[i]);
    }
    channel_free(channel);
}

Test(channel, a_full_one_refuses_or_times_out) {
    struct channel *channel = new_channel(1);
    uint64_t blocked_ns;
    cr_assert_eq(channel_put(channel, &values[0], CHANNEL_NO_WAIT, NULL), 0);
    cr_assert_eq(channel_put(channel, &values[1], CHANNEL_NO_WAIT, NULL), -EAGAIN);
    cr_assert_eq(channel_put(channel, &values[1], 2000000, &blocked_ns), -ETIMEDOUT);
    cr_assert_geq(blocked_ns, 2000000);
    cr_assert_eq(channel_take(channel, NULL), &values[0]);
    cr_assert_eq(channel_put(channel, &values[1], 2000000, NULL), 0);
    cr_assert_eq(channel_take(channel, NULL), &values[1]);
    channel_free(channel);
}

Test(channel, a_closed_one_is_emptied_and_takes_no_more) {
    struct channel *channel = new_channel(2);
    cr_assert_eq(channel_put(channel, &values[0], CHANNEL_NO_WAIT, NULL), 0);
    channel_close(channel);
    channel_close(channel);
    cr_assert_eq(channel_put(channel, &values[1], CHANNEL_NO_WAIT, NULL), -ESHUTDOWN);
    cr_assert_eq(channel_put(channel, &values[1], CHANNEL_FOREVER, NULL), -ESHUTDOWN);
    cr_assert_eq(channel_take(channel, NULL), &values[0]);
    cr_assert_null(channel_take(channel, NULL));
    cr_assert_null(channel_take(channel, NULL));
    channel_free(channel);
}

Test(channel, how_long_an_item_was_in_it_is_told) {
    struct channel *channel = new_channel(1);
    uint64_t waited_ns = 0;
    cr_assert_eq(channel_put(channel, &values[0], CHANNEL_NO_WAIT, NULL), 0);
    let_others_run();
    cr_assert_eq(channel_take(channel, &waited_ns), &values[0]);
    cr_assert_geq(waited_ns, 20 * 1000 * 1000);
    channel_free(channel);
}

/* One thread that puts, or takes, once. */
struct party {
    struct channel *channel;
    pthread_t thread;
    atomic_bool done;
    int error;   /* of a put */
    void *value; /* of a take */
};

static void *put_once(void *argument) {
    struct party *party = argument;
    party->error = channel_put(party->channel, &values[0], CHANNEL_FOREVER, NULL);
    atomic_store(&party->done, true);
    return NULL;
}

static void *take_once(void *argument) {
    struct party *party = argument;
    party->value = channel_take(party->channel, NULL);
    atomic_store(&party->done, true);
    return NULL;
}

static void start(struct party *party, void *(*act)(void *), struct channel *channel) {
    *party = (struct party){.channel = channel};
    cr_assert_eq(pthread_create(&party->thread, NULL, act, party), 0);
    let_others_run();
}

static void finish(struct party *party) {
    cr_assert_eq(pthread_join(party->thread, NULL), 0);
}

Test(channel, a_put_waits_until_there_is_room) {
    struct channel *channel = new_channel(1);
    struct party putter;
    cr_assert_eq(channel_put(channel, &values[1], CHANNEL_NO_WAIT, NULL), 0);
    start(&putter, put_once, channel);
    cr_assert_not(atomic_load(&putter.done));
    cr_assert_eq(channel_take(channel, NULL), &values[1]);
    finish(&putter);
    cr_assert_eq(putter.error, 0);
    cr_assert_eq(channel_take(channel, NULL), &values[0]);
    channel_free(channel);
}

Test(channel, a_rendezvous_has_room_only_while_somebody_waits) {
    struct channel *channel = new_channel(0);
    struct party putter, taker;
    cr_assert_eq(channel_put(channel, &values[0], CHANNEL_NO_WAIT, NULL), -EAGAIN);
    start(&putter, put_once, channel);
    cr_assert_not(atomic_load(&putter.done));
    cr_assert_eq(channel_take(channel, NULL), &values[0]);
    finish(&putter);

    start(&taker, take_once, channel);
    cr_assert_not(atomic_load(&taker.done));
    cr_assert_eq(channel_put(channel, &values[1], CHANNEL_FOREVER, NULL), 0);
    finish(&taker);
    cr_assert_eq(taker.value, &values[1]);
    channel_free(channel);
}

Test(channel, closing_wakes_all_who_wait) {
    struct channel *rendezvous = new_channel(0);
    struct channel *full = new_channel(1);
    struct party takers[3], putters[3];
    cr_assert_eq(channel_put(full, &values[1], CHANNEL_NO_WAIT, NULL), 0);
    for (int i = 0; i < 3; i++) {
        start(&takers[i], take_once, rendezvous);
        start(&putters[i], put_once, full);
    }
    channel_close(rendezvous);
    channel_close(full);
    for (int i = 0; i < 3; i++) {
        finish(&takers[i]);
        finish(&putters[i]);
        cr_assert_null(takers[i].value);
        cr_assert_eq(putters[i].error, -ESHUTDOWN);
    }
    cr_assert_eq(channel_take(full, NULL), &values[1]);
    channel_free(rendezvous);
    channel_free(full);
}

/* Many putters and takers: each item comes out once. */
struct crowd {
    struct channel *channel;
    atomic_size_t next;
    atomic_uchar taken[sizeof(values)];
};

static void *put_many(void *argument) {
    struct crowd *crowd = argument;
    size_t next;
    while ((next = atomic_fetch_add(&crowd->next, 1)) < sizeof(values)) {
        cr_assert_eq(channel_put(crowd->channel, &values[next], CHANNEL_FOREVER, NULL), 0);
    }
    return NULL;
}

static void *take_many(void *argument) {
    struct crowd *crowd = argument;
    char *value;
    while ((value = channel_take(crowd->channel, NULL)) != NULL) {
        atomic_fetch_add(&crowd->taken[value - values], 1);
    }
    return NULL;
}

static void each_comes_out_once(size_t capacity) {
    enum { THREADS = 4 };
    struct crowd crowd = {.channel = new_channel(capacity)};
    pthread_t putters[THREADS], takers[THREADS];
    for (int i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_create(&takers[i], NULL, take_many, &crowd), 0);
        cr_assert_eq(pthread_create(&putters[i], NULL, put_many, &crowd), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_join(putters[i], NULL), 0);
    }
    channel_close(crowd.channel);
    for (int i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_join(takers[i], NULL), 0);
    }
    for (size_t i = 0; i < sizeof(values); i++) {
        cr_assert_eq(crowd.taken[i], 1, "item %zu came out %d times", i, crowd.taken[i]);
    }
    channel_free(crowd.channel);
}

Test(channel, each_item_comes_out_once) {
    each_comes_out_once(0);
    each_comes_out_once(1);
    each_comes_out_once(7);
}
