/*
 * batches.h - how the cost of one call is measured from inside a program (micro*.c).
 *
 *   PROGRAM WORKLOAD BATCHES SIZE
 *
 * prints one line a batch,
 *
 *   nanoseconds of one clock read <space> nanoseconds of one call, its share of the loop included
 *
 * A batch measures the clock read first and the calls right after it, so that both see the same
 * processor frequency and the same neighbours. Batches of well under a millisecond are seldom
 * interrupted, so their median holds on a busy machine. The same source is built plain and for each
 * profiler. What is called stays a call at any optimisation level: KEPT, and barriers so that no
 * compiler folds, hoists or loops it. For C and C++.
 */
#ifndef BATCHES_H
#define BATCHES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__clang__)
#define KEPT __attribute__((noinline))
#else
#define KEPT __attribute__((noinline, noclone, no_icf))
#endif
/* What measures is not itself measured, by any of the profilers. */
#if defined(__clang__)
#define UNTIMED __attribute__((annotate("tally:skip"), no_instrument_function))
#else
#define UNTIMED __attribute__((no_instrument_function))
#endif
/* The compiler must think that the value changes here. */
#define OPAQUE(value) __asm__ volatile("" : "+r"(value))

struct workload {
    const char *name;
    long (*run)(long size); /* one batch; returns how many calls it made */
};

UNTIMED static inline double now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

UNTIMED static inline uint64_t read_clock(void) {
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(ticks));
    return ticks;
#else
#error "no clock that can be read inline is known for this processor"
#endif
}

UNTIMED static inline double clock_read_ns(void) {
    enum { READS = 10000 };
    uint64_t sum = 0;
    double start = now_ns();
    for (int i = 0; i < READS; i++)
        sum += read_clock();
    OPAQUE(sum);
    return (now_ns() - start) / READS;
}

UNTIMED static inline int measure_batches(const struct workload *workloads, size_t n_workloads,
                                          int argc, char **argv) {
    for (size_t i = 0; argc == 4 && i < n_workloads; i++) {
        if (strcmp(argv[1], workloads[i].name) != 0)
            continue;
        for (long batch = atol(argv[2]); batch > 0; batch--) {
            double clock_ns = clock_read_ns(), start = now_ns();
            long calls = workloads[i].run(atol(argv[3]));
            printf("%.4f %.4f\n", clock_ns, (now_ns() - start) / (double)calls);
        }
        return 0;
    }
    fprintf(stderr, "usage: %s WORKLOAD BATCHES SIZE\n", argv[0]);
    return 2;
}

#endif
