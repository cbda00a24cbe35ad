/*
 * snapshot.c - see snapshot.h: merging the threads' trees.
 *
 * Contexts of different threads are the same if their parents are, and function, site and call
 * address. One tree holds no two such contexts, but for a signal at the wrong moment (enter.c),
 * which readers of a profile add up; so only for the next trees is an index needed, an
 * open-addressing hash table over what is there.
 *
 *   index[hash(parent, fn, site, address)] = position in contexts[] + 1
 */
#include "snapshot.h"

#include "clock.h"
#include "entry_points.h"
#include "heap/snapshot.h"
#include "modules.h"
#include "options.h"
#include "recording.h"
#include "sampling.h"
#include "tree.h"

#include <errno.h>

struct merge {
    struct tally_context *contexts;
    uint64_t *timed; /* of each context: calls whose time was read */
    size_t n, capacity;
    uint32_t *index; /* null while there is one tree */
    size_t index_mask;
    struct tli_arena *arena;
    struct tli_heap_merge heap;
};

static bool merge_begin(struct merge *merge, struct tli_arena *arena) {
    size_t nodes = tli_nodes_made();
    size_t capacity = nodes + nodes / 8 + 1024; /* trees may grow while they are read */
    if (capacity >= TALLY_NO_INDEX)
        return false;
    *merge = (struct merge){.capacity = capacity, .arena = arena};
    merge->contexts = tli_arena_alloc(arena, capacity * sizeof *merge->contexts);
    merge->timed = tli_arena_alloc(arena, capacity * sizeof *merge->timed);
    if (!merge->contexts || !merge->timed || !tli_heap_merge_begin(&merge->heap, arena))
        return false;
    struct tli_thread *threads = tli_threads();
    if (!threads || !threads->next)
        return true;
    size_t size = 1024;
    while (size < capacity * 2)
        size *= 2;
    merge->index_mask = size - 1;
    merge->index = tli_arena_alloc(arena, size * sizeof *merge->index);
    return merge->index != NULL;
}

static size_t hash_of(const struct tally_context *c) {
    uint64_t hash = (uintptr_t)c->fn >> 4;
    hash = (hash ^ c->parent) * 0x9E3779B97F4A7C15u;
    hash = (hash ^ (hash >> 29) ^ c->site ^ c->call_address) * 0xC2B2AE3D27D4EB4Fu;
    return hash >> 20;
}

static bool same(const struct tally_context *a, const struct tally_context *b) {
    return a->fn == b->fn && a->parent == b->parent && a->site == b->site &&
           a->call_address == b->call_address;
}

/* Position of the context like `key`, which is added if it is new. The caller left room. */
static uint32_t merge_place(struct merge *merge, const struct tally_context *key) {
    size_t i = 0;
    if (merge->index) {
        for (i = hash_of(key) & merge->index_mask; merge->index[i]; i = (i + 1) & merge->index_mask)
            if (same(&merge->contexts[merge->index[i] - 1], key))
                return merge->index[i] - 1;
        merge->index[i] = (uint32_t)merge->n + 1;
    }
    merge->contexts[merge->n] = *key;
    return (uint32_t)merge->n++;
}

static bool add_counters(struct merge *merge, struct tally_context *context,
                         struct tally_node *node) {
    uint32_t n = node->fn->n_counters;
    if (n == 0)
        return true;
    uint64_t *sums = (uint64_t *)(uintptr_t)context->counters;
    if (!sums) {
        sums = tli_arena_alloc(merge->arena, n * sizeof *sums);
        if (!sums)
            return false;
        context->counters = sums;
    }
    for (uint32_t k = 0; k < n; k++)
        sums[k] += tli_recorded_counter(node, k);
    return true;
}

static void add_variance(struct tally_context *context, uint64_t ticks_squared) {
    if (__builtin_add_overflow(context->wall_variance, ticks_squared, &context->wall_variance))
        context->wall_variance = UINT64_MAX;
}

/* Time of calls that no timed one stood for is the caller's so far. */
static void move_rest(struct merge *merge, uint32_t place, int64_t ticks) {
    struct tally_context *context = &merge->contexts[place];
    if (context->parent == TALLY_NO_INDEX)
        return;
    context->wall_ns += (uint64_t)ticks;
    merge->contexts[context->parent].wall_ns -= (uint64_t)ticks;
}

static bool merge_node(struct merge *merge, struct tally_node *node, struct tli_pending pending,
                       uint32_t parent, uint32_t *place) {
    if (merge->n == merge->capacity)
        return false;
    struct tally_context key = {.fn = node->fn, .parent = parent, .site = node->site};
    if (tli_is_dynamic(node->fn))
        key.call_address = tli_call_in_profile(node->parent->fn, *tli_call_address(node));
    *place = merge_place(merge, &key);
    struct tally_context *context = &merge->contexts[*place];
    struct tli_numbers numbers = tli_recorded(node, pending);
    context->calls += numbers.calls;
    merge->timed[*place] += numbers.timed;
    context->wall_ns += numbers.self; /* ticks until all are added */
    add_variance(context, numbers.variance);
    if (!node->paused)
        move_rest(merge, *place, tli_untimed_rest(node));
    return add_counters(merge, context, node);
}

/* The first context of a list of children, after the allocations before it were merged, which are
 * `parent`'s. False without room for one. */
static bool merge_allocations(struct merge *merge, struct tally_node **child, uint32_t parent) {
    for (; *child && tli_is_allocation((*child)->fn); *child = (*child)->next)
        if (!tli_heap_merge_site(&merge->heap, (const struct tli_heap_site *)*child, parent))
            return false;
    return true;
}

/* In pre-order. `place` is where `node` went in contexts[]; going up, it follows `parent` there. */
static bool merge_thread(struct merge *merge, struct tli_thread *thread) {
    struct tli_pending pending = {0};
    if (thread != tli_self)
        pending = tli_thread_pending(thread);
    uint32_t place = TALLY_NO_INDEX;
    struct tally_node *node = thread->root;
    for (;;) {
        struct tally_node *child = tli_first_child(node);
        if (!merge_allocations(merge, &child, place))
            return false;
        while (!child && node != thread->root) {
            child = node->next;
            node = node->parent;
            place = merge->contexts[place].parent;
            if (!merge_allocations(merge, &child, place))
                return false;
        }
        if (!child)
            return true;
        if (!merge_node(merge, child, pending, place, &place))
            return false;
        node = child;
    }
}

static struct tli_probe_ways ways_of(const struct tally_snapshot *snapshot) {
    struct tli_probe_ways ways = {false, false};
    for (size_t i = 0; i < snapshot->n_contexts; i++) {
        const struct tally_context *c = &snapshot->contexts[i];
        if (tli_is_dynamic(c->fn))
            ways.hooks = true;
        else if (c->calls)
            ways.inline_code = true;
    }
    return ways;
}

static void to_nanoseconds(struct tally_snapshot *snapshot, struct tally_context *contexts,
                           const struct tli_probe_costs *costs) {
    struct tli_clock_rate rate = tli_clock_rate();
    for (size_t i = 0; i < snapshot->n_contexts; i++) {
        contexts[i].wall_ns = tli_ticks_to_ns(rate, contexts[i].wall_ns);
        contexts[i].wall_variance =
            tli_ticks_to_ns(rate, tli_ticks_to_ns(rate, contexts[i].wall_variance));
    }
    snapshot->losses.clamped_ns = tli_ticks_to_ns(rate, snapshot->losses.clamped_ns);
    snapshot->clock = tli_clock_name();
    snapshot->clock_hz = tli_clock_hz(rate);
    bool hooks_only = !ways_of(snapshot).inline_code;
    const struct tli_probe_cost *cost = hooks_only ? &costs->hooks : &costs->inline_code;
    snapshot->probe_inside_ps = tli_ticks_to_ns(rate, cost->inside * 1000) / 1024;
    snapshot->probe_outside_ps = tli_ticks_to_ns(rate, cost->outside * 1000) / 1024;
    snapshot->probe_counted_ps = tli_ticks_to_ns(rate, cost->counted * 1000) / 1024;
}

static void count_losses(struct tally_snapshot *snapshot) {
    snapshot->losses.contexts_collapsed = tli_calls_nowhere();
    for (size_t i = 0; i < snapshot->n_contexts; i++) {
        const struct tally_context *c = &snapshot->contexts[i];
        if (c->parent != TALLY_NO_INDEX && snapshot->contexts[c->parent].fn == &tli_fn_beyond)
            snapshot->losses.contexts_collapsed += c->calls;
    }
    for (struct tli_thread *t = tli_threads(); t; t = t->next)
        snapshot->losses.exits_unmatched += t->exits_unmatched;
    snapshot->losses.threads_unrecorded = tli_threads_unrecorded();
    snapshot->threads = tli_threads_started();
    snapshot->threads_time = tli_threads_time();
    snapshot->clock_fallback = tli_clock_fallback();
}

/* What was done, whatever the run was told: functions may be compiled for one timing. */
static void count_timed(struct tally_snapshot *snapshot, const uint64_t *timed) {
    for (size_t i = 0; i < snapshot->n_contexts; i++) {
        snapshot->timed_calls += timed[i];
        snapshot->sampled_contexts += timed[i] != 0 && timed[i] < snapshot->contexts[i].calls;
    }
    snapshot->timing = tli_options_timing();
    if (snapshot->timed_calls == 0)
        snapshot->timing = TALLY_TIMING_OFF;
    else if (snapshot->sampled_contexts)
        snapshot->timing = TALLY_TIMING_ADAPTIVE;
    else if (snapshot->timing == TALLY_TIMING_OFF)
        snapshot->timing = TALLY_TIMING_EXACT;
}

/* Where no call was timed there are no times to take anything off. */
static int take_cost_off(struct tally_snapshot *snapshot, struct merge *merge,
                         struct tli_probe_costs *costs) {
    if (snapshot->timing == TALLY_TIMING_OFF)
        return 0;
    *costs = tli_probe_measure(ways_of(snapshot), merge->arena);
    return tli_compensate(merge->contexts, merge->timed, merge->n, costs, &snapshot->losses,
                          merge->arena);
}

int tli_snapshot_trees(struct tally_snapshot *snapshot, bool since_mark, struct tli_arena *arena) {
    struct merge merge;
    struct tli_probe_costs costs = {0};
    struct tally_tls *tls = &__tally_tls;
    tli_charge(tls, tls->charged);
    if (!merge_begin(&merge, arena))
        return -ENOMEM;
    merge.heap.since_mark = since_mark;
    bool all = true;
    for (struct tli_thread *t = tli_threads(); all && t; t = t->next)
        all = merge_thread(&merge, t);
    if (!all || !tli_heap_merge_end(&merge.heap, snapshot))
        return merge.n == merge.capacity || merge.heap.n == merge.heap.capacity ? -EAGAIN : -ENOMEM;
    snapshot->contexts = merge.contexts;
    snapshot->n_contexts = merge.n;
    count_timed(snapshot, merge.timed);
    int status = take_cost_off(snapshot, &merge, &costs);
    tls->last = tli_now_for(tls->clock); /* reading and measuring was not the program's doing */
    if (status != 0)
        return status;
    to_nanoseconds(snapshot, merge.contexts, &costs);
    count_losses(snapshot);
    return 0;
}
