// The program ends by exit, called by a thread that is not the first, while all the others are deep
// in instrumented code, starting threads, and ending. Handlers that run at exit are counted.
// GROUP threads
// MATRIX usual
// FLAGS -pthread
// VARIES recursed
// STATUS 6
// EXPECT calls at_exit 1
// EXPECT edge at_exit in_handler 1
// EXPECT calls ends_all 1
// EXPECT callers at_exit ends_all
// EXPECT calls recurses 3
// EXPECT edge recurses down >=stdout:recursed
// EXPECT calls starts_others 2
// EXPECT calls lives_shortly >=20
// EXPECT callers lives_shortly -
// EXPECT calls main 1
// EXPECT edge main waits 1
// EXPECT run ended_by exit
// LOSSES exits_unmatched
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

static sem_t running;
static atomic_ulong recursed;
static volatile int sink;

NOINLINE static int down(int depth) {
    return depth ? down(depth - 1) + sink : sink;
}

static void *recurses(void *argument) {
    for (int i = 0;; i++) {
        down(100);
        atomic_fetch_add(&recursed, 1);
        if (i == 10)
            sem_post(&running);
    }
    return argument;
}

static void *lives_shortly(void *argument) {
    return argument;
}

static void *starts_others(void *argument) {
    for (int i = 0;; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, lives_shortly, NULL) == 0)
            pthread_join(thread, NULL);
        if (i == 10)
            sem_post(&running);
    }
    return argument;
}

NOINLINE static void in_handler(void) {
    printf("recursed=%lu\n", atomic_load(&recursed));
}

static void at_exit(void) {
    in_handler();
}

static void *ends_all(void *argument) {
    for (int i = 0; i < 5; i++)
        sem_wait(&running);
    exit(6);
    return argument;
}

NOINLINE static void waits(void) {
    for (;;)
        pause();
}

int main(void) {
    static void *(*const functions[])(void *) = {recurses, starts_others, recurses,
                                                 recurses, starts_others, ends_all};
    sem_init(&running, 0, 0);
    atexit(at_exit);
    for (int i = 0; i < 6; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, functions[i], NULL);
    }
    waits();
    return 0;
}
