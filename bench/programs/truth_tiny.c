/*
 * truth_tiny.c - many tiny calls: a loop whose own work is most of the time (see truth.h).
 *
 *   work: own work, then step()    step: 16 calls of mix, turn, fold and bend, no work of its own
 *
 * A profiler that does not take its own cost off shows the loop as a small part of the time.
 */
#include "truth.h"

enum { ROUNDS = 1500000, OWN_LINKS = 107, CALLS_EACH = 4 };

static KEPT uint64_t mix(uint64_t x) {
    LINK(x, 1);
    return x;
}

static KEPT uint64_t turn(uint64_t x) {
    LINK(x, 2);
    return x;
}

static KEPT uint64_t fold(uint64_t x) {
    LINK(x, 3);
    return x;
}

static KEPT uint64_t bend(uint64_t x) {
    LINK(x, 4);
    return x;
}

static KEPT uint64_t step(uint64_t x) {
    x = bend(fold(turn(mix(x))));
    x = bend(fold(turn(mix(x))));
    x = bend(fold(turn(mix(x))));
    return bend(fold(turn(mix(x))));
}

#define OWN_WORK(x)                                                                                \
    for (int link = 0; link < OWN_LINKS; link++)                                                   \
    LINK(x, 5)

static KEPT uint64_t work(uint64_t x, long rounds) {
    for (long round = 0; round < rounds; round++) {
        OWN_WORK(x);
        x = step(x);
    }
    return x;
}

REPEAT(mix, x = mix(x))
REPEAT(turn, x = turn(x))
REPEAT(fold, x = fold(x))
REPEAT(bend, x = bend(x))
REPEAT(step, x = step(x))
REPEAT(own_work, OWN_WORK(x))

UNTIMED static void alone(void) {
    long calls = (long)ROUNDS * CALLS_EACH;
    double mix_ns = repeated_ns(mix_again, 2000), turn_ns = repeated_ns(turn_again, 2000);
    double fold_ns = repeated_ns(fold_again, 2000), bend_ns = repeated_ns(bend_again, 2000);
    double step_ns = repeated_ns(step_again, 200);
    tell("mix", calls, mix_ns);
    tell("turn", calls, turn_ns);
    tell("fold", calls, fold_ns);
    tell("bend", calls, bend_ns);
    tell("step", ROUNDS, step_ns - CALLS_EACH * (mix_ns + turn_ns + fold_ns + bend_ns));
    tell("work", 1, ROUNDS * repeated_ns(own_work_again, 50));
}

TRUTH_MAIN("truth_tiny")
