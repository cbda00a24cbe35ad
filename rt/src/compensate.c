/*
 * compensate.c - taking the probe's own cost off the reported times.
 *
 *   self = measured - calls * inside - calls made that were timed * outside
 *                                   - calls made that were only counted * (counted - inside)
 *
 * That of calls which were not timed `inside` is in what is measured comes from their being
 * estimated by others that were; and it was taken from their callers with the rest (sampling.h).
 *
 * A recursive function has several contexts on one path whose callees are kept together under the
 * first (see tree.h). Which of them made a call is not known, so calls made are shared out among
 * them in proportion to their own calls. What would become negative is set to zero and its amount
 * reported.
 */
#include "snapshot.h"

#include <errno.h>

struct group {
    uint64_t calls; /* of all contexts of the recursion */
    __int128 spent; /* probe cost of the calls they made, ticks * 1024 */
};

static const struct tli_probe_cost *cost_of(const struct tally_context *context,
                                            const struct tli_probe_costs *costs) {
    return context->fn->source ? &costs->inline_code : &costs->hooks;
}

/* The context under which callees are kept: the other one of this function on the path, if any. */
static uint32_t leader_of(const struct tally_context *contexts, uint32_t i) {
    for (uint32_t p = contexts[i].parent; p != TALLY_NO_INDEX; p = contexts[p].parent)
        if (contexts[p].fn == contexts[i].fn)
            return p;
    return i;
}

/* What the calls of a context cost in its own time and in its caller's, if `timed` of them were. */
static __int128 spent_inside(uint64_t calls, uint64_t timed, const struct tli_probe_cost *cost) {
    return timed ? (__int128)calls * cost->inside : 0;
}

static __int128 spent_outside(uint64_t calls, uint64_t timed, const struct tli_probe_cost *cost) {
    uint64_t untimed = timed < calls ? calls - timed : 0;
    int64_t counted = (int64_t)cost->counted - (timed ? (int64_t)cost->inside : 0);
    return (__int128)(calls - untimed) * cost->outside + (__int128)untimed * counted;
}

/* What it is without the cost, in ticks; negative if more was taken off than there was. */
static int64_t without(int64_t measured, __int128 cost) {
    return measured - (int64_t)(cost / 1024);
}

int tli_compensate(struct tally_context *contexts, const uint64_t *timed, size_t n,
                   const struct tli_probe_costs *costs, struct tally_losses *losses,
                   struct tli_arena *arena) {
    struct group *groups = tli_arena_alloc(arena, n * sizeof *groups);
    uint32_t *leader = tli_arena_alloc(arena, n * sizeof *leader);
    if (!groups || !leader)
        return -ENOMEM;
    for (uint32_t i = 0; i < n; i++) {
        const struct tally_context *c = &contexts[i];
        leader[i] = leader_of(contexts, i);
        groups[leader[i]].calls += c->calls;
        if (c->parent != TALLY_NO_INDEX)
            groups[leader[c->parent]].spent += spent_outside(c->calls, timed[i], cost_of(c, costs));
    }
    for (uint32_t i = 0; i < n; i++) {
        struct tally_context *c = &contexts[i];
        const struct group *group = &groups[leader[i]];
        __int128 cost = spent_inside(c->calls, timed[i], cost_of(c, costs));
        if (group->calls)
            cost += group->spent * c->calls / group->calls;
        int64_t left = without((int64_t)c->wall_ns, cost);
        c->wall_ns = left > 0 ? (uint64_t)left : 0;
        if (left >= 0)
            continue;
        losses->clamped_ns += -(uint64_t)left;
        losses->clamped_contexts++;
    }
    return 0;
}
