/*
 * hotpath.h - the code that runs on each call, in C.
 *
 * The compiler plugin emits the same inline (plugin/expand.cpp); this copy serves the unit tests,
 * which call it as the pass would. The -finstrument-functions hooks count as it does.
 *
 * Budget, x86-64, in instructions (tests/budget holds compiled code to it):
 *   entry  address of tls, slot, *slot; ->fn compare; calls++, frame; due compare; cur      13
 *   exit   payer test; slot                                                                  3
 *   call   lea, store; afterwards cur                                                        3
 *   timed  arguments, calls of time_x86_64.S                        5, and there 17 + 17
 * To this come room in the frame and what is kept in registers meanwhile. No lock, no atomic
 * read-modify-write; the branches are predicted. A function compiled for no timing has neither
 * compare nor test: 9 + 1. One compiled for exact timing has none either, but the calls.
 *
 * Invariants: tls->cur is the innermost instrumented context of the thread, or one it called that
 * has returned, whose frame is gone from the stack; tls->slot is where its caller keeps the callee
 * it last had. Time passes from one context to the next only where a timed call begins or ends: what
 * elapsed since tls->last is charged to tls->charged, the innermost context whose present call is
 * timed.
 */
#ifndef TLI_HOTPATH_H
#define TLI_HOTPATH_H

#include "entry_points.h"

struct tli_frame {
    struct tally_node *node, *prev;
    struct tally_node **in;
    struct tally_node *payer; /* null: this call is not timed */
    struct tally_timed timed;
};

/* One instruction, which no handler's increments can come in the middle of. */
static inline __attribute__((always_inline)) void tli_count(uint64_t *counter) {
    __asm__ volatile("incq %0" : "+m"(*counter) : : "cc");
}

static inline __attribute__((always_inline)) struct tli_frame
tli_enter(struct tally_tls *tls, const struct tally_function *fn) {
    struct tli_frame frame = {.in = tls->slot};
    frame.node = *frame.in;
    if (__builtin_expect(frame.node->fn != fn, 0)) {
        frame.node = __tally_enter_slow(frame.in, fn);
        frame.in = tls->slot;
    }
    tli_count(&frame.node->calls);
    frame.node->frame = (uintptr_t)__builtin_frame_address(0);
    if (frame.node->calls >= frame.node->due)
        frame.payer = __tally_time_entry(&frame.timed, frame.node);
    frame.prev = tls->cur;
    tls->cur = frame.node;
    return frame;
}

static inline __attribute__((always_inline)) void
tli_call(struct tally_tls *tls, const struct tli_frame *frame, uint32_t site) {
    tls->slot = &frame->node->child[site];
}

/* The last line is what in compiled code the caller does after its call. */
static inline __attribute__((always_inline)) void tli_exit(struct tally_tls *tls,
                                                           const struct tli_frame *frame) {
    if (frame->payer)
        __tally_time_exit(&frame->timed, frame->node, frame->payer);
    tls->slot = frame->in;
    tls->cur = frame->prev;
}

#endif
