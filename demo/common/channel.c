/*
 * channel.c - see channel.h.
 *
 *   lock guards everything; invariant: count <= max(capacity, 1)
 *   room   is waited on by put; signalled when an item was taken and, in a rendezvous, when a take
 *          begins to wait
 *   items  is waited on by take; signalled when one was put
 *   close wakes all
 */
#include "common/channel.h"

#include "common/memory.h"
#include "common/monotonic_clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct channel {
    pthread_mutex_t lock;
    pthread_cond_t room, items;
    struct item_queue *queue;
    size_t capacity, count;
    size_t takers_waiting;
    bool closed;
};

/* Deadlines are by the clock that nobody sets. */
static void condition_init(pthread_cond_t *condition) {
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct channel *channel_new(struct item_queue *queue, size_t capacity) {
    struct channel *channel = memory_allocate(sizeof(*channel));
    *channel = (struct channel){.queue = queue, .capacity = capacity};
    pthread_mutex_init(&channel->lock, NULL);
    condition_init(&channel->room);
    condition_init(&channel->items);
    return channel;
}

void channel_free(struct channel *channel) {
    channel->queue->kind->free(channel->queue);
    pthread_cond_destroy(&channel->items);
    pthread_cond_destroy(&channel->room);
    pthread_mutex_destroy(&channel->lock);
    free(channel);
}

static struct timespec deadline_after(uint64_t start_ns, uint64_t timeout_ns) {
    uint64_t end_ns = timeout_ns < UINT64_MAX - start_ns ? start_ns + timeout_ns : UINT64_MAX;
    return (struct timespec){.tv_sec = (time_t)(end_ns / UINT64_C(1000000000)),
                             .tv_nsec = (long)(end_ns % UINT64_C(1000000000))};
}

/* With the lock held, and given up while waiting. 0, or what channel_put says. */
static int wait_for_room(struct channel *channel, const struct timespec *deadline,
                         uint64_t timeout_ns) {
    int error = timeout_ns == CHANNEL_NO_WAIT ? EAGAIN : 0;
    bool room;
    while (!(room = channel->count < channel->capacity ||
                    (channel->count == 0 && channel->takers_waiting > 0)) &&
           !channel->closed && error == 0) {
        error = timeout_ns == CHANNEL_FOREVER
                    ? pthread_cond_wait(&channel->room, &channel->lock)
                    : pthread_cond_timedwait(&channel->room, &channel->lock, deadline);
    }
    return channel->closed ? -ESHUTDOWN : room ? 0 : -error;
}

int channel_put(struct channel *channel, void *value, uint64_t timeout_ns, uint64_t *blocked_ns) {
    uint64_t start_ns = monotonic_now_ns();
    struct timespec deadline = deadline_after(start_ns, timeout_ns);
    pthread_mutex_lock(&channel->lock);
    int error = wait_for_room(channel, &deadline, timeout_ns);
    uint64_t now_ns = monotonic_now_ns();
    if (error == 0) {
        channel->queue->kind->push(channel->queue, (struct queued_item){value, now_ns});
        channel->count++;
        pthread_cond_signal(&channel->items);
    }
    pthread_mutex_unlock(&channel->lock);
    if (blocked_ns != NULL) {
        *blocked_ns = now_ns - start_ns;
    }
    return error;
}

/* With the lock held, and given up while waiting. False: closed and empty. */
static bool wait_for_item(struct channel *channel) {
    channel->takers_waiting++;
    while (channel->count == 0 && !channel->closed) {
        if (channel->capacity == 0) {
            pthread_cond_signal(&channel->room);
        }
        pthread_cond_wait(&channel->items, &channel->lock);
    }
    channel->takers_waiting--;
    return channel->count > 0;
}

void *channel_take(struct channel *channel, uint64_t *waited_ns) {
    struct queued_item item = {NULL, 0};
    pthread_mutex_lock(&channel->lock);
    if (wait_for_item(channel)) {
        item = channel->queue->kind->pop(channel->queue);
        channel->count--;
        pthread_cond_signal(&channel->room);
    }
    pthread_mutex_unlock(&channel->lock);
    uint64_t now_ns = monotonic_now_ns();
    if (waited_ns != NULL && item.value != NULL) {
        *waited_ns = now_ns - item.queued_at_ns;
    }
    return item.value;
}

void channel_close(struct channel *channel) {
    pthread_mutex_lock(&channel->lock);
    channel->closed = true;
    pthread_cond_broadcast(&channel->room);
    pthread_cond_broadcast(&channel->items);
    pthread_mutex_unlock(&channel->lock);
}
