/*
 * counts.h - what the program has called and allocated so far, if Tally is in it.
 *
 * All threads together, inlined calls too; exact as long as no other thread is at work. The
 * difference of two readings is what was done in between, but for the call of counts_now() itself.
 */
#ifndef TALLY_DEMO_COUNTS_H
#define TALLY_DEMO_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

/* Zeroes where they are not known: nothing is in a build without Tally. */
struct counts {
    bool calls_known, allocations_known;
    uint64_t calls, allocations, allocated_bytes;
};
struct counts counts_now(void);

/* What is done while counting is stopped is in no count, and in no profile. Does nothing in a build
 * without Tally. */
void counting_stop(void);
void counting_start(void);

#endif
