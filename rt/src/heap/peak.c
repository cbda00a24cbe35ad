/*
 * peak.c - the most bytes that were live at a time.
 *
 * What is live is the sum of what each thread has allocated and freed. A thread adds up the others'
 * shares only when its own has grown past `look_above`:
 *
 *   alone        look_above = peak - what is no thread's      each new peak is found, to the byte
 *   with others  look_above <= live_bytes + SLACK             found within SLACK for each thread
 *
 * And once more when a profile is made: what is live then is no more than the peak.
 * So threads share no cache line while they allocate, but for once in SLACK bytes.
 */
#include "thread.h"

#include <sys/single_threaded.h>

enum { SLACK = 64 << 10 };

struct tli_heap_share tli_heap_outside_share;
uint64_t tli_heap_peak_number;
static _Atomic int64_t peak_bytes;

uint64_t tli_heap_peak_bytes(void) {
    return (uint64_t)atomic_load_explicit(&peak_bytes, memory_order_relaxed);
}

static inline int64_t get(const int64_t *from) {
    return __atomic_load_n(from, __ATOMIC_RELAXED);
}

static inline void set(int64_t *to, int64_t value) {
    __atomic_store_n(to, value, __ATOMIC_RELAXED);
}

static inline int64_t live(const struct tli_heap_share *share) {
    return get(&share->live_bytes);
}

/* Threads may find new peaks at the same time: the highest stays. */
static void raise_to(int64_t bytes) {
    int64_t before = atomic_load_explicit(&peak_bytes, memory_order_relaxed);
    if (__libc_single_threaded && bytes > before) {
        atomic_store_explicit(&peak_bytes, bytes, memory_order_relaxed);
        tli_heap_peak_number++;
        return;
    }
    do {
        if (bytes <= before)
            return;
    } while (!atomic_compare_exchange_weak_explicit(&peak_bytes, &before, bytes,
                                                    memory_order_relaxed, memory_order_relaxed));
    __atomic_fetch_add(&tli_heap_peak_number, 1, __ATOMIC_RELAXED);
}

void tli_heap_look(struct tli_heap_share *share) {
    struct tli_thread *threads = tli_threads();
    int64_t outside = live(&tli_heap_outside_share), all = outside;
    for (struct tli_thread *t = threads; t; t = t->next)
        all += live(&t->heap);
    raise_to(all);
    bool alone = threads && !threads->next && share == &threads->heap;
    set(&share->look_above, alone ? (int64_t)tli_heap_peak_bytes() - outside : live(share) + SLACK);
}

void tli_heap_look_again(void) {
    for (struct tli_thread *t = tli_threads(); t; t = t->next)
        set(&t->heap.look_above, INT64_MIN);
}

/* Of threads that are not known several may come here at once. */
static void add_outside(int64_t bytes) {
    struct tli_heap_share *share = &tli_heap_outside_share;
    int64_t now = __atomic_add_fetch(&share->live_bytes, bytes, __ATOMIC_RELAXED);
    int64_t limit = get(&share->look_above);
    if (now > limit) {
        tli_heap_look(share);
        tli_heap_look_again();
    } else if (now + SLACK < limit) {
        set(&share->look_above, now + SLACK);
        tli_heap_look_again();
    }
}

void tli_heap_add_live(struct tli_heap_share *share, int64_t bytes) {
    if (share == &tli_heap_outside_share) {
        add_outside(bytes);
        return;
    }
    int64_t now = live(share) + bytes, limit = get(&share->look_above);
    set(&share->live_bytes, now);
    if (now > limit)
        tli_heap_look(share);
    else if (now + SLACK < limit)
        set(&share->look_above, now + SLACK);
}

void tli_heap_peak_forget(void) {
    tli_heap_outside_share = (struct tli_heap_share){0};
    for (struct tli_thread *t = tli_threads(); t; t = t->next)
        t->heap = (struct tli_heap_share){0};
    atomic_store(&peak_bytes, 0);
}
