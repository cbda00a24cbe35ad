/*
 * counts.h - what is allocated and freed at a site is counted; for record.c alone, inline.
 *
 * A thread writes to its own sites as it likes. Others lock the site, and note in
 * tli_heap_locked that they have, in case they are interrupted for good.
 */
#ifndef TLI_HEAP_COUNTS_H
#define TLI_HEAP_COUNTS_H

#include "heap/blocks.h"
#include "heap/sites.h"
#include "thread.h"

#include <sched.h>

extern _Thread_local struct tli_heap_site *tli_heap_locked
    __attribute__((tls_model("initial-exec")));

static inline bool tli_heap_is_own(const struct tli_heap_site *site) {
    return site->owner && site->owner == tli_self;
}

static __attribute__((noinline, cold)) void tli_heap_wait_for(struct tli_heap_site *site) {
    enum { SPINS = 200 };
    for (int i = 0; atomic_exchange_explicit(&site->lock, 1, memory_order_acquire); i++)
        if (i < SPINS)
            __builtin_ia32_pause();
        else
            sched_yield(); /* its owner may not be running */
}

static inline struct tli_heap_counts *tli_heap_claim(struct tli_heap_site *site) {
    if (tli_heap_is_own(site))
        return &site->own;
    tli_heap_locked = site;
    if (__builtin_expect(atomic_exchange_explicit(&site->lock, 1, memory_order_acquire), 0))
        tli_heap_wait_for(site);
    return &site->others;
}

static inline void tli_heap_release(struct tli_heap_site *site) {
    if (!tli_heap_locked)
        return;
    atomic_store_explicit(&site->lock, 0, memory_order_release);
    tli_heap_locked = NULL;
}

static inline int64_t tli_heap_live_bytes(const struct tli_heap_counts *counts) {
    return (int64_t)(counts->total.allocated_bytes - counts->total.freed_bytes);
}

/* Before the first change since the last peak. */
static inline void tli_heap_note_peak(struct tli_heap_counts *counts) {
    uint64_t number = __atomic_load_n(&tli_heap_peak_number, __ATOMIC_RELAXED);
    if (counts->noted_at == number)
        return;
    counts->at_peak.objects =
        (int64_t)(counts->total.allocated_objects - counts->total.freed_objects);
    counts->at_peak.bytes = tli_heap_live_bytes(counts);
    counts->noted_at = number;
}

static inline unsigned tli_heap_class_of(size_t size) {
    return size < 2 ? (unsigned)size : 65 - (unsigned)__builtin_clzll(size - 1);
}

/* `objects` of the site were counted before. */
static inline void tli_heap_count_size(struct tli_heap_site *site, size_t size, uint64_t objects) {
    unsigned size_class = tli_heap_class_of(size);
    if (objects == 0)
        site->size_class = (uint8_t)size_class;
    else if (!site->histogram && size_class != site->size_class)
        tli_heap_begin_histogram(site, objects);
    if (site->histogram)
        site->histogram[size_class]++;
}

static inline void tli_heap_count_allocated(const struct tli_block *block) {
    struct tli_heap_site *site = block->site;
    struct tli_heap_counts *counts = tli_heap_claim(site);
    tli_heap_note_peak(counts);
    tli_heap_count_size(site, block->size_bytes, counts->total.allocated_objects);
    counts->total.allocated_objects++;
    counts->total.allocated_bytes += block->size_bytes;
    int64_t live = tli_heap_live_bytes(&site->own) + tli_heap_live_bytes(&site->others);
    if (live > site->most_bytes)
        site->most_bytes = live;
    tli_heap_release(site);
}

static inline void tli_heap_count_freed(const struct tli_block *block, uint64_t lifetime,
                                        bool is_temporary) {
    struct tli_heap_site *site = block->site;
    struct tli_heap_counts *counts = tli_heap_claim(site);
    tli_heap_note_peak(counts);
    if (counts->total.freed_objects == 0 || lifetime < counts->shortest)
        counts->shortest = lifetime;
    if (lifetime > counts->longest)
        counts->longest = lifetime;
    counts->lifetime += lifetime;
    counts->total.freed_objects++;
    counts->total.freed_bytes += block->size_bytes;
    counts->temporary_objects += is_temporary;
    tli_heap_release(site);
}

#endif
