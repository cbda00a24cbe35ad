/* clock.c - see clock.h. */
#include "clock.h"

#include "options.h"

#include <cpuid.h>
#include <string.h>
#include <time.h>

enum { UNDECIDED = -1 };

static int mode = UNDECIDED;
static uint64_t start_ticks, start_ns;
static int64_t start_epoch_ns;

static uint64_t monotonic_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static bool tsc_is_invariant(void) {
    unsigned a, b, c, d;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & (1u << 8)) != 0;
}

enum tli_clock_mode tli_clock_mode(void) {
    int decided = __atomic_load_n(&mode, __ATOMIC_RELAXED);
    if (decided != UNDECIDED)
        return (enum tli_clock_mode)decided;
    tli_options_load();
    bool tsc = strcmp(tli_options.clock, "tsc") == 0 ||
               (strcmp(tli_options.clock, "monotonic") != 0 && tsc_is_invariant());
    decided = tsc ? TLI_CLOCK_TSC : TLI_CLOCK_MONOTONIC;
    __atomic_store_n(&mode, decided, __ATOMIC_RELAXED);
    return (enum tli_clock_mode)decided;
}

const char *tli_clock_name(void) {
    return tli_clock_mode() == TLI_CLOCK_TSC ? "tsc" : "monotonic";
}

uint64_t tli_now_for(uint64_t clock) {
    return clock == TLI_CLOCK_TSC ? __builtin_ia32_rdtsc() : monotonic_ns();
}

uint64_t tli_now(void); /* behind __tally_now, which only the other clock's threads call */
uint64_t tli_now(void) {
    return monotonic_ns();
}

void tli_clock_start(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    start_epoch_ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    start_ns = monotonic_ns();
    start_ticks = tli_now_for(tli_clock_mode());
}

int64_t tli_clock_start_epoch_ns(void) {
    return start_epoch_ns;
}

struct tli_clock_rate tli_clock_rate(void) {
    uint64_t ns = monotonic_ns(), ticks = tli_now_for(tli_clock_mode());
    return (struct tli_clock_rate){ticks - start_ticks, ns - start_ns};
}

uint64_t tli_ticks_to_ns(struct tli_clock_rate rate, uint64_t ticks) {
    if (rate.elapsed_ticks == 0)
        return 0;
    return (uint64_t)((unsigned __int128)ticks * rate.elapsed_ns / rate.elapsed_ticks);
}

uint64_t tli_clock_hz(struct tli_clock_rate rate) {
    if (rate.elapsed_ns == 0)
        return 0;
    return (uint64_t)((unsigned __int128)rate.elapsed_ticks * 1000000000u / rate.elapsed_ns);
}
