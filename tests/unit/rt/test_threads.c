/*
 * test_threads.c - threads that come, go, and take over each other's trees.
 */
#include "instrumented.h"
#include "sanitizers.h"
#include "shot.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

FUNCTION(work, 2);
FUNCTION(leaf, 0);
FUNCTION(cleanup, 0);

static void work(int calls) {
    struct tli_frame frame = enter(&fn_work);
    for (int i = 0; i < calls; i++) {
        call(&frame, (uint32_t)i % 2);
        run_leaf(&fn_leaf);
    }
    leave(&frame);
}

static size_t count_trees(void) {
    size_t n = 0;
    for (struct tli_thread *t = tli_threads(); t; t = t->next)
        n++;
    return n;
}

static void *do_work(void *calls) {
    work((int)(intptr_t)calls);
    return NULL;
}

static void run_thread(void *(*function)(void *), void *argument) {
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, function, argument), 0);
    pthread_join(thread, NULL);
}

Test(threads, a_thousand_short_ones_share_one_tree) {
    for (int i = 0; i < 1000; i++)
        run_thread(do_work, (void *)4);
    cr_expect_eq(count_trees(), 1, "one was alive at a time");
    cr_expect_eq(tli_threads_started(), 1000);
    assert_tree("work@- 1000\n"
                "  leaf@0 2000\n"
                "  leaf@1 2000\n");
}

static void *do_nothing(void *unused) {
    return unused;
}

Test(threads, that_run_nothing_instrumented_are_not_known) {
    run_thread(do_work, (void *)0);
    uint64_t started = tli_threads_started();
    run_thread(do_nothing, NULL);
    cr_expect_eq(tli_threads_started(), started);
}

enum { CROWD = 16, ROUNDS = 2000 };
static pthread_barrier_t barrier;

static void *work_together(void *unused) {
    (void)unused;
    work(2);
    pthread_barrier_wait(&barrier); /* all are alive at once */
    for (int i = 0; i < ROUNDS; i++)
        work(2);
    return NULL;
}

static void run_crowd(void) {
    pthread_t threads[CROWD];
    pthread_barrier_init(&barrier, NULL, CROWD);
    for (int i = 0; i < CROWD; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, work_together, NULL), 0);
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&barrier);
}

Test(threads, alive_at_once_have_a_tree_each) {
    run_crowd();
    cr_expect_eq(count_trees(), CROWD);
    run_crowd();
    cr_expect_eq(count_trees(), CROWD, "the next ones take over");
    run_leaf(&fn_leaf);
    cr_expect_eq(count_trees(), CROWD, "and so does this one");
    assert_tree("leaf@- 1\n"
                "work@- 64032\n"
                "  leaf@0 64032\n"
                "  leaf@1 64032\n");
}

/* 2000 rounds of contexts that were there already cost no memory, whoever owns them. */
Test(threads, memory_does_not_grow_with_their_number) {
    run_thread(do_work, (void *)2);
    struct tli_thread *tree = tli_threads();
    void *mark = tli_arena_alloc(&tree->arena, 16);
    for (int i = 0; i < 500; i++)
        run_thread(do_work, (void *)2);
    void *next = tli_arena_alloc(&tree->arena, 16);
    cr_expect_eq((char *)next - (char *)mark, 16);
    cr_expect_null(tree->next);
}

static sem_t in_call, may_return;

static void *wait_in_a_call(void *unused) {
    (void)unused;
    struct tli_frame frame = enter(&fn_work);
    sem_post(&in_call);
    while (sem_wait(&may_return) != 0)
        ;
    leave(&frame);
    return NULL;
}

/* A call that has not returned has its count and the time so far in the profile. */
Test(threads, time_of_a_call_under_way_is_in_the_profile) {
    pthread_t thread;
    sem_init(&in_call, 0, 0);
    sem_init(&may_return, 0, 0);
    pthread_create(&thread, NULL, wait_in_a_call, NULL);
    while (sem_wait(&in_call) != 0)
        ;
    struct tli_thread *tree = tli_threads();
    struct tally_node *node = atomic_load(&tree->tls)->cur;
    cr_assert_eq(node->fn, &fn_work);
    for (uint64_t begin = __builtin_ia32_rdtsc(); __builtin_ia32_rdtsc() - begin < 20000000;)
        ;
    struct shot *first = shot_take(), *second = shot_take();
    const struct tally_context *a = shot_find(first, NULL, &fn_work);
    const struct tally_context *b = shot_find(second, NULL, &fn_work);
    cr_assert(a && b);
    cr_expect_eq(node->self, 0, "nothing is in its node yet");
    cr_expect_eq(a->calls, 1);
    cr_expect_gt(a->wall_ns, 0);
    cr_expect_gt(b->wall_ns, a->wall_ns, "a profile taken later shows more");
    shot_free(first);
    shot_free(second);
    sem_post(&may_return);
    pthread_join(thread, NULL);
    cr_expect_null(tli_thread_pending(tree).node, "an ended thread has nothing pending");
}

static void *end_in_a_call(void *unused) {
    (void)unused;
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    enter(&fn_leaf);
    pthread_exit(NULL);
}

Test(threads, that_end_in_the_middle_of_calls) {
    run_thread(end_in_a_call, NULL);
    run_thread(do_work, (void *)1);
    assert_tree("work@- 2\n"
                "  leaf@0 2\n");
    cr_expect_eq(count_trees(), 1);
    cr_expect_gt(tli_threads()->root->children->children->self, 0, "the time until its end counts");
}

static pthread_key_t key;

static void run_cleanup(void *unused) {
    (void)unused;
    run_leaf(&fn_cleanup);
}

static void *work_and_leave_cleanup(void *unused) {
    pthread_setspecific(key, &key);
    work(1);
    return unused;
}

/* A destructor that comes after ours begins the thread once more. */
Test(threads, destructors_of_the_program_are_counted) {
    pthread_key_create(&key, run_cleanup);
    for (int i = 0; i < 10; i++)
        run_thread(work_and_leave_cleanup, NULL);
    cr_expect_eq(count_trees(), 1);
    assert_tree("cleanup@- 10\n"
                "work@- 10\n"
                "  leaf@0 10\n");
}

static void run_cleanup_again(void *unused) {
    (void)unused;
    run_leaf(&fn_cleanup);
    pthread_setspecific(key, &key); /* as often as the system lets it */
}

/* A stack too large for glibc to keep: what was in the thread's TLS is unmapped when it is over. */
static void run_on_large_stack(void *(*function)(void *)) {
    pthread_attr_t attributes;
    pthread_t thread;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 128 << 20);
    cr_assert_eq(pthread_create(&thread, &attributes, function, NULL), 0);
    pthread_join(thread, NULL);
}

static void skip_with_thread_sanitizer(void) {
    if (WITH_THREAD_SANITIZER)
        cr_skip_test("for the sanitizer the thread is over before its last destructors are");
}

/* After the last round of destructors nothing tells that the thread ends. The next ones, and the
 * profile, find out that it did. */
Test(threads, a_destructor_that_never_has_enough) {
    enum { THREADS = 50 };
    skip_with_thread_sanitizer();
    pthread_key_create(&key, run_cleanup_again);
    for (int i = 0; i < THREADS; i++)
        run_on_large_stack(work_and_leave_cleanup);
    struct shot *shot = shot_take();
    cr_expect_eq(shot_calls(shot, &fn_work), THREADS);
    cr_expect_eq(shot_calls(shot, &fn_cleanup), THREADS * PTHREAD_DESTRUCTOR_ITERATIONS);
    cr_expect_eq(shot->snapshot.losses.threads_unrecorded, 0);
    cr_expect_eq(tli_threads_started(), THREADS + 1, "and this one, that takes the shot");
    cr_expect_leq(count_trees(), 2, "one of whoever lives, and one of the last that died");
    shot_free(shot);
}

static _Thread_local int round_number;

static void run_cleanup_in_last_round(void *unused) {
    (void)unused;
    if (++round_number == PTHREAD_DESTRUCTOR_ITERATIONS)
        run_leaf(&fn_cleanup);
    pthread_setspecific(key, &key);
}

static void *leave_cleanup(void *unused) {
    pthread_setspecific(key, &key);
    return unused;
}

/* Its first call is its last, and its end is not told either: what is read of it is not there. */
Test(threads, known_by_its_last_destructor_only) {
    skip_with_thread_sanitizer();
    pthread_key_create(&key, run_cleanup_in_last_round);
    run_on_large_stack(leave_cleanup);
    cr_expect_null(tli_thread_pending(tli_threads()).node);
    assert_tree("cleanup@- 1\n");
}

/* The child of a fork by such a thread has another id; its tree is still in use. */
static int forked_status = -1;

static void fork_in_last_round(void *unused) {
    (void)unused;
    run_leaf(&fn_cleanup);
    if (++round_number < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(key, &key);
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        struct tli_thread *own = tli_self;
        run_thread(do_work, (void *)1);
        run_leaf(&fn_cleanup);
        bool shared = atomic_load(&own->tls) != &__tally_tls;
        syscall(SYS_exit_group, shared);
    }
    waitpid(child, &forked_status, 0);
}

Test(threads, that_fork_in_their_last_destructor) {
    skip_with_thread_sanitizer();
    pthread_key_create(&key, fork_in_last_round);
    run_on_large_stack(leave_cleanup);
    cr_expect_eq(forked_status, 0);
}

static void *busy(void *stop) {
    while (!atomic_load_explicit((atomic_bool *)stop, memory_order_relaxed))
        work(3);
    return NULL;
}

/* Snapshots of running threads: each number is one the thread's tree had. */
Test(threads, snapshots_while_they_run_never_go_back) {
    pthread_t threads[3];
    static atomic_bool stop;
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, busy, &stop);
    uint64_t before = 0;
    for (int i = 0; i < 20; i++) {
        struct shot *shot = shot_take();
        uint64_t calls = shot_calls(shot, &fn_work);
        cr_expect_geq(calls, before);
        before = calls;
        shot_free(shot);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    struct shot *shot = shot_take();
    cr_expect_eq(shot_calls(shot, &fn_leaf), 3 * shot_calls(shot, &fn_work));
    shot_free(shot);
}
