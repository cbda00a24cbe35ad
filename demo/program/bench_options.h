/*
 * bench_options.h - the options that choose and adjust benchmarks, on the command lines of all
 * commands that have `--bench`.
 */
#ifndef TALLY_DEMO_BENCH_OPTIONS_H
#define TALLY_DEMO_BENCH_OPTIONS_H

#include "program/bench.h"
#include "program/option_values.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench_request {
    bool wanted;                       /* --bench */
    uint64_t least_ms;                 /* of --bench-ms; 0: not given */
    struct processor_options versions; /* none of them: both are measured */
};

enum { DEFAULT_BENCH_MS = 250 };

/* An option that means nothing to benchmarks. */
struct other_option {
    const char *name;
    bool given;
};

/* False, after a message, if --bench was given with one of the others, or --bench-ms without it. */
bool bench_request_check(const struct bench_request *request, const struct other_option *others,
                         size_t n_others);

struct bench_options bench_request_options(const struct bench_request *request, uint64_t repeat);

#endif
