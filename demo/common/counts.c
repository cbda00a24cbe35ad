/*
 * counts.c - see counts.h.
 *
 * The functions of <tally/tally.h> are declared here as weak, see heap_capture.c.
 */
#include "common/counts.h"

#include <stddef.h>

int tally_count_calls(uint64_t *calls) __attribute__((weak));
int tally_count_allocated(uint64_t *objects, uint64_t *bytes) __attribute__((weak));
int tally_start(void) __attribute__((weak));
int tally_stop(void) __attribute__((weak));

struct counts counts_now(void) {
    struct counts now = {.calls = 0};
    if (tally_count_calls != NULL) {
        now.calls_known = tally_count_calls(&now.calls) == 0;
    }
    if (tally_count_allocated != NULL) {
        now.allocations_known = tally_count_allocated(&now.allocations, &now.allocated_bytes) == 0;
    }
    return now;
}

void counting_stop(void) {
    if (tally_stop != NULL) {
        tally_stop();
    }
}

void counting_start(void) {
    if (tally_start != NULL) {
        tally_start();
    }
}
