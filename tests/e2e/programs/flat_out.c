/* Twice as many threads as processors call without a pause, while as many profiles are written as the
 * argument says. What each function was called in all is printed as NAME=N. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <tally/tally.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

static atomic_bool stop;
static _Atomic unsigned long rounds; /* of all threads, by and by */

NOINLINE static unsigned leaf(unsigned n) {
    return n * 1664525 + 1013904223;
}

static inline unsigned may_be_inlined(unsigned n) {
    return n ^ n >> 7;
}

NOINLINE static unsigned recursive(unsigned n, int depth) {
    return depth ? recursive(leaf(n), depth - 1) + 1 : n;
}

static unsigned one(unsigned n) {
    return leaf(n) + 1;
}
static unsigned other(unsigned n) {
    return leaf(n) + 2;
}
static unsigned (*const volatile either[])(unsigned) = {one, other};

/* Of each: 1 of one and other, 8 may_be_inlined, 6 recursive with 5 leaf, 3 leaf of its own. */
NOINLINE static unsigned round_of_calls(unsigned n) {
    n = either[0](n) + either[1](n);
    for (int i = 0; i < 8; i++)
        n += may_be_inlined(n);
    n = recursive(n, 5);
    for (int i = 0; i < 3; i++)
        n = leaf(n);
    return n;
}

static void *runs(void *argument) {
    unsigned n = (unsigned)*(int *)argument;
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        for (int i = 0; i < 100; i++)
            n = round_of_calls(n);
        atomic_fetch_add_explicit(&rounds, 100, memory_order_relaxed);
    }
    *(int *)argument = (int)(n & 1);
    return NULL;
}

int main(int argc, char **argv) {
    enum { MAX = 64 };
    int n_profiles = argc > 1 ? atoi(argv[1]) : 1,
        n_threads = (int)sysconf(_SC_NPROCESSORS_ONLN) * 2;
    pthread_t threads[MAX];
    int seeds[MAX];
    n_threads = n_threads < MAX ? n_threads : MAX;
    for (int i = 0; i < n_threads; i++) {
        seeds[i] = i;
        pthread_create(&threads[i], NULL, runs, &seeds[i]);
    }
    for (int i = 0; i < n_profiles; i++) {
        unsigned long seen = rounds;
        char name[32];
        while (rounds == seen)
            sched_yield();
        snprintf(name, sizeof name, "%03d.tally", i);
        if (tally_write(name) != 0)
            printf("no %s\n", name);
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < n_threads; i++)
        pthread_join(threads[i], NULL);
    unsigned long n = rounds;
    printf("runs=%d\nround_of_calls=%lu\none=%lu\nother=%lu\nmay_be_inlined=%lu\nrecursive=%lu\n"
           "leaf=%lu\nmain=1\n",
           n_threads, n, n, n, n * 8, n * 6, n * 10);
    return 0;
}
