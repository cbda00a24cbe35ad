/*
 * test_thread_time.c - what threads did with their time, as far as a kernel tells.
 */
#include "instrumented.h"
#include "shot.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

FUNCTION(work, 0);

static int64_t run_queue(const char *text) {
    return tli_run_queue_ns(text, strlen(text));
}

Test(thread_time, reads_schedstat) {
    cr_expect_eq(run_queue("123456 789 4\n"), 789);
    cr_expect_eq(run_queue("0 0 1\n"), 0, "it never waited");
    cr_expect_eq(run_queue("1 9223372036854775807 1\n"), INT64_MAX);
}

Test(thread_time, of_a_kernel_that_does_not_say) {
    static const char *const texts[] = {
        "0 0 0\n",   "",         "\n",       "1\n",
        "1 2\n",     "1 2 3",    "1 2 ",     "-1 2 3\n",
        "1 -2 3\n",  "1  2 3\n", " 1 2 3\n", "a b c\n",
        "1 2 3 4\n", "1 2 x\n",  "1,2,3\n",  "1 9223372036854775808 1\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect_eq(run_queue(texts[i]), -1, "'%s'", texts[i]);
    cr_expect_eq(tli_run_queue_ns("1 23 4\n", 4), -1, "cut off, and read no further");
}

static struct tally_threads_time time_of_all(void) {
    struct shot *shot = shot_take();
    struct tally_threads_time time = shot->snapshot.threads_time;
    shot_free(shot);
    cr_expect_geq(time.cpu_ns, 0);
    cr_expect_geq(time.run_queue_ns, 0);
    cr_expect_geq(time.unknown_ns, 0);
    cr_expect_leq(time.cpu_ns + time.run_queue_ns + time.unknown_ns, time.wall_ns);
    return time;
}

static int64_t cpu_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void spin_for(int64_t ns) {
    for (int64_t end = cpu_ns() + ns; cpu_ns() < end;)
        ;
}

enum { MS = 1000000, A_WHILE = 50 * MS };

static void *spin(void *unused) {
    run_leaf(&fn_work);
    spin_for(A_WHILE);
    return unused;
}

static void *sleep_a_while(void *unused) {
    struct timespec t = {0, A_WHILE};
    run_leaf(&fn_work);
    while (nanosleep(&t, &t) != 0)
        ;
    return unused;
}

static struct tally_threads_time spent_by(void *(*function)(void *)) {
    struct tally_threads_time before = tli_threads_time(), after;
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, function, NULL), 0);
    pthread_join(thread, NULL);
    after = tli_threads_time();
    return (struct tally_threads_time){after.wall_ns - before.wall_ns, after.cpu_ns - before.cpu_ns,
                                       after.run_queue_ns - before.run_queue_ns,
                                       after.unknown_ns - before.unknown_ns};
}

/* This thread runs nothing instrumented, so the other one's life is all there is. */
Test(thread_time, of_one_that_spins_and_one_that_sleeps) {
    struct tally_threads_time spun = spent_by(spin), slept = spent_by(sleep_a_while);
    cr_expect_geq(spun.cpu_ns, A_WHILE);
    cr_expect_geq(spun.wall_ns, spun.cpu_ns);
    cr_expect_geq(slept.wall_ns, A_WHILE);
    cr_expect_lt(slept.cpu_ns, slept.wall_ns / 2);
    cr_expect_leq(slept.cpu_ns + slept.run_queue_ns + slept.unknown_ns, slept.wall_ns);
}

Test(thread_time, before_the_first_instrumented_call_is_not_counted) {
    spin_for(A_WHILE);
    run_leaf(&fn_work);
    struct tally_threads_time time = tli_threads_time();
    cr_expect_lt(time.cpu_ns, A_WHILE);
    spin_for(A_WHILE);
    time = tli_threads_time();
    cr_expect_geq(time.cpu_ns, A_WHILE, "one that is alive has its time until now");
    time_of_all();
}

static sem_t go_on, is_there;

static void *wait_to_end(void *unused) {
    run_leaf(&fn_work);
    sem_post(&is_there);
    spin_for(A_WHILE);
    sem_post(&is_there);
    sem_wait(&go_on);
    return unused;
}

Test(thread_time, of_another_one_that_is_alive) {
    pthread_t thread;
    sem_init(&go_on, 0, 0);
    sem_init(&is_there, 0, 0);
    pthread_create(&thread, NULL, wait_to_end, NULL);
    sem_wait(&is_there);
    sem_wait(&is_there);
    struct tally_threads_time alive = tli_threads_time();
    cr_expect_geq(alive.cpu_ns, A_WHILE);
    sem_post(&go_on);
    pthread_join(thread, NULL);
    struct tally_threads_time ended = tli_threads_time();
    cr_expect_geq(ended.cpu_ns, alive.cpu_ns);
    cr_expect_geq(ended.wall_ns, alive.wall_ns);
}

static void *do_nothing(void *unused) {
    run_leaf(&fn_work);
    return unused;
}

Test(thread_time, of_short_ones_is_known_but_for_what_they_waited_for) {
    for (int i = 0; i < 100; i++) {
        struct tally_threads_time time = spent_by(do_nothing);
        cr_assert_gt(time.cpu_ns, 0);
        if (time.wall_ns >= MS)
            continue; /* something came between */
        cr_assert_eq(time.run_queue_ns, 0);
        cr_assert_eq(time.unknown_ns, time.wall_ns - time.cpu_ns);
    }
}

Test(thread_time, where_no_file_can_be_opened) {
    struct rlimit limit, none = {0};
    getrlimit(RLIMIT_NOFILE, &limit);
    none.rlim_max = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &none);
    struct tally_threads_time slept = spent_by(sleep_a_while);
    setrlimit(RLIMIT_NOFILE, &limit);
    cr_expect_geq(slept.wall_ns, A_WHILE);
    cr_expect_eq(slept.run_queue_ns, 0);
    cr_expect_eq(slept.unknown_ns, slept.wall_ns - slept.cpu_ns);
}

Test(thread_time, a_forked_child_starts_from_zero) {
    run_leaf(&fn_work);
    spent_by(spin);
    spin_for(A_WHILE);
    cr_assert_geq(tli_threads_time().cpu_ns, 2 * A_WHILE);
    pid_t child = fork();
    if (child == 0)
        _exit(tli_threads_time().cpu_ns < A_WHILE && tli_threads_time().wall_ns > 0 ? 0 : 1);
    int status;
    waitpid(child, &status, 0);
    cr_expect_eq(status, 0);
}
