/* Says itself what is recorded. For test_api.py. */
#include "tally/tally.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static int always(int n) {
    return n + 1;
}
NOINLINE static int paused(int n) {
    return always(n) + 2;
}
static inline int inlined(int n) {
    return n * 3;
}
NOINLINE static int has_inlined(int n) {
    return inlined(n);
}

static int repeat(int (*function)(int), int times) {
    int sum = 0;
    for (int i = 0; i < times; i++)
        sum += function(i);
    return sum;
}

static pthread_barrier_t barrier;

static void *other_thread(void *argument) {
    repeat(has_inlined, 100);
    pthread_barrier_wait(&barrier); /* recording is on until here */
    pthread_barrier_wait(&barrier); /* … and off from here */
    repeat(has_inlined, 1000);
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    repeat(has_inlined, 10);
    return argument;
}

static int stop_and_start(void) {
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    int sum = repeat(always, 5);
    pthread_create(&thread, NULL, other_thread, NULL);
    pthread_barrier_wait(&barrier);
    int status = tally_stop() | tally_stop();
    pthread_barrier_wait(&barrier);
    sum += repeat(paused, 1000);
    pthread_barrier_wait(&barrier);
    status |= tally_start() | tally_start();
    pthread_barrier_wait(&barrier);
    sum += repeat(always, 3);
    pthread_join(thread, NULL);
    printf("%d %d\n", status, sum);
    return 0;
}

static int write_often(void) {
    repeat(always, 4);
    int status = tally_write("first.tally");
    repeat(always, 6);
    status |= tally_write("second.tally") | tally_write("second.tally") | tally_write(NULL);
    repeat(always, 1);
    printf("%d %d\n", status, tally_write("no/such/directory.tally") == -ENOENT);
    return 0;
}

static int many_stops(void) {
    int sum = 0;
    for (int i = 0; i < 200; i++) {
        tally_stop();
        sum += repeat(paused, 3);
        tally_start();
        sum += repeat(has_inlined, 2);
    }
    tally_stop();
    printf("%d\n", sum);
    return 0;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    printf("%s\n", tally_version());
    if (strcmp(what, "stop") == 0)
        return stop_and_start();
    if (strcmp(what, "write") == 0)
        return write_often();
    if (strcmp(what, "often") == 0)
        return many_stops();
    if (strcmp(what, "start") == 0) {
        repeat(paused, 50);
        tally_start();
    }
    return repeat(always, 2) != 3;
}
