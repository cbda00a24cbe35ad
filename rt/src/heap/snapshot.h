/*
 * snapshot.h (heap) - allocation sites of all threads, merged: from sites.h to tally/snapshot.h.
 *
 * Sites of different threads are the same if context, call site, kind and size are. Caller holds
 * the runtime's lock; other threads go on, and each number is read once.
 */
#ifndef TLI_HEAP_SNAPSHOT_H
#define TLI_HEAP_SNAPSHOT_H

#include "arena.h"
#include "clock.h"
#include "heap/sites.h"
#include "tally/snapshot.h"

struct tli_heap_merge {
    struct tally_allocation *allocations;
    size_t n, capacity;
    uint32_t *index; /* by hash: place in allocations[] + 1 */
    size_t index_mask;
    struct tli_arena *arena;
    bool since_mark;
};

/* False without memory. */
bool tli_heap_merge_begin(struct tli_heap_merge *merge, struct tli_arena *arena);
/* A site that was found in `context`; false without memory, or if there are too many now. */
bool tli_heap_merge_site(struct tli_heap_merge *merge, const struct tli_heap_site *site,
                         uint32_t context);
/* Fills in snapshot->heap. False as above. */
bool tli_heap_merge_end(struct tli_heap_merge *merge, struct tally_snapshot *snapshot);

/* Of the heap, in all: the sum of its allocations in a snapshot of now. Caller holds the runtime's
 * lock. */
struct tli_heap_amounts tli_heap_amounts(void);

/* From now on deltas are what changes. 0 or -ENOMEM. Caller holds the runtime's lock. */
int tli_heap_mark(void);

#endif
