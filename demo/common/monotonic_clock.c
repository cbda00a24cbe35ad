/*
 * monotonic_clock.c - see monotonic_clock.h.
 */
#include "common/monotonic_clock.h"

#include <time.h>

uint64_t monotonic_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail on Linux for this clock */
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}
