/*
 * bench.h - benchmarks as `go test -bench -benchmem` runs and prints them.
 *
 * The output is in Go's benchmark format (https://golang.org/design/14313-benchmark-format), which
 * benchstat reads. A line is printed for each benchmark and repetition:
 *
 *   BenchmarkHash/version=naive-1  3370  88018 ns/op  91 calls/op  70500 B/op  50 allocs/op
 *
 * Times are of as many operations as take a given time together. What an operation calls and
 * allocates comes from Tally, and is left out in a build without it. It is counted apart from the
 * time, over a number of operations that is always the same and comes after some that are not
 * counted: so it is the same in each run, and so is the profile, which has these operations only.
 */
#ifndef TALLY_DEMO_BENCH_H
#define TALLY_DEMO_BENCH_H

#include <stddef.h>
#include <stdint.h>

struct benchmark {
    const char *name; /* in Go's way, such as "Hash/version=naive" */
    /* Operation i of a round. 0, or -errno, which ends the benchmark. */
    int (*run)(void *context, size_t i);
};

struct bench_suite {
    const char *package; /* what is measured, for the line `pkg:` */
    const char *input;   /* what it works on, for the line `input:` */
    const struct benchmark *benchmarks;
    size_t n_benchmarks;
    void *context;     /* of all of them */
    size_t operations; /* in a round of each, at least 1 */
};

struct bench_options {
    uint64_t least_ns; /* that the operations whose time is given take together */
    uint64_t repeat;   /* lines for each benchmark */
    const char *only;  /* run those with this in their name; null: all */
};

/* Prints all of it to standard output. 0; or -errno of a run, after a message. */
int bench_run(const struct bench_suite *suite, const struct bench_options *options);

#endif
