/*
 * side_by_side.h - the cost of one call while another thread makes the same calls (see batches.h).
 *
 *   PROGRAM two BATCHES CALLS
 *   PROGRAM one BATCHES CALLS    the same code in one thread, to compare with
 *
 * Two threads go through all batches side by side: they wait for each other before each
 * measurement, the clock read included, since the two may share one processor core. Each stays on a
 * processor of its own; left to the scheduler, they were often run in turn on one. What is printed
 * is the first one's. If threads share something, a call costs more in two of them.
 *
 * A program defines _GNU_SOURCE, and its main returns measure_side_by_side(run, argc, argv).
 */
#ifndef SIDE_BY_SIDE_H
#define SIDE_BY_SIDE_H

#include "batches.h"

#include <pthread.h>
#include <sched.h>

static struct {
    long (*run)(long calls); /* one batch, in each thread */
    long threads, batches, calls;
    long arrivals;
} side_by_side;

/* All threads go on at the same moment. Gives the processor away in case there is only one. */
UNTIMED static void meet(void) {
    enum { SPINS = 10000 };
    long threads = side_by_side.threads;
    long mine = __atomic_add_fetch(&side_by_side.arrivals, 1, __ATOMIC_ACQ_REL);
    long all = (mine + threads - 1) / threads * threads;
    for (long i = 0; __atomic_load_n(&side_by_side.arrivals, __ATOMIC_ACQUIRE) < all; i++)
        if (i > SPINS)
            sched_yield();
}

/* On the processor of that number among those that the process may use. */
UNTIMED static void stay(int number) {
    cpu_set_t allowed, one;
    CPU_ZERO(&one);
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, &allowed) && number-- == 0)
            CPU_SET(cpu, &one);
    pthread_setaffinity_np(pthread_self(), sizeof one, &one);
}

UNTIMED static void go_through_batches(int is_telling) {
    for (long batch = 0; batch < side_by_side.batches; batch++) {
        double clock_ns, start, call_ns;
        meet();
        clock_ns = clock_read_ns();
        meet();
        start = now_ns();
        side_by_side.run(side_by_side.calls);
        call_ns = (now_ns() - start) / (double)side_by_side.calls;
        if (is_telling)
            printf("%.4f %.4f\n", clock_ns, call_ns);
    }
}

UNTIMED static void *second_thread(void *unused) {
    stay(1);
    go_through_batches(0);
    return unused;
}

UNTIMED static inline int measure_side_by_side(long (*run)(long calls), int argc, char **argv) {
    pthread_t thread;
    if (argc == 4)
        side_by_side.threads = (strcmp(argv[1], "one") == 0) + 2 * (strcmp(argv[1], "two") == 0);
    if (side_by_side.threads == 0) {
        fprintf(stderr, "usage: %s one|two BATCHES CALLS\n", argv[0]);
        return 2;
    }
    side_by_side.run = run;
    side_by_side.batches = atol(argv[2]);
    side_by_side.calls = atol(argv[3]);
    if (side_by_side.threads == 2 && pthread_create(&thread, NULL, second_thread, NULL) != 0) {
        fprintf(stderr, "%s: no second thread\n", argv[0]);
        return 1;
    }
    stay(0);
    go_through_batches(1);
    return side_by_side.threads == 2 && pthread_join(thread, NULL) != 0;
}

#endif
