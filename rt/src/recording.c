/* recording.c - see recording.h. */
#include "recording.h"

#include "clock.h"
#include "heap/heap.h"
#include "sampling.h"

#include <errno.h>

enum { CALLS, SELF, TIMED, VARIANCE, CELLS }; /* in paused[] */

static bool on = true;
static uint64_t paused_ns; /* like node->paused, for the elapsed time */
static struct tli_arena arena;

bool tli_recording_is_on(void) {
    return on;
}

static uint64_t reading(uint64_t live, const uint64_t *paused, size_t index) {
    uint64_t noted = paused ? paused[index] : 0;
    return on ? live - noted : noted;
}

static uint64_t live_self(const struct tally_node *node, struct tli_pending pending) {
    uint64_t self = __atomic_load_n(&node->self, __ATOMIC_RELAXED);
    const struct tally_sampling *sample = __atomic_load_n(&node->sample, __ATOMIC_ACQUIRE);
    if (sample)
        self += sample->self + sample->untimed - sample->given;
    return pending.node == node ? self + pending.ticks : self;
}

/* Calls before sampling began are all timed, or none. */
static uint64_t live_timed(const struct tally_node *node) {
    const struct tally_sampling *sample = __atomic_load_n(&node->sample, __ATOMIC_ACQUIRE);
    if (sample)
        return sample->timed;
    return node->due == UINT64_MAX ? 0 : __atomic_load_n(&node->calls, __ATOMIC_RELAXED);
}

static uint64_t live_variance(const struct tally_node *node) {
    const struct tally_sampling *sample = __atomic_load_n(&node->sample, __ATOMIC_ACQUIRE);
    return sample ? sample->variance : 0;
}

static uint64_t calls_of(const struct tally_node *node) {
    return reading(__atomic_load_n(&node->calls, __ATOMIC_RELAXED), node->paused, CALLS);
}

struct tli_numbers tli_recorded(const struct tally_node *node, struct tli_pending pending) {
    return (struct tli_numbers){
        calls_of(node),
        reading(live_self(node, pending), node->paused, SELF),
        reading(live_timed(node), node->paused, TIMED),
        reading(live_variance(node), node->paused, VARIANCE),
    };
}

uint64_t tli_recorded_counter(struct tally_node *node, uint32_t index) {
    uint32_t cell = node->fn->counters[index].cell;
    if (cell == TALLY_NO_INDEX)
        return calls_of(node);
    uint64_t live = __atomic_load_n(&tli_cells(node)[cell], __ATOMIC_RELAXED);
    return reading(live, node->paused, CELLS + (size_t)cell);
}

uint64_t tli_recorded_calls(void) {
    uint64_t calls = 0;
    for (struct tli_thread *t = tli_threads(); t; t = t->next) {
        for (struct tally_node *n = t->root; n; n = tli_next_in_preorder(t->root, n)) {
            calls += calls_of(n);
            for (uint32_t k = 0; k < n->fn->n_counters; k++)
                calls += tli_recorded_counter(n, k);
        }
    }
    return calls;
}

uint64_t tli_recorded_ns(void) {
    return reading(tli_clock_rate().elapsed_ns, &paused_ns, 0);
}

static int give_each_node_a_note(void) {
    for (struct tli_thread *t = tli_threads(); t; t = t->next) {
        for (struct tally_node *n = t->root; n; n = tli_next_in_preorder(t->root, n)) {
            if (n->paused)
                continue;
            n->paused =
                tli_arena_alloc(&arena, (CELLS + (size_t)n->fn->n_cells) * sizeof(uint64_t));
            if (!n->paused)
                return -ENOMEM;
        }
    }
    return 0;
}

static void note(struct tally_node *n, struct tli_pending pending) {
    if (!n->paused)
        return; /* made since: the switch comes before its first call */
    n->paused[CALLS] = __atomic_load_n(&n->calls, __ATOMIC_RELAXED) - n->paused[CALLS];
    n->paused[SELF] = live_self(n, pending) - n->paused[SELF];
    n->paused[TIMED] = live_timed(n) - n->paused[TIMED];
    n->paused[VARIANCE] = live_variance(n) - n->paused[VARIANCE];
    for (uint32_t k = 0; k < n->fn->n_cells; k++)
        n->paused[CELLS + k] =
            __atomic_load_n(&tli_cells(n)[k], __ATOMIC_RELAXED) - n->paused[CELLS + k];
}

int tli_recording_switch(bool turn_on) {
    if (turn_on == on)
        return 0;
    if (give_each_node_a_note() != 0)
        return -ENOMEM;
    for (struct tli_thread *t = tli_threads(); t; t = t->next) {
        struct tli_pending pending = tli_thread_pending(t);
        for (struct tally_node *n = t->root; n; n = tli_next_in_preorder(t->root, n))
            note(n, pending);
    }
    paused_ns = tli_clock_rate().elapsed_ns - paused_ns;
    on = tli_heap_is_recording = turn_on;
    return 0;
}

int tli_recording_restart(void) {
    bool was_on = on;
    int status = tli_recording_switch(false);
    if (status != 0)
        return status;
    /* What is noted while off is the number so far: none. */
    for (struct tli_thread *t = tli_threads(); t; t = t->next)
        for (struct tally_node *n = t->root; n; n = tli_next_in_preorder(t->root, n))
            for (size_t k = 0; n->paused && k < CELLS + (size_t)n->fn->n_cells; k++)
                n->paused[k] = 0;
    paused_ns = 0;
    return was_on ? tli_recording_switch(true) : 0;
}
