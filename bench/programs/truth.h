/*
 * truth.h - what each function of a program costs, found out without any profiler.
 *
 *   PROGRAM run           does its work; this is what profilers are given
 *   PROGRAM alone         prints "FUNCTION CALLS NS": the calls that `run` makes, and what one call
 *                         costs without the calls it makes in turn, each function by itself,
 * repeated
 *
 * The truth is made by the plain build. Each function's work is one chain of multiplications and
 * additions, each of which needs the result of the one before, across all calls: so the processor
 * can overlap neither functions with each other nor calls and returns with work, and what a
 * function takes by itself is what it takes among the others. Nothing is inlined, so all builds
 * have the same functions.
 */
#ifndef TRUTH_H
#define TRUTH_H

#include "batches.h"

/* One link of the chain: 4 processor cycles or so. The constant makes functions differ. */
#define LINK(x, constant)                                                                          \
    do {                                                                                           \
        x = x * 0x9e3779b97f4a7c15u + (constant);                                                  \
        OPAQUE(x); /* or two links become one */                                                   \
    } while (0)

/* Does something `times` times; returns a value that depends on all the work. */
typedef uint64_t (*repeat)(uint64_t x, long times);

/* name_again(x, times), a `repeat` of the statement, which works on x. */
#define REPEAT(name, statement)                                                                    \
    UNTIMED static uint64_t name##_again(uint64_t x, long times) {                                 \
        for (long time = 0; time < times; time++) {                                                \
            statement;                                                                             \
        }                                                                                          \
        return x;                                                                                  \
    }

/* ns of one of `times` repetitions: the median of many short batches. */
UNTIMED static int compare_ns(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

UNTIMED static double repeated_ns(repeat again, long times) {
    enum { BATCHES = 1001 };
    static double ns[BATCHES];
    uint64_t x = 1;
    for (int batch = 0; batch < BATCHES; batch++) {
        double start = now_ns();
        x = again(x, times);
        OPAQUE(x);
        ns[batch] = (now_ns() - start) / (double)times;
    }
    qsort(ns, BATCHES, sizeof *ns, compare_ns);
    return ns[BATCHES / 2];
}

UNTIMED static void tell(const char *function, long calls, double ns) {
    printf("%s %ld %.4f\n", function, calls, ns > 0 ? ns : 0);
}

/* The program's main; `name` is what its usage says. Runs alone(), or prints what work() leaves. */
#define TRUTH_MAIN(name)                                                                           \
    int main(int argc, char **argv) {                                                              \
        if (argc == 2 && strcmp(argv[1], "alone") == 0) {                                          \
            alone();                                                                               \
            return 0;                                                                              \
        }                                                                                          \
        if (argc == 2 && strcmp(argv[1], "run") == 0) {                                            \
            printf("%llx\n", (unsigned long long)work(1, ROUNDS));                                 \
            return 0;                                                                              \
        }                                                                                          \
        fprintf(stderr, "usage: " name " run|alone\n");                                            \
        return 2;                                                                                  \
    }

#endif
