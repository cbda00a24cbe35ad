/* Forks while other threads call flat out: a child counts what it does itself. Prints the children's
 * ids; test_processes.py looks at their profiles. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))
enum { THREADS = 4, ROUNDS = 25 };

static atomic_bool stop;
static volatile int sink;

NOINLINE static void in_thread(int depth) {
    if (depth > 0)
        in_thread(depth - 1);
    sink++;
}

NOINLINE static void in_child(void) {
    sink++;
}

static void *flat_out(void *argument) {
    while (!stop)
        in_thread(3);
    return argument;
}

NOINLINE static void *thread_of_child(void *argument) {
    in_child();
    return argument;
}

static void child(void) {
    pthread_t thread;
    for (int i = 0; i < 10; i++)
        in_child();
    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, thread_of_child, NULL);
        pthread_join(thread, NULL);
    }
    exit(0);
}

int main(void) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, flat_out, NULL);
    for (int i = 0; i < ROUNDS; i++) {
        pid_t pid = fork();
        if (pid == 0)
            child();
        waitpid(pid, NULL, 0);
        printf("child=%d\n", pid);
        fflush(stdout);
    }
    stop = true;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
