/*
 * probe.h - what the profiler itself costs, to be taken off the times it reports.
 *
 * A timed call costs time twice: between its two clock reads (it lands on the callee: `inside`)
 * and before the first and after the second (it lands on the caller: `outside`). A call that is
 * only counted costs time that lands on whoever is charged: `counted`.
 *
 *   caller … | store slot, call, entry | clock … work … clock | exit, return | … caller
 *             `------- outside -------'   `----- inside -----'  `- outside -'
 *
 * All are measured in the process itself when a snapshot is taken, by running the hot path on a
 * tree of its own, on the way that this process's calls go (sampling.h); the smallest of many
 * batches is what the cost is when nothing disturbs.
 */
#ifndef TLI_PROBE_H
#define TLI_PROBE_H

#include "arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Ticks per call, times 1024. */
struct tli_probe_cost {
    uint64_t inside, outside, counted;
};

struct tli_probe_costs {
    struct tli_probe_cost inline_code; /* the plugin's */
    struct tli_probe_cost hooks;       /* -finstrument-functions */
};

/* The ways by which calls came into the runtime. */
struct tli_probe_ways {
    bool inline_code, hooks;
};

/* Takes 0.2 to 1 ms for each way; others are not measured, and cost nothing. Neither does anything
 * where there is no memory to measure it in. The calling thread's profile is not touched. */
struct tli_probe_costs tli_probe_measure(struct tli_probe_ways ways, struct tli_arena *arena);

#endif
