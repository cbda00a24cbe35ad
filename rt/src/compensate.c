/*
 * compensate.c - taking the probe's own cost off the reported times.
 *
 *   self = measured - calls * inside - calls made * outside
 *
 * A recursive function has several contexts on one path whose callees are kept together under the
 * first (see tree.h). Which of them made a call is not known, so calls made are shared out among
 * them in proportion to their own calls. What would become negative is set to zero and its amount
 * reported.
 */
#include "snapshot.h"

#include <errno.h>

struct group {
    uint64_t calls;          /* of all contexts of the recursion */
    unsigned __int128 spent; /* probe cost of the calls they made, ticks * 1024 */
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

int tli_compensate(struct tally_context *contexts, size_t n, const struct tli_probe_costs *costs,
                   struct tally_losses *losses, struct tli_arena *arena) {
    struct group *groups = tli_arena_alloc(arena, n * sizeof *groups);
    uint32_t *leader = tli_arena_alloc(arena, n * sizeof *leader);
    if (!groups || !leader)
        return -ENOMEM;
    for (uint32_t i = 0; i < n; i++) {
        const struct tally_context *c = &contexts[i];
        leader[i] = leader_of(contexts, i);
        groups[leader[i]].calls += c->calls;
        if (c->parent != TALLY_NO_INDEX)
            groups[leader[c->parent]].spent +=
                (unsigned __int128)c->calls * cost_of(c, costs)->outside;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct tally_context *c = &contexts[i];
        const struct group *group = &groups[leader[i]];
        unsigned __int128 cost = (unsigned __int128)c->calls * cost_of(c, costs)->inside;
        if (group->calls)
            cost += group->spent * c->calls / group->calls;
        uint64_t ticks = (uint64_t)(cost / 1024);
        int64_t measured = (int64_t)c->wall_ns;
        if (measured >= 0 && (uint64_t)measured >= ticks) {
            c->wall_ns = (uint64_t)measured - ticks;
            continue;
        }
        losses->clamped_ns += (uint64_t)((int64_t)ticks - measured);
        losses->clamped_contexts++;
        c->wall_ns = 0;
    }
    return 0;
}
