/*
 * micro.c - the cost of one call, measured from inside (see batches.h).
 *
 *   micro leaf     BATCHES CALLS    a loop that calls a leaf function CALLS times
 *   micro fib      BATCHES N        fib(N), each call of it a real call
 *   micro indirect BATCHES CALLS    a loop over a table of 8 leaf functions, in rotation
 *   micro qsort    BATCHES N        qsort of N numbers; a call is a comparison
 */
#include "leaf.h"

/* ---- fib ---- */

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

/* ---- indirect ---- */

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

/* ---- qsort: libc, which is not instrumented, calls back ---- */

enum { MOST_NUMBERS = 4096 };

static KEPT int by_value(const void *left, const void *right) {
    int a = *(const int *)left, b = *(const int *)right;
    return (a > b) - (a < b);
}

static long comparisons;

UNTIMED static int by_value_counted(const void *left, const void *right) {
    int a = *(const int *)left, b = *(const int *)right;
    comparisons++;
    return (a > b) - (a < b);
}

/* The same numbers each time, in no order. */
UNTIMED static void fill(int *numbers, long n) {
    uint32_t x = 12345;
    for (long i = 0; i < n; i++) {
        x = x * 1664525u + 1013904223u;
        numbers[i] = (int)(x >> 1);
    }
}

static KEPT long run_qsort(long n) {
    static int numbers[MOST_NUMBERS];
    n = n < MOST_NUMBERS ? n : MOST_NUMBERS;
    if (comparisons == 0) {
        fill(numbers, n);
        qsort(numbers, (size_t)n, sizeof *numbers, by_value_counted);
    }
    fill(numbers, n);
    qsort(numbers, (size_t)n, sizeof *numbers, by_value);
    return comparisons;
}

int main(int argc, char **argv) {
    static const struct workload workloads[] = {
        {"leaf", run_leaf}, {"fib", run_fib}, {"indirect", run_indirect}, {"qsort", run_qsort}};
    return measure_batches(workloads, sizeof workloads / sizeof *workloads, argc, argv);
}
