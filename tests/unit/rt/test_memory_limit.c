/*
 * test_memory_limit.c - too many contexts, and no memory at all: the program goes on, each
 * function's total stays exact or the loss is told.
 */
#include "instrumented.h"
#include "options.h"
#include "sanitizers.h"
#include "shot.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/resource.h>

FUNCTION(known, 4);
FUNCTION(late, 2);
FUNCTION(leaf, 0);

static void run_late(void) {
    struct tli_frame frame = enter(&fn_late);
    call(&frame, 0);
    run_leaf(&fn_leaf);
    call(&frame, 1);
    run_leaf(&fn_leaf);
    leave(&frame);
}

#define BEYOND "[contexts beyond the memory limit]@- 0\n"

Test(memory_limit, new_contexts_collapse_known_ones_stay) {
    struct tli_frame frame = enter(&fn_known);
    call(&frame, 0);
    run_leaf(&fn_leaf);
    tli_options.memory = 1;
    for (int i = 0; i < 10; i++) {
        call(&frame, 0);
        run_leaf(&fn_leaf);
        call(&frame, 1);
        run_leaf(&fn_leaf);
        call(&frame, 2);
        run_late();
    }
    leave(&frame);
    assert_tree(BEYOND "  late@- 10\n"
                       "  leaf@- 30\n"
                       "known@- 1\n"
                       "  leaf@0 11\n");
}

Test(memory_limit, what_collapsed_is_reported) {
    struct tli_frame frame = enter(&fn_known);
    tli_options.memory = 1;
    for (uint32_t i = 0; i < 8; i++) {
        call(&frame, i % 4);
        run_late();
    }
    leave(&frame);
    struct shot *shot = shot_take();
    cr_expect_eq(shot->snapshot.losses.contexts_collapsed, 8 + 16);
    cr_expect_eq(shot_calls(shot, &fn_late), 8);
    cr_expect_eq(shot_calls(shot, &fn_leaf), 16);
    shot_free(shot);
}

Test(memory_limit, nothing_is_reported_below_it) {
    run_late();
    struct shot *shot = shot_take();
    cr_expect_eq(shot->snapshot.losses.contexts_collapsed, 0);
    cr_expect_eq(shot->snapshot.losses.threads_unrecorded, 0);
    shot_free(shot);
}

static void recurse(int depth) {
    struct tli_frame frame = enter(&fn_late);
    call(&frame, (uint32_t)depth % 2);
    if (depth)
        recurse(depth - 1);
    leave(&frame);
}

Test(memory_limit, recursion_beyond_it) {
    struct tli_frame frame = enter(&fn_known);
    tli_options.memory = 1;
    call(&frame, 3);
    recurse(10000);
    cr_expect_eq(__tally_tls.cur, frame.node);
    leave(&frame);
    assert_tree(BEYOND "  late@- 10001\n"
                       "known@- 1\n");
}

Test(memory_limit, raised_again_contexts_are_told_apart_again) {
    tli_options.memory = 1;
    struct tli_frame frame = enter(&fn_known);
    call(&frame, 0);
    run_leaf(&fn_leaf);
    leave(&frame);
    tli_options.memory = 1 << 20;
    run_late();
    assert_tree(BEYOND "  known@- 1\n"
                       "  leaf@- 1\n"
                       "late@- 1\n"
                       "  leaf@0 1\n"
                       "  leaf@1 1\n");
}

static void *run_in_thread(void *unused) {
    run_late();
    return unused;
}

Test(memory_limit, holds_for_all_threads_together) {
    run_late();
    tli_options.memory = 1;
    for (int i = 0; i < 5; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, run_in_thread, NULL);
        pthread_join(thread, NULL);
    }
    assert_tree(BEYOND "  late@- 5\n"
                       "  leaf@- 10\n"
                       "late@- 1\n"
                       "  leaf@0 1\n"
                       "  leaf@1 1\n");
}

/* A wide tree: 4^8 paths; only so many nodes as memory allows, and no call is missing. */
enum { LEVELS = 8 };
static const struct tally_source level_source = {"level", "level", "t.c", 1, 0};
static const struct tally_scope level_scope = {&level_source, TALLY_NO_INDEX, 0};
static const struct tally_site level_sites[4];
static struct tally_function levels[LEVELS];

static void descend(int level) {
    struct tli_frame frame = enter(&levels[level]);
    for (uint32_t site = 0; site < 4 && level + 1 < LEVELS; site++) {
        call(&frame, site);
        descend(level + 1);
    }
    leave(&frame);
}

Test(memory_limit, totals_are_exact_and_memory_bounded) {
    for (int i = 0; i < LEVELS; i++)
        levels[i] = (struct tally_function){.source = &level_source,
                                            .scopes = &level_scope,
                                            .sites = level_sites,
                                            .n_scopes = 1,
                                            .n_sites = 4};
    enum { LIMIT = 200000, NODE = sizeof(struct tally_node) + 4 * 8 };
    tli_options.memory = LIMIT;
    for (int i = 0; i < 3; i++)
        descend(0);
    struct shot *shot = shot_take();
    cr_expect_leq(shot->n, LIMIT / NODE + LEVELS + 2);
    cr_expect_gt(shot->snapshot.losses.contexts_collapsed, 0);
    uint64_t expected = 3;
    for (int i = 0; i < LEVELS; i++, expected *= 4)
        cr_expect_eq(shot_calls(shot, &levels[i]), expected, "level %d", i);
    shot_free(shot);
}

/* ---- The kernel gives no more memory. Sanitizers cannot live with that. */

static void skip_with_sanitizers(void) {
    if (WITH_ADDRESS_SANITIZER || WITH_THREAD_SANITIZER)
        cr_skip_test("sanitizers need memory of their own");
}

static struct rlimit before;

static void forbid_memory(void) {
    getrlimit(RLIMIT_AS, &before);
    struct rlimit none = {1, before.rlim_max};
    setrlimit(RLIMIT_AS, &none);
}

static void allow_memory(void) {
    setrlimit(RLIMIT_AS, &before);
}

static sem_t may_run, has_run, may_end;

static void wait_for(sem_t *semaphore) {
    while (sem_wait(semaphore) != 0)
        ;
}

static void *run_when_allowed(void *unused) {
    wait_for(&may_run);
    run_late();
    run_late();
    sem_post(&has_run);
    wait_for(&may_end);
    return unused;
}

Test(memory_limit, a_thread_without_a_tree) {
    skip_with_sanitizers();
    pthread_t thread;
    run_late();
    sem_init(&may_run, 0, 0);
    sem_init(&has_run, 0, 0);
    sem_init(&may_end, 0, 0);
    pthread_create(&thread, NULL, run_when_allowed, NULL);
    forbid_memory();
    sem_post(&may_run);
    wait_for(&has_run);
    allow_memory();
    sem_post(&may_end);
    pthread_join(thread, NULL);
    struct shot *shot = shot_take();
    cr_expect_gt(shot->snapshot.losses.threads_unrecorded, 0);
    cr_expect_eq(shot_calls(shot, &fn_late), 1);
    shot_free(shot);
}

/* Until its arena is full a tree goes on growing; after that, calls are lost, and it is told. */
static struct tally_function crowd[4000];

Test(memory_limit, a_tree_that_cannot_grow) {
    skip_with_sanitizers();
    const int n = sizeof crowd / sizeof *crowd;
    for (int i = 0; i < n; i++)
        crowd[i] = (struct tally_function){.source = &level_source,
                                           .scopes = &level_scope,
                                           .sites = level_sites,
                                           .n_scopes = 1,
                                           .n_sites = 4};
    struct tli_frame frame = enter(&fn_known);
    forbid_memory();
    for (int i = 0; i < n; i++) {
        call(&frame, 0);
        struct tli_frame inner = enter(&crowd[i]);
        call(&inner, 1);
        run_leaf(&fn_leaf);
        leave(&inner);
    }
    allow_memory();
    cr_expect_eq(__tally_tls.cur, frame.node);
    leave(&frame);
    struct shot *shot = shot_take();
    uint64_t counted = 0;
    for (int i = 0; i < n; i++)
        counted += shot_calls(shot, &crowd[i]);
    cr_assert_lt(counted, n, "the test's tree was too small");
    const struct tally_losses *losses = &shot->snapshot.losses;
    cr_expect_gt(losses->contexts_collapsed + losses->threads_unrecorded, 0,
                 "%d of %d calls are counted, and no loss is told", (int)counted, n);
    shot_free(shot);
}

/* The time of an attempt that failed is in the tree once. */
Test(memory_limit, a_snapshot_that_fails_changes_no_numbers) {
    skip_with_sanitizers();
    struct tli_frame frame = enter(&fn_known);
    uint64_t begin = __tally_tls.last, self = frame.node->self;
    struct shot *shot;
    forbid_memory();
    int status = shot_try(&shot);
    allow_memory();
    cr_assert_eq(status, -ENOMEM, "tally_write gave %d", status);
    leave(&frame);
    cr_expect_leq(frame.node->self - self, __tally_tls.last - begin);
}
