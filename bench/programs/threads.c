/*
 * threads.c - what a thread costs that runs one instrumented call.
 *
 *   threads started COUNT    one after the other; prints the median of ns for creating, running and
 *                            joining one
 *   threads alive COUNT      all at once; prints bytes made resident and bytes mapped by each
 *
 * Stacks are small, and the same in all builds.
 */
#include "resident.h"

#include <pthread.h>

enum { STACK_BYTES = 65536, MOST_ALIVE = 4096 };

static pthread_attr_t small_stack;
static pthread_barrier_t all_alive, all_measured;

static KEPT long work(long x) {
    OPAQUE(x);
    return x + 1;
}

UNTIMED static void *work_once(void *unused) {
    work(1);
    return unused;
}

UNTIMED static void *work_and_stay(void *unused) {
    work(1);
    pthread_barrier_wait(&all_alive);
    pthread_barrier_wait(&all_measured);
    return unused;
}

UNTIMED static pthread_t start(void *(*run)(void *)) {
    pthread_t thread;
    if (pthread_create(&thread, &small_stack, run, NULL) != 0) {
        fprintf(stderr, "threads: no more threads\n");
        exit(1);
    }
    return thread;
}

UNTIMED static int compare_ns(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

UNTIMED static void one_after_the_other(long count) {
    double *ns = malloc((size_t)count * sizeof *ns);
    if (!ns)
        exit(1);
    for (long i = 0; i < count; i++) {
        double begin = now_ns();
        pthread_join(start(work_once), NULL);
        ns[i] = now_ns() - begin;
    }
    qsort(ns, (size_t)count, sizeof *ns, compare_ns);
    printf("%.1f\n", ns[count / 2]);
    free(ns);
}

UNTIMED static void at_once(long count) {
    static pthread_t threads[MOST_ALIVE];
    struct memory before, after;
    pthread_barrier_init(&all_alive, NULL, (unsigned)count + 1);
    pthread_barrier_init(&all_measured, NULL, (unsigned)count + 1);
    memory_now();
    before = memory_now();
    for (long i = 0; i < count; i++)
        threads[i] = start(work_and_stay);
    pthread_barrier_wait(&all_alive);
    after = memory_now();
    pthread_barrier_wait(&all_measured);
    for (long i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    printf("%ld %ld\n", (after.resident_bytes - before.resident_bytes) / count,
           (after.mapped_bytes - before.mapped_bytes) / count);
}

int main(int argc, char **argv) {
    long count = argc == 3 ? atol(argv[2]) : 0;
    pthread_attr_init(&small_stack);
    pthread_attr_setstacksize(&small_stack, STACK_BYTES);
    if (count > 0 && strcmp(argv[1], "started") == 0)
        one_after_the_other(count);
    else if (count > 0 && count <= MOST_ALIVE && strcmp(argv[1], "alive") == 0)
        at_once(count);
    else {
        fprintf(stderr, "usage: threads started|alive COUNT (alive: at most %d)\n", MOST_ALIVE);
        return 2;
    }
    return 0;
}
