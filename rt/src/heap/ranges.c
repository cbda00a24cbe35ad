/* ranges.c - see ranges.h. */
#include "heap/ranges.h"

#include "arena.h"
#include "heap/heap.h"
#include "heap/sites.h"
#include "lock.h"

#include <string.h>

struct mapping {
    struct tli_heap_site *site;
    size_t bytes; /* that are left; 0: unused */
    struct mapping *next_unused;
};

struct range {
    uintptr_t start, end;
    struct mapping *of;
    const void *leaving; /* who has asked the kernel to unmap it; or null */
};

enum { FIRST_RANGES = 128 };

static atomic_flag lock = ATOMIC_FLAG_INIT;
static struct range *ranges;
static size_t n_ranges, max_ranges;
static struct mapping *unused;
static struct tli_arena mappings_arena;
static size_t mappings_bytes;

/* ---- counts ---- */

static struct tli_heap_amounts *amounts_of(struct tli_heap_site *site) {
    return &site->others.total;
}

static void count_mapped(struct tli_heap_site *site, size_t bytes) {
    amounts_of(site)->allocated_objects++;
    amounts_of(site)->allocated_bytes += bytes;
}

static void count_unmapped(struct tli_heap_site *site, size_t bytes, bool is_last) {
    amounts_of(site)->freed_objects += is_last;
    amounts_of(site)->freed_bytes += bytes;
}

/* ---- mappings ---- */

static struct mapping *begin_mapping(struct tli_heap_site *site, size_t bytes) {
    struct mapping *mapping = unused;
    if (mapping) {
        unused = mapping->next_unused;
    } else {
        mapping = tli_arena_alloc(&mappings_arena, sizeof *mapping);
        mappings_bytes += sizeof *mapping;
    }
    if (mapping)
        *mapping = (struct mapping){.site = site, .bytes = bytes};
    return mapping;
}

static void end_part(const struct range *range) {
    struct mapping *mapping = range->of;
    size_t bytes = range->end - range->start;
    mapping->bytes -= bytes;
    count_unmapped(mapping->site, bytes, mapping->bytes == 0);
    if (mapping->bytes == 0) {
        mapping->next_unused = unused;
        unused = mapping;
    }
}

/* ---- ranges ---- */

static bool make_room(size_t more) {
    if (n_ranges + more <= max_ranges)
        return true;
    size_t larger = max_ranges ? 2 * max_ranges : FIRST_RANGES;
    struct range *moved = tli_map(larger * sizeof *moved);
    if (!moved)
        return false;
    if (ranges) {
        memcpy(moved, ranges, n_ranges * sizeof *moved);
        tli_unmap(ranges, max_ranges * sizeof *ranges);
    }
    ranges = moved;
    max_ranges = larger;
    return true;
}

static void insert(size_t at, struct range range) {
    memmove(&ranges[at + 1], &ranges[at], (n_ranges - at) * sizeof *ranges);
    ranges[at] = range;
    n_ranges++;
}

/* The first that ends behind the address; n_ranges if none does. */
static size_t first_behind(uintptr_t address) {
    size_t from = 0, to = n_ranges;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (ranges[middle].end > address)
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

static void split(uintptr_t address) {
    size_t at = first_behind(address);
    if (at == n_ranges || ranges[at].start >= address)
        return;
    struct range lower = ranges[at];
    lower.end = ranges[at].start = address;
    insert(at, lower);
}

/* So that each range is within these bounds, or without. */
static bool cut(uintptr_t start, uintptr_t end) {
    if (!make_room(2))
        return false;
    split(start);
    split(end);
    return true;
}

/* Those that `by` has marked, or all if it is null. */
static void take_out(uintptr_t start, uintptr_t end, const void *by) {
    size_t first = first_behind(start), kept = first, i = first;
    for (; i < n_ranges && ranges[i].start < end; i++)
        if (by && ranges[i].leaving != by)
            ranges[kept++] = ranges[i];
        else
            end_part(&ranges[i]);
    memmove(&ranges[kept], &ranges[i], (n_ranges - i) * sizeof *ranges);
    n_ranges -= i - kept;
}

/* ---- with the lock ---- */

/* Without memory for it, it counts as given back at once. */
static void map(uintptr_t start, uintptr_t end, struct tli_heap_site *site) {
    count_mapped(site, end - start);
    if (tli_heap_mode != TALLY_HEAP_FULL)
        return;
    bool has_room = cut(start, end) && make_room(1);
    if (has_room)
        take_out(start, end, NULL);
    struct mapping *mapping = has_room ? begin_mapping(site, end - start) : NULL;
    if (mapping) {
        insert(first_behind(start), (struct range){.start = start, .end = end, .of = mapping});
    } else {
        count_unmapped(site, end - start, true);
        atomic_fetch_add(&tli_heap_totals.blocks_unrecorded, 1);
    }
}

static struct tli_heap_site *site_of(const void *from) {
    return tli_heap_is_recording ? tli_heap_site(&tli_heap_mapping, from) : &tli_heap_silent;
}

void tli_ranges_map(uintptr_t start, size_t bytes, const void *from) {
    struct tli_heap_site *site = site_of(from);
    uint64_t mask = tli_spin_lock(&lock);
    map(start, start + bytes, site);
    tli_spin_unlock(&lock, mask);
}

static void mark(uintptr_t start, uintptr_t end, const void *from, const void *to) {
    for (size_t i = first_behind(start); i < n_ranges && ranges[i].start < end; i++)
        if (!from || ranges[i].leaving == from)
            ranges[i].leaving = to;
}

void tli_ranges_leaving(uintptr_t start, size_t bytes, const void *by) {
    uint64_t mask = tli_spin_lock(&lock);
    if (cut(start, start + bytes))
        mark(start, start + bytes, NULL, by);
    else
        atomic_fetch_add(&tli_heap_totals.blocks_unrecorded, 1);
    tli_spin_unlock(&lock, mask);
}

void tli_ranges_left(uintptr_t start, size_t bytes, const void *by) {
    uint64_t mask = tli_spin_lock(&lock);
    take_out(start, start + bytes, by);
    tli_spin_unlock(&lock, mask);
}

void tli_ranges_stayed(uintptr_t start, size_t bytes, const void *by) {
    uint64_t mask = tli_spin_lock(&lock);
    mark(start, start + bytes, by, NULL);
    tli_spin_unlock(&lock, mask);
}

size_t tli_ranges_memory_bytes(void) {
    return max_ranges * sizeof *ranges + mappings_bytes;
}

/* The memory stays, in case another thread was here: what it left is not whole. */
void tli_ranges_forget(void) {
    ranges = NULL;
    unused = NULL;
    n_ranges = max_ranges = mappings_bytes = 0;
    mappings_arena = (struct tli_arena){.newest = NULL};
    atomic_flag_clear(&lock);
}
