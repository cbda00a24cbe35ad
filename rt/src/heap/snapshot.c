/* snapshot.c - see snapshot.h. */
#include "heap/snapshot.h"

#include "heap/heap.h"
#include "modules.h"
#include "options.h"
#include "thread.h"
#include "tree.h"

#include <errno.h>

bool tli_heap_merge_begin(struct tli_heap_merge *merge, struct tli_arena *arena) {
    tli_heap_settle();
    size_t sites = tli_heap_sites_made(), capacity = sites + sites / 8 + 64, size = 256;
    while (size < capacity * 2)
        size *= 2;
    *merge = (struct tli_heap_merge){.capacity = capacity, .index_mask = size - 1, .arena = arena};
    merge->allocations = tli_arena_alloc(arena, capacity * sizeof *merge->allocations);
    merge->index = tli_arena_alloc(arena, size * sizeof *merge->index);
    return merge->allocations && merge->index;
}

/* ---- one site ---- */

static uint64_t hash_of(const struct tally_allocation *a) {
    uint64_t hash = a->context ^ (uint64_t)a->site << 32;
    hash = (hash ^ a->call_address) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ hash >> 29 ^ a->size_bytes ^ (uintptr_t)a->kind) * 0xC2B2AE3D27D4EB4Fu;
    return hash >> 20;
}

static bool same(const struct tally_allocation *a, const struct tally_allocation *b) {
    return a->context == b->context && a->site == b->site && a->call_address == b->call_address &&
           a->size_bytes == b->size_bytes && a->kind == b->kind;
}

/* The allocation like `key`, which is added if it is new; null if there is no room. */
static struct tally_allocation *place_of(struct tli_heap_merge *merge,
                                         const struct tally_allocation *key) {
    size_t i = hash_of(key) & merge->index_mask;
    for (; merge->index[i]; i = (i + 1) & merge->index_mask)
        if (same(&merge->allocations[merge->index[i] - 1], key))
            return &merge->allocations[merge->index[i] - 1];
    if (merge->n == merge->capacity)
        return NULL;
    merge->allocations[merge->n] = *key;
    merge->index[i] = (uint32_t)++merge->n;
    return &merge->allocations[merge->n - 1];
}

/* What was live at the last peak, see sites.h. */
static struct tli_heap_amount at_peak(const struct tli_heap_counts *counts) {
    const struct tli_heap_amounts *total = &counts->total;
    if (counts->noted_at == tli_heap_peak_number)
        return counts->at_peak;
    return (struct tli_heap_amount){
        (int64_t)(total->allocated_objects - total->freed_objects),
        (int64_t)(total->allocated_bytes - total->freed_bytes),
    };
}

static void add_amounts(struct tally_allocation *to, const struct tli_heap_amounts *from,
                        int64_t sign) {
    to->allocated_objects += sign * (int64_t)from->allocated_objects;
    to->allocated_bytes += sign * (int64_t)from->allocated_bytes;
    to->freed_objects += sign * (int64_t)from->freed_objects;
    to->freed_bytes += sign * (int64_t)from->freed_bytes;
}

/* Lifetimes stay ticks until all are added. */
static void add_counts(struct tally_allocation *to, const struct tli_heap_counts *from) {
    struct tli_heap_amount peak = at_peak(from);
    to->peak_objects += peak.objects;
    to->peak_bytes += peak.bytes;
    add_amounts(to, &from->total, 1);
    if (from->total.freed_objects == 0)
        return;
    to->temporary_objects += from->temporary_objects;
    if (to->longest_ns == 0 || from->shortest < to->shortest_ns)
        to->shortest_ns = from->shortest;
    if (from->longest > to->longest_ns)
        to->longest_ns = from->longest;
    to->lifetime_ns += from->lifetime;
}

static bool begin_histogram(struct tli_heap_merge *merge, struct tally_allocation *to,
                            int64_t objects) {
    uint64_t *sums = tli_arena_alloc(merge->arena, TALLY_SIZE_CLASSES * sizeof *sums);
    if (!sums)
        return false;
    sums[to->size_class] = (uint64_t)objects;
    to->histogram = sums;
    return true;
}

/* `objects` had been added before, all of one class as long as there is no histogram. */
static bool add_sizes(struct tli_heap_merge *merge, struct tally_allocation *to, int64_t objects,
                      const struct tli_heap_site *from) {
    uint64_t added = from->own.total.allocated_objects + from->others.total.allocated_objects;
    const uint64_t *histogram = from->histogram;
    if (objects == 0)
        to->size_class = from->size_class;
    bool is_one_class = !histogram && to->size_class == from->size_class;
    if (!to->histogram && !is_one_class && !begin_histogram(merge, to, objects))
        return false;
    uint64_t *sums = (uint64_t *)(uintptr_t)to->histogram;
    for (size_t i = 0; sums && histogram && i < TALLY_SIZE_CLASSES; i++)
        sums[i] += histogram[i];
    if (sums && !histogram)
        sums[from->size_class] += added;
    return true;
}

static struct tally_allocation key_of(const struct tli_heap_site *site, uint32_t context) {
    const struct tli_heap_kind *kind = (const struct tli_heap_kind *)site->node.fn;
    struct tally_allocation key = {
        .context = context,
        .site = site->node.site,
        .kind = kind->name,
        .size_bytes = kind->size_bytes,
    };
    if (site->by_address)
        key.call_address = tli_call_in_profile(site->node.parent->fn, site->call_address);
    return key;
}

bool tli_heap_merge_site(struct tli_heap_merge *merge, const struct tli_heap_site *site,
                         uint32_t context) {
    struct tally_allocation key = key_of(site, context);
    struct tally_allocation *to = place_of(merge, &key);
    if (!to || !add_sizes(merge, to, to->allocated_objects, site))
        return false;
    add_counts(to, &site->own);
    add_counts(to, &site->others);
    to->most_bytes += site->most_bytes;
    if (merge->since_mark && site->marked)
        add_amounts(to, site->marked, -1);
    return true;
}

/* ---- all ---- */

static void to_nanoseconds(struct tally_allocation *allocation, struct tli_clock_rate rate) {
    allocation->lifetime_ns = tli_ticks_to_ns(rate, allocation->lifetime_ns);
    allocation->shortest_ns = tli_ticks_to_ns(rate, allocation->shortest_ns);
    allocation->longest_ns = tli_ticks_to_ns(rate, allocation->longest_ns);
}

bool tli_heap_merge_end(struct tli_heap_merge *merge, struct tally_snapshot *snapshot) {
    for (const struct tli_heap_kind *kind = tli_heap_kinds(); kind; kind = kind->older) {
        bool is_used = kind->outside.others.total.allocated_objects != 0;
        if (is_used && !tli_heap_merge_site(merge, &kind->outside, TALLY_NO_INDEX))
            return false;
    }
    struct tli_clock_rate rate = tli_clock_rate();
    for (size_t i = 0; i < merge->n; i++)
        to_nanoseconds(&merge->allocations[i], rate);
    snapshot->heap = (struct tally_heap){
        .mode = (enum tally_heap_mode)tli_heap_mode,
        .note = tli_heap_note,
        .sizes = tli_options.sizes,
        .timed = tli_options_timing() != TALLY_TIMING_OFF,
        .allocations = merge->allocations,
        .n_allocations = merge->n,
        .peak_bytes = tli_heap_peak_bytes(),
        .table_bytes = tli_heap_table_bytes(),
        .frees_unmatched = tli_heap_totals.frees_unmatched,
        .blocks_unrecorded = tli_heap_totals.blocks_unrecorded,
    };
    return true;
}

/* ---- sums ---- */

static void add(struct tli_heap_amounts *to, const struct tli_heap_amounts *from) {
    to->allocated_objects += from->allocated_objects;
    to->allocated_bytes += from->allocated_bytes;
    to->freed_objects += from->freed_objects;
    to->freed_bytes += from->freed_bytes;
}

static struct tli_heap_amounts sum_of_site(const struct tli_heap_site *site) {
    struct tli_heap_amounts sum = site->own.total;
    add(&sum, &site->others.total);
    return sum;
}

static struct tli_heap_amounts all;

static void add_site(struct tli_heap_site *site) {
    const struct tli_heap_kind *kind = (const struct tli_heap_kind *)site->node.fn;
    struct tli_heap_amounts sum = sum_of_site(site);
    if (!kind->name)
        add(&all, &sum);
}

/* Calls `visit` for each site there is. */
static void visit_all(void (*visit)(struct tli_heap_site *site)) {
    tli_heap_settle();
    for (struct tli_heap_kind *kind = tli_heap_kinds(); kind; kind = kind->older)
        visit(&kind->outside);
    for (struct tli_thread *t = tli_threads(); t; t = t->next)
        tli_heap_sites_visit(t, visit);
}

struct tli_heap_amounts tli_heap_amounts(void) {
    all = (struct tli_heap_amounts){0};
    visit_all(add_site);
    return all;
}

/* ---- marks ---- */

static struct tli_arena mark_arena;
static bool out_of_memory;

static void mark(struct tli_heap_site *site) {
    struct tli_heap_amounts *to = site->marked;
    if (!to && !(to = tli_arena_alloc(&mark_arena, sizeof *to))) {
        out_of_memory = true;
        return;
    }
    *to = sum_of_site(site);
    site->marked = to;
}

int tli_heap_mark(void) {
    out_of_memory = false;
    visit_all(mark);
    return out_of_memory ? -ENOMEM : 0;
}
