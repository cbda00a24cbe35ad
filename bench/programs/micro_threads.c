/*
 * micro_threads.c - the cost of one call while another thread makes the same calls (see batches.h).
 *
 *   micro_threads two BATCHES CALLS
 *   micro_threads one BATCHES CALLS    the same code in one thread, to compare with
 *
 * Two threads go through all batches side by side: they wait for each other before each
 * measurement, the clock read included, since the two may share one processor core. Each stays on a
 * processor of its own; left to the scheduler, they were often run in turn on one. What is printed
 * is the first one's. If threads share something, a call costs more in two of them.
 */
#define _GNU_SOURCE
#include "leaf.h"

#include <pthread.h>
#include <sched.h>

static long n_threads, n_batches, n_calls;
static long arrivals;

/* All threads go on at the same moment. Gives the processor away in case there is only one. */
UNTIMED static void meet(void) {
    enum { SPINS = 10000 };
    long mine = __atomic_add_fetch(&arrivals, 1, __ATOMIC_ACQ_REL);
    long all = (mine + n_threads - 1) / n_threads * n_threads;
    for (long i = 0; __atomic_load_n(&arrivals, __ATOMIC_ACQUIRE) < all; i++)
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
    for (long batch = 0; batch < n_batches; batch++) {
        double clock_ns, start, call_ns;
        meet();
        clock_ns = clock_read_ns();
        meet();
        start = now_ns();
        run_leaf(n_calls);
        call_ns = (now_ns() - start) / (double)n_calls;
        if (is_telling)
            printf("%.4f %.4f\n", clock_ns, call_ns);
    }
}

UNTIMED static void *second(void *unused) {
    stay(1);
    go_through_batches(0);
    return unused;
}

int main(int argc, char **argv) {
    pthread_t thread;
    if (argc == 4)
        n_threads = strcmp(argv[1], "two") == 0 ? 2 : strcmp(argv[1], "one") == 0 ? 1 : 0;
    if (n_threads == 0) {
        fprintf(stderr, "usage: micro_threads one|two BATCHES CALLS\n");
        return 2;
    }
    n_batches = atol(argv[2]);
    n_calls = atol(argv[3]);
    if (n_threads == 2 && pthread_create(&thread, NULL, second, NULL) != 0) {
        fprintf(stderr, "micro_threads: no second thread\n");
        return 1;
    }
    stay(0);
    go_through_batches(1);
    return n_threads == 2 && pthread_join(thread, NULL) != 0;
}
