/*
 * heap.h - who allocated what: the parts of the heap profile inside the profiled process.
 *
 *   program ──malloc, new, …──> interpose.c, operators.c ──> the program's own allocator
 *                                    │ block, size
 *                                    ▼
 *                                record.c ──────> sites.c    counts, per context and call site
 *                                    └──────────> blocks.c   live blocks: address ──> site, size
 *   profile  <── tally_snapshot <── snapshot.c
 *
 * No stack is unwound: the context that allocates is the one that runs, and the site is where its
 * slot is (tally/abi.h), for an allocation as for a call.
 *
 * Invariants, per site: live = allocated - freed, of objects and of bytes; nothing is allocated or
 * freed twice. A site belongs to one thread's tree; what other threads free of it is counted apart.
 */
#ifndef TLI_HEAP_H
#define TLI_HEAP_H

#include "heap/blocks.h"
#include "tally/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/single_threaded.h>

/* ---- record.c: called around the program's allocator; any thread, also in signal handlers. ----
 */

extern uint8_t tli_heap_mode;     /* enum tally_heap_mode; full until the options are known */
extern uint8_t tli_heap_mappings; /* likewise, of what is mapped; off until then */
extern bool tli_heap_is_recording;
extern const char *tli_heap_note; /* why allocations are not seen; or "" */

static inline bool tli_heap_is_recorded(void) {
    return tli_heap_mode != TALLY_HEAP_OFF && !*tli_heap_note;
}

/* `from` is where the allocating call returns to. */
void tli_heap_allocated(const void *block, size_t size_bytes, const void *from);

/* Before the block, which is not null, is given back. False: do not, the runtime will do so later
 * (in a signal handler that interrupted it). */
bool tli_heap_freeing(void *block);

/* Of a block that was given back a moment ago, by a thread that is alone. */
void tli_heap_freed(const void *block);

/* While there is one thread, nobody has an address that it has just freed. */
static inline bool tli_heap_is_alone(void) {
    return __libc_single_threaded && tli_heap_mode == TALLY_HEAP_FULL;
}

/* Around realloc, with several threads. What is known of a block is taken out before: the address
 * may be another's next. If anything was (true), one of the others is told how it went. */
struct tli_kept {
    struct tli_block block, of_pool;
    bool is_known, is_pooled;
};
bool tli_heap_resizing(void *block, struct tli_kept *kept);
void tli_heap_resized(
    const struct tli_kept *kept); /* and tli_heap_allocated, if it was not freed */
void tli_heap_not_resized(const struct tli_kept *kept);

/* What the program's own allocators hand out, which is kept apart. A block that was at this address
 * counts as freed. 0 or -ENOMEM. */
int tli_heap_pool_allocated(const char *kind, const void *block, size_t size_bytes,
                            const void *from);
void tli_heap_pool_freed(const void *block);

struct tli_heap_totals {
    _Atomic uint64_t frees_unmatched, blocks_unrecorded;
    bool forked; /* blocks of the parent's are unknown here */
};
extern struct tli_heap_totals tli_heap_totals;
size_t tli_heap_table_bytes(void);

/* Performs what waits, before numbers are read. */
void tli_heap_settle(void);
void tli_heap_start(void);  /* once the options are known */
void tli_heap_forked(void); /* in the child: what is counted is what it does itself */
/* Code goes on whose stack pointer is `stack`, as after longjmp. */
void tli_heap_unwound(uintptr_t stack);

#endif
