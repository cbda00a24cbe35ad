/*
 * test_worker_pool.c - pools: each job is run or discarded, once; stopping ends all threads.
 */
#include "common/channel.h"
#include "common/worker_pool.h"
#include "thread_count.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>

enum { WORKERS = 4, JOBS = 200 };

struct job {
    atomic_uint runs, discards;
};

struct bench {
    struct job jobs[JOBS];
    sem_t gate; /* taken by a test to keep workers from finishing */
    atomic_uint begun;
};

static void run_job(void *context, void *job, uint64_t waited_ns) {
    struct bench *bench = context;
    (void)waited_ns;
    atomic_fetch_add(&bench->begun, 1);
    sem_wait(&bench->gate);
    sem_post(&bench->gate);
    atomic_fetch_add(&((struct job *)job)->runs, 1);
}

static void discard_job(void *context, void *job) {
    (void)context;
    atomic_fetch_add(&((struct job *)job)->discards, 1);
}

static struct bench *new_bench(void) {
    static struct bench bench;
    memset(&bench, 0, sizeof(bench));
    sem_init(&bench.gate, 0, 1);
    return &bench;
}

static int try_to_start(struct bench *bench, size_t workers, size_t capacity,
                        struct worker_pool **pool) {
    struct worker_pool_config config = {.workers = workers,
                                        .capacity = capacity,
                                        .queue = fifo_queue_new(capacity),
                                        .run = run_job,
                                        .discard = discard_job,
                                        .context = bench};
    return worker_pool_start(&config, pool);
}

static struct worker_pool *start_pool(struct bench *bench, size_t capacity) {
    struct worker_pool *pool;
    cr_assert_eq(try_to_start(bench, WORKERS, capacity, &pool), 0);
    return pool;
}

static unsigned sum_of_runs(const struct bench *bench) {
    unsigned sum = 0;
    for (size_t i = 0; i < JOBS; i++) {
        sum += bench->jobs[i].runs;
    }
    return sum;
}

static void submit_all(struct worker_pool *pool, struct bench *bench) {
    for (size_t i = 0; i < JOBS; i++) {
        cr_assert_eq(worker_pool_submit(pool, &bench->jobs[i], CHANNEL_FOREVER, NULL), 0);
    }
}

static void draining_runs_each_job(size_t capacity) {
    struct bench *bench = new_bench();
    struct worker_pool *pool = start_pool(bench, capacity);
    submit_all(pool, bench);
    worker_pool_stop(pool, WORKER_POOL_DRAIN);
    for (size_t i = 0; i < JOBS; i++) {
        cr_assert_eq(bench->jobs[i].runs, 1);
        cr_assert_eq(bench->jobs[i].discards, 0);
    }
    cr_assert_eq(worker_pool_submit(pool, &bench->jobs[0], CHANNEL_FOREVER, NULL), -ESHUTDOWN);
    worker_pool_stop(pool, WORKER_POOL_DRAIN);
    worker_pool_free(pool);
}

Test(worker_pool, draining_runs_each_job) {
    draining_runs_each_job(0);
    draining_runs_each_job(10);
    draining_runs_each_job(JOBS);
}

struct stopper {
    struct worker_pool *pool;
    struct bench *bench;
};

/* Lets the workers go on when the pool accepts no more. */
static void *open_gate(void *argument) {
    struct stopper *stopper = argument;
    static struct job late;
    while (worker_pool_submit(stopper->pool, &late, CHANNEL_NO_WAIT, NULL) != -ESHUTDOWN) {
    }
    sem_post(&stopper->bench->gate);
    return NULL;
}

Test(worker_pool, cancelling_finishes_what_runs_and_discards_the_rest) {
    struct bench *bench = new_bench();
    struct stopper stopper = {start_pool(bench, JOBS), bench};
    pthread_t thread;
    sem_wait(&bench->gate);
    for (size_t i = 0; i < WORKERS; i++) {
        cr_assert_eq(worker_pool_submit(stopper.pool, &bench->jobs[i], CHANNEL_FOREVER, NULL), 0);
    }
    while (atomic_load(&bench->begun) < WORKERS) {
    }
    for (size_t i = WORKERS; i < JOBS; i++) {
        cr_assert_eq(worker_pool_submit(stopper.pool, &bench->jobs[i], CHANNEL_FOREVER, NULL), 0);
    }
    cr_assert_eq(pthread_create(&thread, NULL, open_gate, &stopper), 0);
    worker_pool_stop(stopper.pool, WORKER_POOL_CANCEL);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    for (size_t i = 0; i < JOBS; i++) {
        cr_assert_eq(bench->jobs[i].runs, i < WORKERS);
        cr_assert_eq(bench->jobs[i].discards, i >= WORKERS);
    }
    worker_pool_free(stopper.pool);
}

Test(worker_pool, no_thread_is_left) {
    struct bench *bench = new_bench();
    struct worker_pool *pool = start_pool(bench, 10);
    size_t before = threads_of_this_process() - WORKERS; /* a sanitizer's own thread among them */
    worker_pool_stop(pool, WORKER_POOL_DRAIN);
    worker_pool_free(pool);
    cr_assert_eq(threads_once_at_most(before), before);

    pool = start_pool(bench, 10);
    cr_assert_eq(threads_of_this_process(), before + WORKERS);
    submit_all(pool, bench);
    worker_pool_stop(pool, WORKER_POOL_DRAIN);
    cr_assert_eq(threads_once_at_most(before), before);
    cr_assert_eq(sum_of_runs(bench), JOBS);
    worker_pool_free(pool);
}

/* A sanitizer's shadow needs more addresses than any limit leaves. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
Test(worker_pool, too_many_threads_are_refused_and_none_is_left) {
    size_t before = threads_of_this_process();
    struct rlimit limit = {(rlim_t)1 << 31, (rlim_t)1 << 31}; /* room for some 200 stacks */
    cr_assert_eq(setrlimit(RLIMIT_AS, &limit), 0);
    struct worker_pool *pool;
    cr_assert_eq(try_to_start(new_bench(), 10000, 10, &pool), -EAGAIN);
    cr_assert_eq(threads_once_at_most(before), before);
}
#endif
