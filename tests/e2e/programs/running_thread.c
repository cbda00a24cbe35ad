// The program ends while other threads are in the middle of their calls.
// GROUP threads
// MATRIX usual
// FLAGS -pthread
// EXPECT calls never_returns 4
// EXPECT calls before 4
// EXPECT edge never_returns before 4
// EXPECT calls spins >=4
// EXPECT run threads 5
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

static sem_t running;
static volatile unsigned spun;

__attribute__((noinline)) static int before(int n) {
    return n + 1;
}

__attribute__((noinline)) static void spins(void) {
    spun++;
}

static void *never_returns(void *argument) {
    before(1);
    spins();
    sem_post(&running);
    for (;;)
        spins();
    return argument;
}

int main(void) {
    sem_init(&running, 0, 0);
    for (int i = 0; i < 4; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, never_returns, NULL);
    }
    for (int i = 0; i < 4; i++)
        sem_wait(&running);
    puts("end");
    return 0;
}
