// Threads that are joined, detached, that end by pthread_exit or are cancelled, and very many.
// GROUP threads
// MATRIX usual
// FLAGS -pthread
// EXPECT calls short_lived 2000
// EXPECT callers short_lived -
// EXPECT calls work 2130
// EXPECT edge short_lived work 2000
// EXPECT edge worker work 80
// EXPECT calls worker 8
// EXPECT calls step 1600000
// EXPECT edge loop step 1600000
// EXPECT calls detached 50
// EXPECT calls leaves_by_exit 10
// EXPECT edge leaves_by_exit leaves 10
// EXPECT calls is_cancelled 5
// EXPECT calls cleanup 5
// EXPECT calls key_destructor 10
// EXPECT calls main_continues 1
// EXPECT edge detached work 50
// EXPECT run threads 2074
// EXPECT[plugin] run losses.exits_unmatched 0
// LOSSES exits_unmatched
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static pthread_key_t key;
static sem_t ended, running;

__attribute__((noinline)) static uintptr_t work(uintptr_t n) {
    return n * 2 + 1;
}

static void *short_lived(void *argument) {
    return (void *)work((uintptr_t)argument);
}

__attribute__((noinline)) static unsigned step(unsigned n) {
    return n * 1664525 + 1013904223;
}

__attribute__((noinline)) static unsigned loop(unsigned n) {
    unsigned state = n;
    for (int i = 0; i < 200000; i++)
        state = step(state);
    return state;
}

static void *worker(void *argument) {
    uintptr_t sum = loop((unsigned)(uintptr_t)argument);
    for (uintptr_t i = 0; i < 10; i++)
        sum += work(i);
    return (void *)sum;
}

static void *detached(void *argument) {
    work(0);
    sem_post(&ended);
    return argument;
}

__attribute__((noinline)) static void leaves(void *value) {
    pthread_exit(value);
}

static void *leaves_by_exit(void *argument) {
    pthread_setspecific(key, &key);
    leaves(argument);
    return NULL;
}

static void key_destructor(void *value) {
    (void)value;
}

static void cleanup(void *argument) {
    (void)argument;
}

static void *is_cancelled(void *argument) {
    pthread_cleanup_push(cleanup, argument);
    sem_post(&running);
    for (;;)
        pause();
    pthread_cleanup_pop(0);
    return NULL;
}

__attribute__((noinline)) static int main_continues(void) {
    return 1;
}

static uintptr_t start_and_join(void *(*function)(void *), int n) {
    pthread_t threads[16];
    void *got;
    uintptr_t sum = 0;
    for (int i = 0; i < n; i++)
        pthread_create(&threads[i], NULL, function, (void *)(uintptr_t)i);
    for (int i = 0; i < n; i++) {
        pthread_join(threads[i], &got);
        sum += (uintptr_t)got;
    }
    return sum;
}

int main(void) {
    uintptr_t sum = 0;
    pthread_key_create(&key, key_destructor);
    sem_init(&ended, 0, 0);
    sem_init(&running, 0, 0);
    for (int i = 0; i < 200; i++)
        sum += start_and_join(short_lived, 10);
    sum += start_and_join(worker, 8);
    for (int i = 0; i < 50; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, detached, NULL);
        pthread_detach(thread);
    }
    for (int i = 0; i < 50; i++)
        sem_wait(&ended);
    sum += start_and_join(leaves_by_exit, 10);
    for (int i = 0; i < 5; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, is_cancelled, NULL);
        sem_wait(&running);
        pthread_cancel(thread);
        pthread_join(thread, NULL);
    }
    printf("%lu %d\n", (unsigned long)sum, main_continues());
    return 0;
}
