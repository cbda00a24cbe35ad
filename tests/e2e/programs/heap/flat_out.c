/* Threads allocate, and free one another's blocks, while profiles of that are written, and when the
 * program ends. The argument is how many. For test_heap.py. */
#include "tally/tally.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

enum { THREADS = 4, PLACES = 16 };

static void *_Atomic places[PLACES];

NOINLINE static void *makes(unsigned n) {
    return malloc(n % 200 + 1);
}
NOINLINE static void releases(void *block) {
    free(block);
}
static void *runs(void *argument) {
    for (unsigned n = 0;; n++)
        releases(atomic_exchange(&places[n % PLACES], n % 3 ? makes(n) : NULL));
    return argument;
}

int main(int argc, char **argv) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, runs, NULL);
    int failed = 0;
    for (int i = 0; argc > 1 && i < atoi(argv[1]); i++) {
        char name[64];
        snprintf(name, sizeof name, "%02d.pb.gz", i);
        failed += tally_heap_write(name) != 0;
    }
    return failed;
}
