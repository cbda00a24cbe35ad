/*
 * record.c - one allocation or one freeing is counted, and the table of live blocks kept.
 *
 *   allocated:  the program's allocator ── site ── event ─┐
 *   freed:      event ─┐── the program's allocator        ├──> table of blocks, counts of the site
 *                      └──────────────────────────────────┘
 *
 * With several threads an event is performed at once: a block must be out of the table before the
 * allocator has it back, and another thread may put it in again. A thread that is alone lets its
 * last events wait in a line, in their order, until what they need of the table has come from
 * memory: with many live blocks that is most of their cost. What first comes to see that there is
 * another thread performs them.
 *
 * A signal handler may allocate (it must not, but many do) between any two instructions. What it
 * does while its thread is at work here waits in the thread's share until that is done; a block it
 * frees is then given back to the allocator only afterwards, so that nobody has the address before.
 * If the handler never comes back (siglongjmp), what it interrupted is given up.
 *
 * What recording takes is not the program's time: it is measured now and then, and the clock of the
 * thread is set forward by its mean.
 */
#include "heap/heap.h"

#include "clock.h"
#include "entry_points.h"
#include "heap/counts.h"
#include "heap/interpose.h"
#include "heap/ranges.h"
#include "lock.h"
#include "options.h"

#include <errno.h>

uint8_t tli_heap_mode = TALLY_HEAP_FULL;
uint8_t tli_heap_mappings = TALLY_HEAP_OFF;
bool tli_heap_is_recording = true;
_Thread_local struct tli_operator tli_operator __attribute__((tls_model("initial-exec")));
_Thread_local struct tli_heap_site *tli_heap_locked __attribute__((tls_model("initial-exec")));
const char *tli_heap_note = "";
struct tli_heap_totals tli_heap_totals;

static struct tli_blocks blocks, pooled;
static bool has_pooled;
static enum { CLOCK_OFF, CLOCK_TSC, CLOCK_OTHER } clock_used = CLOCK_TSC;

enum { ALLOCATED, ALLOCATED_AND_FREED, FREED, TO_BE_FREED }; /* what happened */
enum { MAX_IN_LINE = 16 };

static _Thread_local struct {
    uintptr_t frame; /* where that of who is at work ends; 0: nobody */
    struct tli_heap_share *share;
    uint64_t began;
    _Atomic uint32_t n_waiting; /* in the thread's share */
} working __attribute__((tls_model("initial-exec")));

/* Of the only thread. */
static struct {
    _Atomic uint32_t n;
    uint32_t first;
    struct tli_heap_event events[MAX_IN_LINE];
    atomic_flag lock; /* once there are others */
} line;

static inline uint64_t now(void) {
    if (clock_used == CLOCK_TSC)
        return __builtin_ia32_rdtsc();
    return clock_used == CLOCK_OFF ? 0 : tli_now_for(TLI_CLOCK_MONOTONIC);
}

/* ---- one event ---- */

static inline uint64_t lifetime(const struct tli_block *block, uint64_t died) {
    uint64_t ticks = died - block->born;
    return (int64_t)ticks < 0 ? 0 : ticks;
}

/* The block is out of the table already. */
static inline void forget(bool of_pool, const struct tli_block *block, uint64_t died) {
    bool is_latest = !of_pool && working.share->latest == block->address;
    if (!of_pool)
        working.share->latest = 0;
    if (block->site == &tli_heap_silent)
        return;
    tli_heap_count_freed(block, lifetime(block, died), is_latest);
    if (!of_pool)
        tli_heap_add_live(working.share, -(int64_t)block->size_bytes);
}

/* False without memory for it. What is recorded at its address was freed without our seeing it. */
static inline bool put(bool of_pool, const struct tli_block *block) {
    struct tli_block unseen;
    bool done = tli_blocks_put(of_pool ? &pooled : &blocks, block, &unseen);
    if (__builtin_expect(unseen.address != 0, 0))
        forget(of_pool, &unseen, block->born);
    return done;
}

/* Without memory for a record the block counts as freed at once. */
static inline void count_new(bool of_pool, const struct tli_block *block) {
    bool is_full = tli_heap_mode == TALLY_HEAP_FULL;
    bool is_recorded = !is_full || put(of_pool, block);
    if (block->site == &tli_heap_silent)
        return;
    tli_heap_count_allocated(block);
    if (!is_recorded) {
        tli_heap_count_freed(block, 0, false);
        atomic_fetch_add_explicit(&tli_heap_totals.blocks_unrecorded, 1, memory_order_relaxed);
    } else if (is_full && !of_pool) {
        working.share->latest = block->address;
        tli_heap_add_live(working.share, (int64_t)block->size_bytes);
    }
}

static inline bool take_and_forget(bool of_pool, uintptr_t address, uint64_t died) {
    struct tli_block block;
    bool known = tli_blocks_take(of_pool ? &pooled : &blocks, address, &block);
    if (known)
        forget(of_pool, &block, died);
    return known;
}

static inline void perform_freed(bool of_pool, uintptr_t address, uint64_t died) {
    if (!of_pool && !take_and_forget(false, address, died) && !tli_heap_totals.forked)
        atomic_fetch_add_explicit(&tli_heap_totals.frees_unmatched, 1, memory_order_relaxed);
    if (__builtin_expect(has_pooled, 0))
        take_and_forget(true, address, died);
}

/* What a pool hands out at the address of a block ends that: an arena began anew without a word of
 * it, or an allocator hands on what another one gave it. */
static inline void perform_allocated(bool of_pool, const struct tli_block *block) {
    if (of_pool && tli_heap_mode == TALLY_HEAP_FULL)
        take_and_forget(true, block->address, block->born);
    count_new(of_pool, block);
}

/* Of the heap: it never was in the table. */
static inline void perform_both(const struct tli_block *block, uint64_t died) {
    working.share->latest = 0;
    if (block->site == &tli_heap_silent)
        return;
    tli_heap_count_allocated(block);
    tli_heap_add_live(working.share, (int64_t)block->size_bytes);
    tli_heap_count_freed(block, lifetime(block, died), true);
    tli_heap_add_live(working.share, -(int64_t)block->size_bytes);
}

static inline void perform(const struct tli_heap_event *event) {
    if (event->what == ALLOCATED_AND_FREED)
        perform_both(&event->block, event->died);
    else if (event->what == ALLOCATED)
        perform_allocated(event->of_pool, &event->block);
    else
        perform_freed(event->of_pool, event->block.address, event->block.born);
    if (__builtin_expect(event->what == TO_BE_FREED, 0))
        tli_heap_give_back((void *)event->block.address);
}

/* It is nobody's any more, should it be interrupted for good. */
static inline void take_and_perform(struct tli_heap_event *place) {
    struct tli_heap_event event = *place;
    place->block.address = 0;
    if (event.block.address)
        perform(&event);
}

/* ---- the line ---- */

static inline struct tli_heap_event *place_in_line(uint32_t i) {
    return &line.events[(line.first + i) % MAX_IN_LINE];
}

/* What was allocated last is freed at once, as so much is: then the two are one event. */
static inline bool joins_last(const struct tli_heap_event *event, uint32_t n) {
    struct tli_heap_event *last = place_in_line(n - 1);
    if (event->what != FREED || n == 0 || last->block.address != event->block.address ||
        last->what != ALLOCATED || has_pooled)
        return false;
    last->died = event->block.born;
    last->what = ALLOCATED_AND_FREED;
    return true;
}

static inline __attribute__((always_inline)) void
stand_in_line(const struct tli_heap_event *event) {
    uint32_t n = atomic_load_explicit(&line.n, memory_order_relaxed);
    if (joins_last(event, n))
        return;
    struct tli_heap_event *place = place_in_line(n);
    tli_blocks_prefetch(event->of_pool ? &pooled : &blocks, event->block.address);
    if (n == MAX_IN_LINE) {
        line.first++;
        take_and_perform(place);
    }
    *place = *event;
    if (n < MAX_IN_LINE)
        atomic_store_explicit(&line.n, n + 1, memory_order_relaxed);
}

/* Those who come now perform their own at once, after these. */
static __attribute__((noinline, cold)) void perform_line(void) {
    uint64_t mask = tli_spin_lock(&line.lock);
    uint32_t n = atomic_load(&line.n);
    for (uint32_t i = 0; i < n; i++)
        take_and_perform(place_in_line(i));
    line.first = 0;
    atomic_store(&line.n, 0);
    tli_spin_unlock(&line.lock, mask);
}

static inline void clear_line(void) {
    if (__builtin_expect(atomic_load_explicit(&line.n, memory_order_relaxed) != 0, 0))
        perform_line();
}

/* ---- what recording takes ---- */

enum { FIRST_MEASURED = 16, MEASURE_ONE_OF = 64, LARGEST_GROWTH = 8 };

static inline void begin_measuring(struct tli_heap_share *share) {
    working.began = 0;
    if (share->until_measured-- == 0)
        working.began = now();
}

/* In ticks times 256: of the first the least, of the others a mean in which what was preempted does
 * not count as that. */
static uint64_t mean_with(const struct tli_heap_share *share, uint64_t ticks) {
    uint64_t cost = share->cost, one = ticks * 256;
    if (share->n_measured <= FIRST_MEASURED)
        return share->n_measured == 1 || one < cost ? one : cost;
    return cost - cost / 8 + (one < LARGEST_GROWTH * cost ? one : LARGEST_GROWTH * cost) / 8;
}

static __attribute__((noinline)) uint64_t measured(struct tli_heap_share *share) {
    uint64_t ticks = now() - working.began;
    share->n_measured++;
    share->until_measured = share->n_measured < FIRST_MEASURED ? 0 : MEASURE_ONE_OF - 1;
    share->cost = mean_with(share, ticks);
    return ticks;
}

static inline void take_cost_off(struct tli_heap_share *share) {
    if (clock_used != CLOCK_OFF && tli_self)
        __tally_tls.last += working.began ? measured(share) : share->cost >> 8;
}

/* ---- at work ---- */

static inline struct tli_heap_share *own_share(void) {
    return tli_self ? &tli_self->heap : &tli_heap_outside_share;
}

static __attribute__((noinline, cold)) void perform_waiting(void) {
    uint32_t done = 0, all;
    working.frame = (uintptr_t)__builtin_dwarf_cfa();
    working.share = own_share();
    clear_line();
    do {
        for (; done < (all = atomic_load(&working.n_waiting)); done++)
            if (tli_self && done < TLI_HEAP_WAITING)
                take_and_perform(&tli_self->heap.waiting[done]);
    } while (!atomic_compare_exchange_strong(&working.n_waiting, &all, 0));
    working.frame = 0;
}

/* False in a signal handler that interrupted somebody at work. One that comes when that has just
 * been done, but before what waits has, does that first: events keep their order. */
static inline bool begin(void) {
    uint32_t n_waiting = atomic_load_explicit(&working.n_waiting, memory_order_relaxed);
    if (__builtin_expect(working.frame != 0 || n_waiting != 0, 0)) {
        if (working.frame)
            return false;
        perform_waiting();
    }
    working.frame = (uintptr_t)__builtin_dwarf_cfa();
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    working.share = own_share();
    begin_measuring(working.share);
    return true;
}

static inline void end(void) {
    take_cost_off(working.share);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    working.frame = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    while (__builtin_expect(atomic_load_explicit(&working.n_waiting, memory_order_relaxed) != 0, 0))
        perform_waiting();
}

/* Until who is at work has done. False if there is no room, as in threads that are not known. */
static __attribute__((noinline, cold)) bool wait(struct tli_heap_event event) {
    uint32_t place = atomic_fetch_add(&working.n_waiting, 1);
    event.block.born = now();
    if (!tli_self || place >= TLI_HEAP_WAITING) {
        atomic_fetch_add(&tli_heap_totals.blocks_unrecorded, 1);
        return false;
    }
    tli_self->heap.waiting[place] = event;
    return true;
}

/* False in a signal handler that must wait. */
static inline __attribute__((always_inline)) bool record(struct tli_heap_event event) {
    if (__builtin_expect(!begin(), 0))
        return false;
    if (tli_heap_mode == TALLY_HEAP_FULL)
        event.block.born = working.began ? working.began : now();
    if (tli_heap_is_alone()) {
        stand_in_line(&event);
    } else {
        clear_line();
        perform(&event);
    }
    end();
    return true;
}

void tli_heap_settle(void) {
    if (begin()) {
        clear_line();
        tli_heap_look(working.share);
        end();
    }
}

/* ---- interface ---- */

static inline __attribute__((always_inline)) void allocated(bool of_pool,
                                                            struct tli_heap_kind *kind,
                                                            const void *address, size_t size_bytes,
                                                            const void *from) {
    struct tli_heap_event event = {
        .block = {.address = (uintptr_t)address,
                  .size_bytes = size_bytes,
                  .site = __builtin_expect(tli_heap_is_recording, 1) ? tli_heap_site(kind, from)
                                                                     : &tli_heap_silent},
        .what = ALLOCATED,
        .of_pool = of_pool,
    };
    if (!record(event))
        wait(event);
}

static inline struct tli_heap_event freeing(const void *block) {
    return (struct tli_heap_event){.block.address = (uintptr_t)block, .what = FREED};
}

void tli_heap_allocated(const void *block, size_t size_bytes, const void *from) {
    struct tli_heap_kind *kind = &tli_heap_malloc;
    if (__builtin_expect(tli_options.sizes, 0) && !(kind = tli_heap_kind(NULL, size_bytes)))
        kind = &tli_heap_malloc;
    allocated(false, kind, block, size_bytes, from);
}

/* The allocator looks before the block next; that comes from memory at the same time as the record.
 */
bool tli_heap_freeing(void *block) {
    struct tli_heap_event event = freeing(block);
    if (tli_heap_mode != TALLY_HEAP_FULL)
        return true;
    __builtin_prefetch((const char *)block - 16);
    if (record(event))
        return true;
    event.what = TO_BE_FREED;
    return !wait(event);
}

void tli_heap_freed(const void *block) {
    if (tli_heap_mode == TALLY_HEAP_FULL && !record(freeing(block)))
        wait(freeing(block));
}

bool tli_heap_resizing(void *block, struct tli_kept *kept) {
    if (tli_heap_mode != TALLY_HEAP_FULL)
        return false;
    if (!begin()) {
        wait(freeing(block));
        return false;
    }
    clear_line();
    kept->is_known = tli_blocks_take(&blocks, (uintptr_t)block, &kept->block);
    kept->is_pooled = has_pooled && tli_blocks_take(&pooled, (uintptr_t)block, &kept->of_pool);
    end();
    return kept->is_known || kept->is_pooled;
}

void tli_heap_resized(const struct tli_kept *kept) {
    if (!begin())
        return;
    if (kept->is_known)
        forget(false, &kept->block, now());
    if (kept->is_pooled)
        forget(true, &kept->of_pool, now());
    end();
}

void tli_heap_not_resized(const struct tli_kept *kept) {
    if (!begin())
        return;
    if (kept->is_known)
        put(false, &kept->block);
    if (kept->is_pooled)
        put(true, &kept->of_pool);
    end();
}

int tli_heap_pool_allocated(const char *name, const void *block, size_t size_bytes,
                            const void *from) {
    struct tli_heap_kind *kind = tli_heap_kind(name, 0);
    if (!kind)
        return -ENOMEM;
    has_pooled = true;
    allocated(true, kind, block, size_bytes, from);
    return 0;
}

void tli_heap_pool_freed(const void *block) {
    struct tli_heap_event event = freeing(block);
    event.of_pool = true;
    if (has_pooled && tli_heap_mode == TALLY_HEAP_FULL && !record(event))
        wait(event);
}

/* ---- life ---- */

void tli_heap_start(void) {
    static const char *const modes[] = {"full", "counts", "off", NULL};
    int mode = tli_option_choice("heap", tli_options.heap, modes, "full, counts, off");
    tli_heap_mode = mode < 0 ? TALLY_HEAP_FULL : (uint8_t)mode;
    tli_heap_mappings = tli_options.mmap ? tli_heap_mode : TALLY_HEAP_OFF;
    if (tli_options_timing() == TALLY_TIMING_OFF)
        clock_used = CLOCK_OFF;
    else if (tli_clock_mode() != TLI_CLOCK_TSC)
        clock_used = CLOCK_OTHER;
    if (tli_heap_mode != TALLY_HEAP_OFF)
        tli_heap_note = tli_heap_obstacle ? tli_heap_obstacle()
                                          : "the program was linked to libtally.a without the "
                                            "options that `pkg-config --static --libs tally` gives";
}

void tli_heap_forked(void) {
    atomic_store(&line.n, 0);
    atomic_flag_clear(&line.lock);
    tli_blocks_forget(&blocks);
    tli_blocks_forget(&pooled);
    tli_ranges_forget();
    for (struct tli_thread *t = tli_threads(); t; t = t->next)
        tli_heap_sites_visit(t, tli_heap_site_forget);
    for (struct tli_heap_kind *kind = tli_heap_kinds(); kind; kind = kind->older)
        tli_heap_site_forget(&kind->outside);
    tli_heap_peak_forget();
    tli_heap_totals = (struct tli_heap_totals){.forked = true};
}

/* From a signal stack the interrupted code lies elsewhere, and is not gone as long as the handler
 * runs. */
void tli_heap_unwound(uintptr_t stack) {
    if (!working.frame || working.frame > stack)
        return;
    struct tli_stack of_signals = tli_signal_stack();
    if (tli_is_on(&of_signals, stack))
        return;
    tli_blocks_abandon();
    tli_heap_release(tli_heap_locked);
    end();
}

size_t tli_heap_table_bytes(void) {
    return tli_blocks_memory_bytes(&blocks) + tli_blocks_memory_bytes(&pooled) +
           tli_ranges_memory_bytes();
}
