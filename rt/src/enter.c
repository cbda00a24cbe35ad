/*
 * enter.c - an entry whose slot holds another function's node: find or make the right one.
 *
 * Called by __tally_enter_slow (enter_x86_64.S), which keeps all registers. So this file, and all
 * it calls but tli_thread_begin, is compiled for general registers only and calls no libc.
 *
 * How an entry comes here, and who its caller then is:
 *   first call from a site, or a site with several callees     the slot's owner, at that site
 *   first entry of a thread (slot = bootstrap)                 the thread's root
 *   entered by a jump (slot = tail slot), callee as announced  tail_node, at tail_site
 *   in a signal handler (slot = siteless slot)                 cur, at no known site
 *
 * The slot says more than `cur`: a function sets it before each call, while `cur` is another's
 * after a change of stacks that nobody announced.
 *
 * Everything here may be interrupted by a signal handler that enters functions on the same thread:
 * a child is linked by compare-and-swap, and the cache holds hints only. If the handler made the
 * same child meanwhile there are two, each with its own calls; the profile adds them up.
 */
#include "clock.h"
#include "entry_points.h"
#include "options.h"
#include "retire.h"
#include "sampling.h"
#include "thread.h"
#include "tree.h"
#include "twins.h"

#include <stdatomic.h>

static const struct tally_source source_root = {"[thread]", "[thread]", "", 0, 0};
static const struct tally_source source_beyond = {"[contexts beyond the memory limit]",
                                                  "[contexts beyond the memory limit]", "", 0, 0};
static const struct tally_scope scope_root = {&source_root, TALLY_NO_INDEX, 0};
static const struct tally_scope scope_beyond = {&source_beyond, TALLY_NO_INDEX, 0};
static const struct tally_site site_root = {0, 0};
const struct tally_function tli_fn_root = {.source = &source_root,
                                           .scopes = &scope_root,
                                           .sites = &site_root,
                                           .n_scopes = 1,
                                           .n_sites = 1};
const struct tally_function tli_fn_beyond = {
    .source = &source_beyond, .scopes = &scope_beyond, .n_scopes = 1};

const struct tally_function tli_fn_nobody = {0};
struct tally_node tli_sentinel = {.fn = &tli_fn_nobody};
struct tally_node *tli_bootstrap_slot = &tli_sentinel;
struct tally_node *tli_siteless_slot = &tli_sentinel;
struct tally_node *__tally_tail_slot = &tli_sentinel;

static _Atomic uint64_t tree_bytes, tree_nodes;

/* Where counts go when the kernel gives no memory at all; a loss that is told as such. */
static struct tally_node *scratch_words[sizeof(struct tally_node) / 8 + TALLY_MAX_SLOTS + 1]
    __attribute__((aligned(16)));
static struct tally_node *const scratch = (struct tally_node *)(void *)scratch_words;

static struct tally_node *scratch_node(const struct tally_function *fn) {
    scratch->fn = fn;
    scratch->due = tli_first_due(fn);
    scratch->vacant = &tli_fn_nobody;
    for (uint32_t k = 0; k < fn->n_sites; k++)
        scratch->child[k] = tli_vacant(scratch);
    return scratch;
}

size_t tli_nodes_made(void) {
    return atomic_load_explicit(&tree_nodes, memory_order_relaxed);
}

uint64_t tli_calls_nowhere(void) {
    return scratch->calls;
}

static struct tally_node *node_make(struct tli_thread *thread, const struct tally_function *fn,
                                    struct tally_node *parent, uint32_t site) {
    size_t size = sizeof(struct tally_node) + tli_n_words(fn) * sizeof(uint64_t);
    struct tally_node *node = tli_arena_alloc(&thread->arena, size);
    if (!node)
        return NULL;
    atomic_fetch_add_explicit(&tree_bytes, size, memory_order_relaxed);
    atomic_fetch_add_explicit(&tree_nodes, 1, memory_order_relaxed);
    node->fn = fn;
    node->parent = parent;
    node->site = site;
    node->due = tli_first_due(fn);
    node->vacant = &tli_fn_nobody;
    for (uint32_t k = 0; k < fn->n_sites; k++)
        node->child[k] = tli_vacant(node);
    return node;
}

struct tally_node *tli_root_make(struct tli_thread *thread) {
    struct tally_node *root = node_make(thread, &tli_fn_root, NULL, TALLY_NO_INDEX);
    struct tally_node *beyond =
        root ? node_make(thread, &tli_fn_beyond, root, TALLY_NO_INDEX) : NULL;
    if (!beyond)
        return NULL;
    root->children = thread->beyond = beyond;
    return thread->root = root;
}

static struct tally_node *ancestor_of(struct tally_node *node, const struct tally_function *fn) {
    for (; node; node = node->parent)
        if (node->fn == fn && !node->folded)
            return node;
    return NULL;
}

static struct tally_node *link_child(struct tally_node *node) {
    struct tally_node *parent = node->parent;
    struct tally_node *first = __atomic_load_n(&parent->children, __ATOMIC_RELAXED);
    do {
        node->next = first;
    } while (!__atomic_compare_exchange_n(&parent->children, &first, node, false, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
    return node;
}

static inline bool is_call(const struct tally_node *node, const struct tli_call *call) {
    return node->fn == call->fn && node->parent == call->owner && node->site == call->site &&
           (!tli_is_dynamic(call->fn) ||
            *tli_call_address((struct tally_node *)node) == call->address);
}

static struct tally_node *make_child(struct tli_thread *thread, const struct tli_call *call) {
    struct tally_node *node = node_make(thread, call->fn, call->owner, call->site);
    if (!node)
        return NULL;
    if (tli_is_dynamic(call->fn))
        *tli_call_address(node) = call->address;
    struct tally_node *ancestor = ancestor_of(call->owner, call->fn);
    if (ancestor) {
        ancestor->has_folded = 1;
        node->folded = 1;
        node->children = ancestor;
    }
    return link_child(node);
}

/* … which the program would not have spent its time with. */
static struct tally_node *make_child_unseen(struct tli_thread *thread,
                                            const struct tli_call *call) {
    struct tally_tls *tls = &__tally_tls;
    uint64_t start = tli_now_for(tls->clock);
    struct tally_node *node = make_child(thread, call);
    tls->last += tli_now_for(tls->clock) - start;
    return node;
}

static struct tally_node **cache_entry(struct tli_thread *thread, const struct tli_call *call) {
    uint64_t key = ((uintptr_t)call->owner >> 4) * 0x9E3779B97F4A7C15u ^
                   ((uintptr_t)call->fn >> 4) * 0xC2B2AE3D27D4EB4Fu ^
                   (call->site + call->address) * 0x165667B19E3779F9u;
    return &thread->cache[(key >> 40) & (TLI_CACHE_SIZE - 1)];
}

/* The context of this call before its function's library was unloaded, and now loaded again. */
static struct tally_node *revive(const struct tli_call *call) {
    if (!__atomic_load_n(&tli_has_retired, __ATOMIC_RELAXED) || tli_is_dynamic(call->fn))
        return NULL;
    for (struct tally_node *node = call->owner->children; node; node = node->next)
        if (node->fn->retired && node->parent == call->owner && node->site == call->site &&
            tli_are_twins(node->fn, call->fn)) {
            __atomic_store_n(&node->fn, call->fn, __ATOMIC_RELEASE);
            return node;
        }
    return NULL;
}

static struct tally_node *lookup(struct tli_thread *thread, const struct tli_call *call) {
    struct tally_node **hint = cache_entry(thread, call);
    struct tally_node *node = *hint;
    if (node && is_call(node, call))
        return node;
    if (call->first)
        return NULL;
    for (node = call->owner->children; node; node = node->next)
        if (is_call(node, call))
            return *hint = node;
    node = revive(call);
    if (node)
        *hint = node;
    return node;
}

/* Past the memory limit, calls count under one node per function. */
static struct tally_node *find_beyond(struct tli_thread *thread, struct tli_call call) {
    call.owner = thread->beyond;
    call.site = TALLY_NO_INDEX;
    call.address = 0;
    call.first = false;
    struct tally_node *node = lookup(thread, &call);
    if (!node)
        node = make_child(thread, &call);
    return node ? node : scratch_node(call.fn);
}

struct tally_node *tli_find_child(struct tli_thread *thread, struct tally_node *caller,
                                  struct tli_call call) {
    call.owner = tli_owner(caller);
    if (call.owner->parent == thread->beyond || call.owner == scratch)
        return find_beyond(thread, call);
    struct tally_node *node = lookup(thread, &call);
    if (!node && atomic_load_explicit(&tree_bytes, memory_order_relaxed) < tli_options.memory)
        node = make_child_unseen(thread, &call);
    return node ? node : find_beyond(thread, call);
}

/* Who makes the call through `slot`, and at which site: an empty slot is its owner's, and what is
 * in it was called from there. (A folded caller is known by its ancestor, where its children are.)
 */
static struct tli_call call_through(struct tli_thread *thread, struct tally_tls *tls,
                                    struct tally_node **slot, const struct tally_function *fn) {
    struct tally_node *held = *slot;
    struct tli_call call = {.fn = fn, .site = TALLY_NO_INDEX};
    if (slot == &tli_siteless_slot) {
        call.owner = tls->cur;
    } else if (held->fn == &tli_fn_nobody) {
        call.owner = tli_owner_of_vacant(held);
        if (call.owner != thread->root) {
            call.site = (uint32_t)(slot - call.owner->child);
            call.first = !call.owner->folded && !call.owner->has_folded;
        }
    } else if (held->parent && held->parent != thread->beyond) {
        call.owner = held->parent;
        call.site = held->site;
    } else {
        call.owner = tls->cur; /* beyond the memory limit, where callers are not kept */
    }
    return call;
}

struct tli_call tli_call_under_way(struct tli_thread *thread, const struct tally_function *fn) {
    struct tally_tls *tls = &__tally_tls;
    if (tls->slot != &__tally_tail_slot)
        return call_through(thread, tls, tls->slot, fn);
    struct tli_call call = {.fn = fn, .owner = tls->tail_node, .site = (uint32_t)tls->tail_site};
    if (tls->tail_site >= tls->tail_node->fn->n_sites)
        call.site = TALLY_NO_INDEX;
    return call;
}

/* A handler that comes in between finds no pair that does not belong together. */
static void remember(struct tli_thread *thread, struct tally_node **slot, struct tally_node *node) {
    struct tli_reached *reached = tli_reached(thread, slot, node->fn);
    __atomic_store_n(&reached->slot, NULL, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    __atomic_store_n(&reached->node, node, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    __atomic_store_n(&reached->slot, slot, __ATOMIC_RELAXED);
}

static bool is_caller(const struct tally_node *caller, const struct tally_node *node) {
    while (node && node != caller)
        node = node->parent;
    return node;
}

static struct tally_node *enter_by_slot(struct tli_thread *thread, struct tally_tls *tls,
                                        struct tally_node **in, const struct tally_function *fn) {
    struct tli_call call = call_through(thread, tls, in, fn);
    if (tli_owner(tls->cur) != tli_owner(call.owner)) {
        tls->cur = call.owner;
        if (!is_caller(tls->charged, call.owner))
            tls->charged = tli_always_timed(call.owner);
    }
    struct tally_node *node = tli_find_child(thread, call.owner, call);
    if (in == &tli_siteless_slot)
        return node;
    if (node->parent == tli_owner(call.owner))
        remember(thread, in, node);
    return *in = node;
}

/* A function left by a jump, and either its callee enters, or that callee was uninstrumented and
 * somebody else enters now. */
static struct tally_node *enter_by_jump(struct tli_thread *thread, struct tally_tls *tls,
                                        const struct tally_function *fn) {
    struct tally_node **in = tls->tail_return;
    bool announced =
        fn->address == tls->tail_callee && tls->tail_site < tls->tail_node->fn->n_sites;
    tls->slot = in;
    tls->tail_callee = NULL;
    if (announced) {
        struct tli_call call = {.fn = fn, .site = (uint32_t)tls->tail_site};
        struct tally_node *jumper = tls->tail_node;
        struct tally_node *node = jumper->child[call.site];
        if (node->fn == fn)
            return node;
        return jumper->child[call.site] = tli_find_child(thread, jumper, call);
    }
    return (*in)->fn == fn ? *in : enter_by_slot(thread, tls, in, fn);
}

/* From enter_x86_64.S. */
struct tally_node *tli_enter_slow(struct tally_node **in, const struct tally_function *fn);
struct tally_node *tli_enter_slow(struct tally_node **in, const struct tally_function *fn) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_thread *thread = tli_self;
    if (in == &tli_bootstrap_slot) {
        thread = tli_thread_begin();
        in = tls->slot;
    }
    if (!thread)
        return tls->cur = tls->charged = scratch_node(fn);
    if (in == &__tally_tail_slot)
        return enter_by_jump(thread, tls, fn);
    return enter_by_slot(thread, tls, in, fn);
}
