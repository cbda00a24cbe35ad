/* sites.c - see sites.h. */
#include "heap/sites.h"

#include "arena.h"
#include "entry_points.h"
#include "lock.h"
#include "thread.h"
#include "tree.h"

#include <assert.h>
#include <string.h>

/* Behind a node come its slots and cells, then the address of the call: so are sites laid out. */
enum { N_CELLS = (offsetof(struct tli_heap_site, call_address) - sizeof(struct tally_node)) / 8 };
static_assert(offsetof(struct tli_heap_site, node) == 0, "a site is a node");
static_assert(offsetof(struct tli_heap_site, call_address) ==
                  sizeof(struct tally_node) + N_CELLS * sizeof(uint64_t),
              "the address of the call is behind the cells");
static_assert(sizeof(struct tli_heap_site) ==
                  offsetof(struct tli_heap_site, call_address) + sizeof(uint64_t),
              "nothing is behind it");

#define NOBODYS(kind)                                                                              \
    { .node.fn = &(kind).fn, .node.site = TALLY_NO_INDEX }
struct tli_heap_kind tli_heap_mapping = {
    .fn.n_cells = N_CELLS, .name = "mmap", .outside = NOBODYS(tli_heap_mapping)};
struct tli_heap_kind tli_heap_malloc = {
    .fn.n_cells = N_CELLS, .outside = NOBODYS(tli_heap_malloc), .older = &tli_heap_mapping};
struct tli_heap_site tli_heap_silent = NOBODYS(tli_heap_malloc);

static _Atomic(struct tli_heap_kind *) kinds = &tli_heap_malloc;
static _Atomic size_t sites_made = 2; /* with those outside */

struct tli_heap_kind *tli_heap_kinds(void) {
    return atomic_load_explicit(&kinds, memory_order_acquire);
}

size_t tli_heap_sites_made(void) {
    return atomic_load_explicit(&sites_made, memory_order_relaxed);
}

/* ---- kinds ---- */

enum { BUCKETS = 1024 };
static _Atomic(struct tli_heap_kind *) interned[BUCKETS];
static struct tli_arena kinds_arena;
static atomic_flag kinds_lock = ATOMIC_FLAG_INIT;

static bool same_name(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static struct tli_heap_kind *find_kind(size_t bucket, const char *name, uint64_t size_bytes) {
    struct tli_heap_kind *kind = atomic_load_explicit(&interned[bucket], memory_order_acquire);
    while (kind && (kind->size_bytes != size_bytes || !same_name(kind->name, name)))
        kind = kind->next;
    return kind;
}

static size_t bucket_of(const char *name, uint64_t size_bytes) {
    uint64_t hash = size_bytes;
    for (; name && *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001B3u;
    return (hash * 0x9E3779B97F4A7C15u >> 40) % BUCKETS;
}

struct tli_heap_kind *tli_heap_kind(const char *name, uint64_t size_bytes) {
    size_t bucket = bucket_of(name, size_bytes);
    struct tli_heap_kind *kind = find_kind(bucket, name, size_bytes);
    if (kind)
        return kind;
    uint64_t mask = tli_spin_lock(&kinds_lock);
    kind = find_kind(bucket, name, size_bytes);
    if (!kind && (kind = tli_arena_alloc(&kinds_arena, sizeof *kind))) {
        kind->fn.n_cells = N_CELLS;
        kind->name = name ? tli_arena_copy_text(&kinds_arena, name) : NULL;
        kind->size_bytes = size_bytes;
        kind->outside = (struct tli_heap_site)NOBODYS(*kind);
        kind->next = atomic_load_explicit(&interned[bucket], memory_order_relaxed);
        kind->older = tli_heap_kinds();
        atomic_fetch_add_explicit(&sites_made, 1, memory_order_relaxed);
        atomic_store_explicit(&kinds, kind, memory_order_release);
        atomic_store_explicit(&interned[bucket], kind, memory_order_release);
    }
    tli_spin_unlock(&kinds_lock, mask);
    return kind;
}

/* ---- sites ---- */

static bool is_vacant(const struct tally_node *held) {
    return held->fn == &tli_fn_nobody;
}

static __attribute__((noinline)) struct tli_heap_site *
find_site(struct tli_thread *thread, struct tli_heap_kind *kind, const void *from) {
    struct tally_node **slot = __tally_tls.slot;
    struct tli_call call = tli_call_under_way(thread, &kind->fn);
    if (call.owner == thread->root)
        return &kind->outside;
    bool by_address = tli_is_dynamic(call.owner->fn);
    if (by_address)
        call.address = (uintptr_t)from;
    struct tally_node *node = tli_find_child(thread, call.owner, call);
    if (!node->parent)
        return &kind->outside; /* no memory for a node */
    struct tli_heap_site *site = (struct tli_heap_site *)node;
    if (!site->owner)
        atomic_fetch_add_explicit(&sites_made, 1, memory_order_relaxed);
    site->owner = thread;
    site->by_address = by_address;
    if (node->parent == tli_owner(call.owner) && is_vacant(*slot) && slot != &tli_siteless_slot &&
        slot != &__tally_tail_slot)
        *slot = node;
    return site;
}

struct tli_heap_site *tli_heap_site(struct tli_heap_kind *kind, const void *from) {
    struct tli_thread *thread = tli_self;
    if (!thread)
        return &kind->outside;
    struct tli_heap_site *held = (struct tli_heap_site *)*__tally_tls.slot;
    if (held->node.fn == &kind->fn && (!held->by_address || held->call_address == (uintptr_t)from))
        return held;
    return find_site(thread, kind, from);
}

static struct tli_arena outside_arena; /* for what no thread's site needs; behind its lock */

void tli_heap_begin_histogram(struct tli_heap_site *site, uint64_t objects) {
    struct tli_arena *arena = site->owner ? &site->owner->arena : &outside_arena;
    uint64_t *histogram = tli_arena_alloc(arena, TALLY_SIZE_CLASSES * sizeof *histogram);
    if (!histogram)
        return;
    histogram[site->size_class] = objects;
    site->histogram = histogram;
}

void tli_heap_site_forget(struct tli_heap_site *site) {
    for (size_t i = 0; site->histogram && i < TALLY_SIZE_CLASSES; i++)
        site->histogram[i] = 0;
    site->most_bytes = 0;
    site->own = site->others = (struct tli_heap_counts){.noted_at = 0};
    site->marked = NULL;
    atomic_store(&site->lock, 0);
}

void tli_heap_sites_visit(struct tli_thread *thread, void (*visit)(struct tli_heap_site *site)) {
    struct tally_node *root = thread->root;
    for (struct tally_node *n = root; n; n = tli_next_in_preorder(root, n))
        for (struct tally_node *child = tli_first_child(n); child; child = child->next)
            if (tli_is_allocation(child->fn))
                visit((struct tli_heap_site *)child);
}
