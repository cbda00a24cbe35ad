/* Processes are made while threads allocate; each frees blocks of its parent's, and allocates. The
 * argument is how many. A child's profile has what it did itself. For test_heap.py. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

enum { THREADS = 3, OF_PARENT = 50, OF_CHILD = 20 };

static void *volatile kept;
static void *blocks[OF_PARENT];
static atomic_bool stop;
static _Atomic unsigned long in_threads;

NOINLINE static void in_parent(void) {
    for (int i = 0; i < OF_PARENT; i++)
        blocks[i] = malloc(10);
}
NOINLINE static void in_child(void) {
    for (int i = 0; i < OF_PARENT; i++)
        free(blocks[i]);
    for (int i = 0; i < OF_CHILD; i++) {
        void *block = malloc(100);
        if (i % 2)
            free(block);
        else
            kept = realloc(block, 200);
    }
}
NOINLINE static void *allocates(void *argument) {
    unsigned n = 0;
    void *own[8] = {0};
    for (; !atomic_load(&stop); n++) {
        free(own[n % 8]);
        own[n % 8] = malloc(n % 1000);
    }
    for (int i = 0; i < 8; i++)
        free(own[i]);
    atomic_fetch_add(&in_threads, n);
    return argument;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 1, failed = 0;
    pthread_t threads[THREADS];
    in_parent();
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, allocates, NULL);
    for (int i = 0; i < n; i++) {
        pid_t child = fork();
        if (child == 0) {
            in_child();
            exit(3);
        }
        int status;
        failed += child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
                  WEXITSTATUS(status) != 3;
    }
    atomic_store(&stop, 1);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    printf("allocates=%lu\n", in_threads);
    return failed;
}
