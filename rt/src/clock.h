/*
 * clock.h - the clock that times are read from, and what its ticks are worth.
 *
 *   tsc        the time-stamp counter, where the processor says it runs at a constant rate in all
 *              states (CPUID 8000_0007h, EDX bit 8); read inline by instrumented code
 *   monotonic  clock_gettime(CLOCK_MONOTONIC); one tick is one nanosecond
 *
 * The counter's rate is measured against CLOCK_MONOTONIC over the whole run, from the runtime's
 * start to the moment of a snapshot, so it gets better the longer the program runs.
 */
#ifndef TLI_CLOCK_H
#define TLI_CLOCK_H

#include <stdint.h>

enum tli_clock_mode { TLI_CLOCK_TSC = 0, TLI_CLOCK_MONOTONIC = 1 };

/* Chosen on the first call from the option `clock` and the processor; then constant. */
enum tli_clock_mode tli_clock_mode(void);
const char *tli_clock_name(void);
uint64_t tli_now_for(uint64_t mode);

void tli_clock_start(void); /* marks the start of the run */
int64_t tli_clock_start_epoch_ns(void);

struct tli_clock_rate {
    uint64_t elapsed_ticks, elapsed_ns; /* since the start */
};
struct tli_clock_rate tli_clock_rate(void);
uint64_t tli_ticks_to_ns(struct tli_clock_rate rate, uint64_t ticks);
uint64_t tli_clock_hz(struct tli_clock_rate rate);

#endif
