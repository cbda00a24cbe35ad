/*
 * monotonic_clock.h - a clock that only goes forward, for durations, in nanoseconds.
 */
#ifndef TALLY_DEMO_MONOTONIC_CLOCK_H
#define TALLY_DEMO_MONOTONIC_CLOCK_H

#include <stdint.h>

uint64_t monotonic_now_ns(void);

/* Also if signals arrive meanwhile. */
void monotonic_sleep_ns(uint64_t duration_ns);

#endif
