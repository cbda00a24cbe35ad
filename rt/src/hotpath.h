/*
 * hotpath.h - the code that runs on each call, in C.
 *
 * The compiler plugin emits the same inline (plugin/expand.cpp); this copy serves the
 * -finstrument-functions hooks, the calibration of the probe's own cost, and the unit tests, which
 * call it as the pass would.
 *
 * Budget of a timed call, x86-64 with a constant time-stamp counter (two clock reads aside):
 *   entry  in, *in, ->fn compare; cur; calls++; frame; clock test; sub, add, 2 stores ~15 instr.
 *   call   lea, store                                                                   2 instr.
 *   exit   clock test; sub, add, 3 stores                                              ~9 instr.
 * No call, no lock, no atomic read-modify-write; both branches are predicted.
 *
 * Invariants: time passes from one context to the next only here ("a transition"): what elapsed
 * since tls->last is the self time of the context that ran until now. tls->cur is the innermost
 * instrumented context of the thread; tls->slot is where its caller keeps the callee it last had.
 */
#ifndef TLI_HOTPATH_H
#define TLI_HOTPATH_H

#include "entry_points.h"

struct tli_frame {
    struct tally_node *node, *prev;
    struct tally_node **in;
};

static inline __attribute__((always_inline)) uint64_t tli_clock(const struct tally_tls *tls) {
    return __builtin_expect(tls->clock == 0, 1) ? __builtin_ia32_rdtsc() : __tally_now();
}

/* The context `to` runs from here on. */
static inline __attribute__((always_inline)) void
tli_transition(struct tally_tls *tls, struct tally_node *from, struct tally_node *to) {
    uint64_t now = tli_clock(tls);
    from->self += now - tls->last;
    tls->last = now;
    tls->cur = to;
}

static inline __attribute__((always_inline)) struct tli_frame
tli_enter(struct tally_tls *tls, const struct tally_function *fn) {
    struct tli_frame frame = {.in = tls->slot};
    frame.node = *frame.in;
    if (__builtin_expect(frame.node->fn != fn, 0)) {
        frame.node = __tally_enter_slow(frame.in, fn);
        frame.in = tls->slot;
    }
    frame.prev = tls->cur;
    frame.node->calls++;
    if (fn->n_sites)
        frame.node->frame = (uintptr_t)__builtin_frame_address(0);
    tli_transition(tls, frame.prev, frame.node);
    return frame;
}

static inline __attribute__((always_inline)) void
tli_call(struct tally_tls *tls, const struct tli_frame *frame, uint32_t site) {
    tls->slot = &frame->node->child[site];
}

static inline __attribute__((always_inline)) void tli_exit(struct tally_tls *tls,
                                                           const struct tli_frame *frame) {
    tli_transition(tls, frame->node, frame->prev);
    tls->slot = frame->in;
}

#endif
