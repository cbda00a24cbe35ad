// Every way a thread can end, by the thousand, with what is called when it does: clean-up handlers,
// destructors of its data, round after round, and long after the runtime has seen it off.
// GROUP threads
// MATRIX usual
// FLAGS -pthread -D_GNU_SOURCE
// LOSSES exits_unmatched
// EXPECT calls by_return 2000
// EXPECT callers by_return -
// EXPECT edge by_return leaf 2000
// EXPECT calls by_pthread_exit 500
// EXPECT edge sinks sinks 4500
// EXPECT calls leaves 500
// EXPECT callers leaves sinks
// EXPECT calls is_detached 500
// EXPECT edge is_detached leaf 500
// EXPECT calls by_thrd 200
// EXPECT edge by_thrd leaf 200
// EXPECT calls is_cancelled 200
// EXPECT edge waits_forever waits_below 200
// EXPECT calls cleans_up 400
// EXPECT edge cleans_up cleaned 400
// EXPECT calls spins_forever 50
// EXPECT edge spins_forever spin >=50
// EXPECT calls has_data 300
// EXPECT calls data_ends 900
// EXPECT edge data_ends of_data 900
// EXPECT calls last_round 1200
// EXPECT edge last_round of_last_round 1200
// EXPECT calls first_is_destructor 300
// EXPECT edge first_is_destructor of_first 300
// EXPECT calls joins_another 50
// EXPECT edge joins_another leaf 50
// EXPECT calls joined_by_thread 50
// EXPECT run threads stdout:threads
// EXPECT run losses.threads_unrecorded 0
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <threads.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))
#ifdef __clang__
#define SKIP __attribute__((annotate("tally:skip"), no_instrument_function, noinline))
#else
#define SKIP __attribute__((no_instrument_function, noinline))
#endif

enum { AT_ONCE = 10 };

static volatile int sink;
static sem_t ready;
static unsigned long threads = 1;

NOINLINE static int leaf(int n) {
    return n + 1;
}

static void *by_return(void *argument) {
    leaf(1);
    return argument;
}

/* Ten calls deep. */
NOINLINE static void leaves(void) {
    pthread_exit(NULL);
}

NOINLINE static int sinks(int depth) {
    if (depth == 0)
        leaves();
    return sink < 0 ? 0 : sinks(depth - 1) + 1;
}

static void *by_pthread_exit(void *argument) {
    sinks(9);
    return argument;
}

static void *is_detached(void *argument) {
    leaf(2);
    sem_post(&ready);
    return argument;
}

static int by_thrd(void *argument) {
    (void)argument;
    if (leaf(3) == 4)
        thrd_exit(7);
    return 0;
}

/* Cancelled where it waits, with two handlers on its way out. */
NOINLINE static void cleaned(void) {
    sink++;
}

static void cleans_up(void *argument) {
    (void)argument;
    cleaned();
}

NOINLINE static int waits_below(void) {
    pthread_cleanup_push(cleans_up, NULL);
    sem_post(&ready);
    for (;;)
        pause();
    pthread_cleanup_pop(0);
    return sink;
}

NOINLINE static int waits_forever(void) {
    int got = 0;
    pthread_cleanup_push(cleans_up, NULL);
    got = waits_below();
    pthread_cleanup_pop(0);
    return got;
}

static void *is_cancelled(void *argument) {
    waits_forever();
    return argument;
}

/* Cancelled at any instant, in the middle of instrumented calls. */
NOINLINE static void spin(void) {
    sink++;
}

static void *spins_forever(void *argument) {
    spin();
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    sem_post(&ready);
    for (;;)
        spin();
    return argument;
}

/* Data whose destructor sets it again: as often as the library goes round. */
static pthread_key_t three_rounds, all_rounds, only_destructor;

NOINLINE static int of_data(int n) {
    return n + 1;
}

static void data_ends(void *value) {
    uintptr_t left = (uintptr_t)value;
    of_data((int)left);
    if (left > 1)
        pthread_setspecific(three_rounds, (void *)(left - 1));
}

NOINLINE static void of_last_round(void) {
    sink++;
}

static void last_round(void *value) {
    of_last_round();
    pthread_setspecific(all_rounds, value);
}

static void *has_data(void *argument) {
    pthread_setspecific(three_rounds, (void *)(uintptr_t)3);
    pthread_setspecific(all_rounds, argument);
    return argument;
}

/* The thread's first instrumented call is its last: a destructor's. */
NOINLINE static void of_first(void) {
    sink++;
}

static void first_is_destructor(void *value) {
    (void)value;
    of_first();
}

SKIP static void *calls_nothing(void *argument) {
    pthread_setspecific(only_destructor, argument);
    return argument;
}

static void *joined_by_thread(void *argument) {
    return argument;
}

static void *joins_another(void *argument) {
    pthread_t other;
    pthread_create(&other, NULL, joined_by_thread, NULL);
    leaf(5);
    pthread_join(other, NULL);
    return argument;
}

/* Starts `n` threads, a few at a time; `stop` says how they are made to end. */
static void start_all(void *(*function)(void *), int n, void (*stop)(pthread_t)) {
    for (int i = 0; i < n; i += AT_ONCE) {
        pthread_t started[AT_ONCE];
        for (int k = 0; k < AT_ONCE; k++)
            pthread_create(&started[k], NULL, function, started);
        for (int k = 0; k < AT_ONCE; k++)
            stop(started[k]);
    }
    threads += (unsigned long)n;
}

static void join(pthread_t thread) {
    pthread_join(thread, NULL);
}

static void cancel(pthread_t thread) {
    sem_wait(&ready);
    pthread_cancel(thread);
}

static void cancel_all(void *(*function)(void *), int n) {
    for (int i = 0; i < n; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, function, NULL);
        cancel(thread);
        pthread_join(thread, NULL);
    }
    threads += (unsigned long)n;
}

static void detach_all(int n) {
    for (int i = 0; i < n; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, is_detached, NULL);
        pthread_detach(thread);
        sem_wait(&ready);
    }
    threads += (unsigned long)n;
}

static void standard_threads(int n) {
    for (int i = 0; i < n; i++) {
        thrd_t thread;
        int got = 0;
        thrd_create(&thread, by_thrd, NULL);
        thrd_join(thread, &got);
        sink += got;
    }
    threads += (unsigned long)n;
}

int main(void) {
    sem_init(&ready, 0, 0);
    pthread_key_create(&three_rounds, data_ends);
    pthread_key_create(&all_rounds, last_round);
    pthread_key_create(&only_destructor, first_is_destructor);
    start_all(by_return, 2000, join);
    start_all(by_pthread_exit, 500, join);
    start_all(has_data, 300, join);
    start_all(calls_nothing, 300, join);
    start_all(joins_another, 50, join);
    threads += 50;
    standard_threads(200);
    cancel_all(is_cancelled, 200);
    cancel_all(spins_forever, 50);
    detach_all(500);
    printf("threads=%lu\n", threads);
    return 0;
}
