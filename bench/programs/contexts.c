/*
 * contexts.c - as many calling contexts as wanted, from few functions with many call sites.
 *
 *   contexts LEVELS
 *
 * Each level is a function that calls the next level from SITES places; a call tree LEVELS deep has
 * SITES + SITES^2 + … + SITES^LEVELS contexts, each called once. Each function holds one inlined
 * body as well. Prints
 *
 *   contexts <space> bytes made resident for them <space> bytes mapped for them
 *
 * and last, when main is about to return, the time by CLOCK_MONOTONIC in ns: what comes after that
 * is the end of the process, with the writing of a profile.
 */
#include "resident.h"

enum { MOST_LEVELS = 6 };

static long levels, contexts;

static inline long inlined(long x) {
    OPAQUE(x);
    return x + 1;
}

static KEPT long level_6(long x) {
    contexts++;
    return inlined(x);
}

#define LEVEL 5
#define NAME level_5
#define NEXT level_6
#include "contexts_level.h"
#define LEVEL 4
#define NAME level_4
#define NEXT level_5
#include "contexts_level.h"
#define LEVEL 3
#define NAME level_3
#define NEXT level_4
#include "contexts_level.h"
#define LEVEL 2
#define NAME level_2
#define NEXT level_3
#include "contexts_level.h"
#define LEVEL 1
#define NAME level_1
#define NEXT level_2
#include "contexts_level.h"
#define LEVEL 0
#define NAME level_0
#define NEXT level_1
#include "contexts_level.h"

int main(int argc, char **argv) {
    struct memory before, after;
    long x = 0;
    levels = argc == 2 ? atol(argv[1]) : 0;
    if (levels < 1 || levels > MOST_LEVELS) {
        fprintf(stderr, "usage: contexts LEVELS (1 to %d)\n", MOST_LEVELS);
        return 2;
    }
    memory_now();
    before = memory_now();
    x = level_0(x);
    OPAQUE(x);
    after = memory_now();
    printf("%ld %ld %ld\n", contexts, after.resident_bytes - before.resident_bytes,
           after.mapped_bytes - before.mapped_bytes);
    printf("%.0f\n", now_ns());
    fflush(stdout);
    return 0;
}
