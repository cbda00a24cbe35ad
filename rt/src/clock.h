/*
 * clock.h - the clock that times are read from, and what its ticks are worth.
 *
 *   tsc        the time-stamp counter, where the processor says it runs at a constant rate in all
 *              states (CPUID 8000_0007h, EDX bit 8); read inline by instrumented code
 *   monotonic  clock_gettime(CLOCK_MONOTONIC); one tick is one nanosecond
 *
 * The counter's rate is measured against CLOCK_MONOTONIC over the whole run, from the runtime's
 * start to the moment of a snapshot, so it gets better the longer the program runs. While the
 * machine is suspended CLOCK_MONOTONIC stands still, and the counter goes on, stands still, or
 * starts again from zero: of such a run the rate is measured anew, over a moment.
 *
 * Differences of ticks are taken modulo 2^64, and added up so: where the counter went back by some
 * ticks (processors that are not in step, a suspended machine), a context has as many less, and one
 * that has less than none is clamped (compensate.c).
 */
#ifndef TLI_CLOCK_H
#define TLI_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum tli_clock_mode { TLI_CLOCK_TSC = 0, TLI_CLOCK_MONOTONIC = 1 };

/* Chosen on the first call from the option `clock`, the processor and the kernel; then constant. */
enum tli_clock_mode tli_clock_mode(void);
const char *tli_clock_name(void);
const char *tli_clock_fallback(void); /* see tli_clock_choice */

struct tli_clock_choice {
    enum tli_clock_mode mode;
    const char *fallback; /* why the option "auto" leads to monotonic; or "" */
};
/* `clocksources`: those the kernel has to choose from, parted by blanks; "" if it does not say. */
struct tli_clock_choice tli_clock_choose(const char *option, bool invariant,
                                         const char *clocksources);
uint64_t tli_now_for(uint64_t mode);

void tli_clock_start(void); /* marks the start of the run */
int64_t tli_clock_start_epoch_ns(void);

struct tli_instant {
    uint64_t ticks, monotonic_ns;
    uint64_t boot_ns; /* like monotonic_ns, but it goes on while the machine is suspended */
};
/* Whether ticks and monotonic_ns have measured the same time. */
bool tli_clock_ran_through(const struct tli_instant *from, const struct tli_instant *to);

struct tli_clock_rate {
    uint64_t elapsed_ticks, elapsed_ns; /* since the start */
};
struct tli_clock_rate tli_clock_rate(void); /* caller holds the runtime's lock */
uint64_t tli_ticks_to_ns(struct tli_clock_rate rate, uint64_t ticks);
uint64_t tli_clock_hz(struct tli_clock_rate rate);

#endif
