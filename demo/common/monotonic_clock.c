/*
 * monotonic_clock.c - see monotonic_clock.h.
 */
#include "common/monotonic_clock.h"

#include <errno.h>
#include <time.h>

#define SECOND_NS UINT64_C(1000000000)

uint64_t monotonic_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail on Linux for this clock */
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

void monotonic_sleep_ns(uint64_t duration_ns) {
    uint64_t end_ns = monotonic_now_ns() + duration_ns;
    struct timespec end = {(time_t)(end_ns / SECOND_NS), (long)(end_ns % SECOND_NS)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR) {
    }
}
