/*
 * record.c - one allocation or one freeing is counted, and the table of live blocks kept.
 *
 *   allocated:  the program's allocator ── site ── counts ── put into the table
 *   freed:      take out of the table ── counts of its site ── the program's allocator
 *
 * Budget of a pair, beside the allocator and the clock: two uncontended locks of a shard, about 150
 * instructions.
 *
 * A signal handler may allocate (it must not, but many do) between any two instructions. What it
 * does while its thread is at work here waits in `working` until that is done; a block it frees
 * is then given back to the allocator only afterwards, so that nobody has the address before. If
 * the handler never comes back (siglongjmp), what it interrupted is given up.
 *
 * What recording takes is not the program's time: it is measured now and then, and the clock of the
 * thread is set forward by its mean.
 */
#include "heap/heap.h"

#include "clock.h"
#include "entry_points.h"
#include "heap/blocks.h"
#include "heap/interpose.h"
#include "heap/sites.h"
#include "options.h"
#include "thread.h"

#include <errno.h>

uint8_t tli_heap_mode = TALLY_HEAP_FULL;
bool tli_heap_is_recording = true;
const char *tli_heap_note = "";
struct tli_heap_totals tli_heap_totals;

static struct tli_blocks blocks, pooled;
static bool has_pooled;
static struct tli_arena outside_arena; /* for what no thread's site needs, behind its lock */
static enum { CLOCK_OFF, CLOCK_TSC, CLOCK_OTHER } clock_used = CLOCK_TSC;

enum { MAX_WAITING = 8 };
struct event {
    struct tli_block block; /* address 0: nothing is to be done */
    struct tli_blocks *table;
    bool is_freeing;
};

static _Thread_local struct {
    uintptr_t frame; /* of who is at work; 0: nobody */
    struct tli_heap_site *locked;
    struct tli_heap_share *share;
    uint64_t began;
    _Atomic uint32_t n_waiting;
    struct event waiting[MAX_WAITING];
} working __attribute__((tls_model("initial-exec")));

static inline uint64_t now(void) {
    if (clock_used == CLOCK_TSC)
        return __builtin_ia32_rdtsc();
    return clock_used == CLOCK_OFF ? 0 : tli_now_for(TLI_CLOCK_MONOTONIC);
}

/* ---- counts of a site ---- */

static inline bool is_own(const struct tli_heap_site *site) {
    return site->owner && site->owner == tli_self;
}

static inline struct tli_heap_counts *claim(struct tli_heap_site *site) {
    if (is_own(site))
        return &site->own;
    working.locked = site;
    while (atomic_exchange_explicit(&site->lock, 1, memory_order_acquire))
        __builtin_ia32_pause();
    return &site->others;
}

static inline void release(struct tli_heap_site *site) {
    if (!working.locked)
        return;
    atomic_store_explicit(&site->lock, 0, memory_order_release);
    working.locked = NULL;
}

static inline int64_t live_bytes(const struct tli_heap_counts *counts) {
    return (int64_t)(counts->total.allocated_bytes - counts->total.freed_bytes);
}

/* Before the first change since the last peak. */
static inline void note_peak(struct tli_heap_counts *counts) {
    uint64_t number = __atomic_load_n(&tli_heap_peak_number, __ATOMIC_RELAXED);
    if (counts->noted_at == number)
        return;
    counts->at_peak.objects =
        (int64_t)(counts->total.allocated_objects - counts->total.freed_objects);
    counts->at_peak.bytes = live_bytes(counts);
    counts->noted_at = number;
}

static inline unsigned class_of(size_t size) {
    return size < 2 ? (unsigned)size : 65 - (unsigned)__builtin_clzll(size - 1);
}

static __attribute__((noinline, cold)) void begin_histogram(struct tli_heap_site *site,
                                                            uint64_t objects) {
    struct tli_arena *arena = site->owner ? &tli_self->arena : &outside_arena;
    uint64_t *histogram = tli_arena_alloc(arena, TALLY_SIZE_CLASSES * sizeof *histogram);
    if (!histogram)
        return;
    histogram[site->size_class] = objects;
    site->histogram = histogram;
}

/* `objects` of the site were counted before. */
static inline void count_size(struct tli_heap_site *site, size_t size, uint64_t objects) {
    unsigned size_class = class_of(size);
    if (objects == 0)
        site->size_class = (uint8_t)size_class;
    else if (!site->histogram && size_class != site->size_class)
        begin_histogram(site, objects);
    if (site->histogram)
        site->histogram[size_class]++;
}

static inline void count_allocated(const struct tli_block *block) {
    struct tli_heap_site *site = block->site;
    struct tli_heap_counts *counts = claim(site);
    note_peak(counts);
    count_size(site, block->size_bytes, counts->total.allocated_objects);
    counts->total.allocated_objects++;
    counts->total.allocated_bytes += block->size_bytes;
    int64_t live = live_bytes(&site->own) + live_bytes(&site->others);
    if (live > site->most_bytes)
        site->most_bytes = live;
    release(site);
}

static inline void count_freed(const struct tli_block *block, bool is_temporary) {
    struct tli_heap_site *site = block->site;
    uint64_t ticks = now() - block->born;
    struct tli_heap_counts *counts = claim(site);
    note_peak(counts);
    if (clock_used == CLOCK_OFF || (int64_t)ticks < 0)
        ticks = 0;
    if (counts->total.freed_objects == 0 || ticks < counts->shortest)
        counts->shortest = ticks;
    if (ticks > counts->longest)
        counts->longest = ticks;
    counts->lifetime += ticks;
    counts->total.freed_objects++;
    counts->total.freed_bytes += block->size_bytes;
    counts->temporary_objects += is_temporary;
    release(site);
}

/* ---- one event ---- */

/* Without memory for a record the block counts as freed at once. */
static inline void count_new(struct tli_blocks *table, const struct tli_block *block) {
    bool is_recorded = tli_heap_mode != TALLY_HEAP_FULL || tli_blocks_put(table, block);
    if (block->site == &tli_heap_silent)
        return;
    count_allocated(block);
    if (!is_recorded) {
        count_freed(block, false);
        atomic_fetch_add_explicit(&tli_heap_totals.blocks_unrecorded, 1, memory_order_relaxed);
    } else if (table == &blocks && tli_heap_mode == TALLY_HEAP_FULL) {
        working.share->latest = block->address;
        tli_heap_add_live(working.share, (int64_t)block->size_bytes);
    }
}

/* The block is out of the table already. */
static inline void forget(const struct tli_blocks *table, const struct tli_block *block) {
    bool is_latest = working.share->latest == block->address;
    if (table == &blocks)
        working.share->latest = 0;
    if (block->site == &tli_heap_silent)
        return;
    count_freed(block, is_latest);
    if (table == &blocks)
        tli_heap_add_live(working.share, -(int64_t)block->size_bytes);
}

static inline bool perform_freeing(struct tli_blocks *table, uintptr_t address) {
    struct tli_block block;
    bool known = tli_blocks_take(table, address, &block);
    if (known)
        forget(table, &block);
    return known;
}

/* What a pool hands out at the address of a block ends that: an arena began anew without a word of
 * it, or an allocator hands on what another one gave it. */
static inline void perform_allocated(struct tli_blocks *table, const struct tli_block *block) {
    if (table == &pooled && tli_heap_mode == TALLY_HEAP_FULL)
        perform_freeing(table, block->address);
    count_new(table, block);
}

/* The allocator looks before the block next; that comes from memory at the same time as the record.
 */
static inline void perform_freeing_of_memory(uintptr_t address) {
    __builtin_prefetch((const char *)address - 16);
    if (!perform_freeing(&blocks, address) && !tli_heap_totals.forked)
        atomic_fetch_add_explicit(&tli_heap_totals.frees_unmatched, 1, memory_order_relaxed);
    if (__builtin_expect(has_pooled, 0))
        perform_freeing(&pooled, address);
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

/* False in a signal handler that interrupted somebody at work. */
static inline bool begin(void) {
    if (working.frame)
        return false;
    working.frame = (uintptr_t)__builtin_frame_address(0);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    working.share = tli_self ? &tli_self->heap : &tli_heap_outside_share;
    begin_measuring(working.share);
    return true;
}

static void perform(struct event *waiting) {
    struct event event = *waiting;
    *waiting = (struct event){0};
    if (!event.block.address)
        return;
    if (!event.is_freeing) {
        perform_allocated(event.table, &event.block);
        return;
    }
    perform_freeing_of_memory(event.block.address);
    tli_heap_give_back((void *)event.block.address);
}

static __attribute__((noinline, cold)) void perform_waiting(void) {
    uint32_t done = 0, all;
    working.frame = (uintptr_t)__builtin_frame_address(0);
    do {
        for (; done < (all = atomic_load(&working.n_waiting)); done++)
            perform(&working.waiting[done < MAX_WAITING ? done : MAX_WAITING - 1]);
    } while (!atomic_compare_exchange_strong(&working.n_waiting, &all, 0));
    working.frame = 0;
}

static inline void end(void) {
    take_cost_off(working.share);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    working.frame = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    while (__builtin_expect(atomic_load_explicit(&working.n_waiting, memory_order_relaxed) != 0, 0))
        perform_waiting();
}

/* Until who is at work has done. False if there is no room. */
static bool wait(const struct event *event) {
    uint32_t place = atomic_fetch_add(&working.n_waiting, 1);
    if (place >= MAX_WAITING) {
        atomic_fetch_add(&tli_heap_totals.blocks_unrecorded, 1);
        return false;
    }
    working.waiting[place] = *event;
    return true;
}

static __attribute__((noinline, cold)) void allocated_in_handler(struct tli_blocks *table,
                                                                 const struct tli_block *block) {
    struct event event = {.block = *block, .table = table};
    wait(&event);
}

static inline void allocated(struct tli_blocks *table, const struct tli_heap_kind *kind,
                             const void *address, size_t size_bytes, const void *from) {
    struct tli_block block = {
        .address = (uintptr_t)address,
        .size_bytes = size_bytes,
        .site = __builtin_expect(tli_heap_is_recording, 1) ? tli_heap_site(kind, from)
                                                           : &tli_heap_silent,
    };
    if (__builtin_expect(!begin(), 0)) {
        block.born = now();
        allocated_in_handler(table, &block);
        return;
    }
    if (tli_heap_mode == TALLY_HEAP_FULL)
        block.born = working.began ? working.began : now();
    perform_allocated(table, &block);
    end();
}

/* ---- interface ---- */

void tli_heap_allocated(const void *block, size_t size_bytes, const void *from) {
    const struct tli_heap_kind *kind = &tli_heap_malloc;
    if (__builtin_expect(tli_options.sizes, 0) && !(kind = tli_heap_kind(NULL, size_bytes)))
        kind = &tli_heap_malloc;
    allocated(&blocks, kind, block, size_bytes, from);
}

bool tli_heap_freeing(void *block) {
    if (tli_heap_mode != TALLY_HEAP_FULL)
        return true;
    if (!begin()) {
        struct event event = {.block.address = (uintptr_t)block, .is_freeing = true};
        return !wait(&event);
    }
    perform_freeing_of_memory((uintptr_t)block);
    end();
    return true;
}

bool tli_heap_resizing(void *block, struct tli_kept *kept) {
    if (tli_heap_mode != TALLY_HEAP_FULL || !begin())
        return false;
    kept->is_known = tli_blocks_take(&blocks, (uintptr_t)block, &kept->block);
    kept->is_pooled = has_pooled && tli_blocks_take(&pooled, (uintptr_t)block, &kept->of_pool);
    end();
    return kept->is_known || kept->is_pooled;
}

void tli_heap_resized(const struct tli_kept *kept) {
    if (!begin())
        return;
    if (kept->is_known)
        forget(&blocks, &kept->block);
    if (kept->is_pooled)
        forget(&pooled, &kept->of_pool);
    end();
}

void tli_heap_not_resized(const struct tli_kept *kept) {
    if (!begin())
        return;
    if (kept->is_known)
        tli_blocks_put(&blocks, &kept->block);
    if (kept->is_pooled)
        tli_blocks_put(&pooled, &kept->of_pool);
    end();
}

int tli_heap_pool_allocated(const char *name, const void *block, size_t size_bytes,
                            const void *from) {
    struct tli_heap_kind *kind = tli_heap_kind(name, 0);
    if (!kind)
        return -ENOMEM;
    has_pooled = true;
    allocated(&pooled, kind, block, size_bytes, from);
    return 0;
}

void tli_heap_pool_freed(const void *block) {
    if (!has_pooled || tli_heap_mode != TALLY_HEAP_FULL || !begin())
        return;
    perform_freeing(&pooled, (uintptr_t)block);
    end();
}

/* ---- life ---- */

void tli_heap_start(void) {
    static const char *const modes[] = {"full", "counts", "off", NULL};
    int mode = tli_option_choice("heap", tli_options.heap, modes, "full, counts, off");
    tli_heap_mode = mode < 0 ? TALLY_HEAP_FULL : (uint8_t)mode;
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
    tli_blocks_forget(&blocks);
    tli_blocks_forget(&pooled);
    for (struct tli_thread *t = tli_threads(); t; t = t->next)
        tli_heap_sites_visit(t, tli_heap_site_forget);
    tli_heap_site_forget(&tli_heap_outside);
    tli_heap_peak_forget();
    tli_heap_totals = (struct tli_heap_totals){.forked = true};
}

/* From a signal stack the interrupted code lies elsewhere, and is not gone as long as the handler
 * runs. */
void tli_heap_unwound(uintptr_t stack) {
    if (!working.frame || working.frame >= stack)
        return;
    struct tli_stack of_signals = tli_signal_stack();
    if (tli_is_on(&of_signals, stack))
        return;
    tli_blocks_abandon();
    if (working.locked)
        release(working.locked);
    end();
}

size_t tli_heap_table_bytes(void) {
    return tli_blocks_memory_bytes(&blocks) + tli_blocks_memory_bytes(&pooled);
}
