/*
 * micro_threads.c - the cost of one call while another thread makes the same calls (see batches.h).
 *
 *   micro_threads threads BATCHES CALLS
 *
 * Two threads go through all batches side by side: they wait for each other before each
 * measurement, the clock read included, since the two may share one processor core. What is printed
 * is the first one's. If something is shared between threads, a call costs more than it does in
 * micro leaf.
 */
#include "leaf.h"

#include <pthread.h>
#include <sched.h>

static long n_batches, n_calls;
static long arrivals;

/* Both threads go on at the same moment. Gives the processor away in case there is only one. */
UNTIMED static void meet(void) {
    enum { SPINS = 10000 };
    long mine = __atomic_add_fetch(&arrivals, 1, __ATOMIC_ACQ_REL), both = mine + (mine & 1);
    for (long i = 0; __atomic_load_n(&arrivals, __ATOMIC_ACQUIRE) < both; i++)
        if (i > SPINS)
            sched_yield();
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
    go_through_batches(0);
    return unused;
}

int main(int argc, char **argv) {
    pthread_t thread;
    if (argc != 4 || strcmp(argv[1], "threads") != 0) {
        fprintf(stderr, "usage: micro_threads threads BATCHES CALLS\n");
        return 2;
    }
    n_batches = atol(argv[2]);
    n_calls = atol(argv[3]);
    if (pthread_create(&thread, NULL, second, NULL) != 0) {
        fprintf(stderr, "micro_threads: no second thread\n");
        return 1;
    }
    go_through_batches(1);
    return pthread_join(thread, NULL) == 0 ? 0 : 1;
}
