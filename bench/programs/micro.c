/*
 * micro.c - the cost of one call, measured from inside.
 *
 *   micro leaf     BATCHES CALLS    a loop that calls a leaf function CALLS times
 *   micro fib      BATCHES N        fib(N), each call of it a real call
 *   micro indirect BATCHES CALLS    a loop over a table of 8 leaf functions, in rotation
 *
 * A batch measures the clock read first and the calls right after it, so that both see the same
 * processor frequency and the same neighbours. Output: one line a batch,
 *
 *   nanoseconds of one clock read <space> nanoseconds of one call, loop included
 *
 * Batches of well under a millisecond are seldom interrupted, so their median holds on a busy
 * machine. The same source is built plain and for each profiler. What is called stays a call at any
 * optimisation level: noinline, and barriers so that no compiler folds, hoists or loops it.
 */
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

UNTIMED static double now_ns(void) {
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

UNTIMED static double clock_read_ns(void) {
    enum { READS = 10000 };
    uint64_t sum = 0;
    double start = now_ns();
    for (int i = 0; i < READS; i++)
        sum += read_clock();
    OPAQUE(sum);
    return (now_ns() - start) / READS;
}

/* ---- what is called ---- */

static KEPT long leaf(long x) {
    OPAQUE(x);
    return x + 1;
}

static KEPT long fib(long n) {
    long first, second;
    if (n < 2)
        return n;
    first = fib(n - 1);
    OPAQUE(first);
    second = fib(n - 2);
    OPAQUE(second);
    return first + second;
}

#define LEAF(k)                                                                                    \
    static KEPT long leaf_##k(long x) {                                                            \
        OPAQUE(x);                                                                                 \
        return x + k;                                                                              \
    }

LEAF(0)
LEAF(1)
LEAF(2)
LEAF(3)
LEAF(4)
LEAF(5)
LEAF(6)
LEAF(7)

static long (*const table[8])(long) = {leaf_0, leaf_1, leaf_2, leaf_3,
                                       leaf_4, leaf_5, leaf_6, leaf_7};

/* ---- a batch of calls; each returns how many it made ---- */

static KEPT long run_leaf(long calls) {
    long x = 0;
    for (long i = 0; i < calls; i++)
        x = leaf(x);
    OPAQUE(x);
    return calls;
}

UNTIMED static long calls_of_fib(long n) {
    long before = 1, calls = 1; /* calls(n) = 1 + calls(n-1) + calls(n-2) */
    for (long i = 2; i <= n; i++) {
        long next = 1 + before + calls;
        before = calls;
        calls = next;
    }
    return calls;
}

static KEPT long run_fib(long n) {
    long x = fib(n);
    OPAQUE(x);
    return calls_of_fib(n);
}

static KEPT long run_indirect(long calls) {
    long x = 0;
    for (long i = 0; i < calls; i++) {
        long (*callee)(long) = table[i & 7];
        OPAQUE(callee);
        x = callee(x);
    }
    OPAQUE(x);
    return calls;
}

static const struct {
    const char *name;
    long (*run)(long);
} workloads[] = {{"leaf", run_leaf}, {"fib", run_fib}, {"indirect", run_indirect}};

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 4 && i < sizeof workloads / sizeof *workloads; i++) {
        if (strcmp(argv[1], workloads[i].name) != 0)
            continue;
        for (long batch = atol(argv[2]); batch > 0; batch--) {
            double clock_ns = clock_read_ns(), start = now_ns();
            long calls = workloads[i].run(atol(argv[3]));
            printf("%.4f %.4f\n", clock_ns, (now_ns() - start) / (double)calls);
        }
        return 0;
    }
    fprintf(stderr, "usage: micro leaf|fib|indirect BATCHES SIZE\n");
    return 2;
}
