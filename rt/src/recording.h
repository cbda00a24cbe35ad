/*
 * recording.h - recording switched off and on, and what a node's numbers are therefore.
 *
 * The hot path never asks whether recording is on. Instead each switch notes, per node, what its
 * numbers are at that moment, and reading subtracts what was counted while recording was off:
 *
 *   node->paused[i]   while on:  what was counted while off   number = live - paused
 *                     while off: the number so far            number = paused
 *   null              counts as zeroes
 *
 * Either way a switch is the same step, paused = live - paused. Order of [i]: calls, self,
 * timed calls, variance, cells. A switch costs a walk over all nodes; the numbers of a thread
 * that runs meanwhile are taken one by one.
 */
#ifndef TLI_RECORDING_H
#define TLI_RECORDING_H

#include "thread.h"

#include <stdbool.h>

bool tli_recording_is_on(void);
/* -ENOMEM: nothing changed. Caller holds the runtime's lock (lock.h). */
int tli_recording_switch(bool on);

/* As of now. `self` without what is pending: add it before reading, if recording is on. */
struct tli_numbers {
    uint64_t calls, self;
    uint64_t timed;    /* calls whose time was read; that of the others is estimated in `self` */
    uint64_t variance; /* of `self`, ticks squared */
};
struct tli_numbers tli_recorded(const struct tally_node *node, struct tli_pending pending);
uint64_t tli_recorded_counter(struct tally_node *node, uint32_t index);

/* Of all nodes, with those of inlined bodies. Caller holds the runtime's lock. */
uint64_t tli_recorded_calls(void);

/* Nanoseconds during which recording was on. */
uint64_t tli_recorded_ns(void);

/* After fork, in the child: all that was counted before is not the child's. 0 or -ENOMEM. */
int tli_recording_restart(void);

#endif
