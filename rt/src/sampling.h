/*
 * sampling.h - which calls are timed, and what is known of the time of the others.
 *
 * A node's `due` is the number of its next call that is timed. With timing=exact it is 0, with
 * timing=off there is none. With timing=adaptive each call of a context is timed until it has had
 * FIRST_CALLS; if they were short it gets a tally_sampling, and from then on one call of each block
 * of calls is timed, at random, so that no rhythm of the program's meets one of ours:
 *
 *   calls   1 … 16 | 17 18 | 19 20 | 21 22 23 24 | 25 26 27 28 | … | 64 calls | 64 calls | …
 *   timed   all       ^         ^       ^                    ^         ^            ^
 *
 * Blocks are the larger the shorter the calls are, up to a bound that grows with their number, so
 * that reading the clock takes a small part of the time of the calls.
 *
 * What an untimed call takes is charged to whoever is: the innermost timed call it is part of. The
 * timed call of a block of g stands for g - 1 others that took as long, and that much is moved from
 * its caller to it. Let t be the calls' own times, p the chances that they are timed, and
 *
 *   u = t + sum of (1 - p) u over the calls it makes     what is charged to a timed call, in mean
 *
 * Then what is charged to a context is in mean the sum of p u over its calls. Each adds (1 - p) u
 * to it and takes that from its caller, in mean, which leaves the sum of t. This holds for
 * recursion too, and what is moved is neither made nor lost: all times add up to the elapsed one.
 * (It is the Horvitz-Thompson estimator, in strata of one draw each. Its variance is taken from the
 * differences between successive draws.)
 *
 * A few calls may have most of the time: the first of a recursion has all others in it, and any may
 * be preempted. No call stands for others with more than eight times the usual; see usual_part().
 *
 * Owner thread only, but for reading numbers. No libc, general registers only.
 */
#ifndef TLI_SAMPLING_H
#define TLI_SAMPLING_H

#include "tally/abi.h"

#include <stdint.h>

struct tally_sampling {
    uint64_t self;        /* ticks charged to timed calls that have returned */
    uint64_t untimed;     /* ticks of untimed calls, as estimated */
    uint64_t given;       /* ticks charged to this context that were estimated to be a callee's */
    uint64_t variance;    /* of `untimed`, ticks squared; stays at UINT64_MAX once there */
    uint64_t stood_for;   /* untimed calls in `untimed` */
    uint64_t timed;       /* calls that were timed */
    uint64_t eight_means; /* eight times the ticks of a timed call, lately */
    uint64_t latest;      /* ticks of the last one */
    uint64_t next_block;  /* number of the call it begins with */
    uint64_t block_log2;  /* size of the present one */
};

/* Settles what the option `timing` says; once, before the first context is made. */
void tli_timing_start(void);
/* Not every call is timed, or not by the time-stamp counter. Never goes back to 0. */
extern uint8_t tli_timing_is_special;

uint64_t tli_first_due(const struct tally_function *fn);

/* What passed is charged, and from now on `to` is. */
void tli_charge(struct tally_tls *tls, struct tally_node *to);

/* The size of a call's block stands in the low bits of who paid before, as its frame keeps it. */
enum { TLI_BLOCK_MASK = 15 };
static inline struct tally_node *tli_payer(struct tally_node *kept) {
    return (struct tally_node *)((uintptr_t)kept & ~(uintptr_t)TLI_BLOCK_MASK);
}

/* The innermost of a context and its callers of which every call is timed: who can be charged when
 * it is not known which of their present calls are timed. */
struct tally_node *tli_always_timed(struct tally_node *node);

/* What stands for untimed calls that no timed one stood for yet (at the end of the run there are
 * some in the last block), as ticks; negative if more than there were. Caller to callee, as above.
 */
int64_t tli_untimed_rest(const struct tally_node *node);

#endif
