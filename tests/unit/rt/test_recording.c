/*
 * test_recording.c - recording switched off and on: what is in the profile is what was begun while
 * it was on, however often it changes and whatever is under way.
 */
#include "recording.h"
#include "sampling.h"

#include "instrumented.h"
#include "shot.h"
#include "tally/tally.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

FUNCTION(start, 3);
FUNCTION(work, 2);
FUNCTION(leaf, 0);
FUNCTION(fresh, 1);

static void work(int calls) {
    struct tli_frame frame = enter(&fn_work);
    for (int i = 0; i < calls; i++) {
        call(&frame, (uint32_t)i % 2);
        run_leaf(&fn_leaf);
    }
    leave(&frame);
}

Test(recording, is_on_from_the_start) {
    cr_expect(tli_recording_is_on());
    cr_expect_eq(tally_start(), 0, "starting what is started is in order");
    work(1);
    assert_tree("work@- 1\n"
                "  leaf@0 1\n");
}

Test(recording, calls_while_it_is_off_are_not_counted) {
    work(2);
    cr_expect_eq(tally_stop(), 0);
    cr_expect_eq(tally_stop(), 0, "stopping what is stopped is in order");
    work(20);
    assert_tree("work@- 1\n"
                "  leaf@0 1\n"
                "  leaf@1 1\n");
    cr_expect_eq(tally_start(), 0);
    assert_tree("work@- 1\n"
                "  leaf@0 1\n"
                "  leaf@1 1\n");
    work(1);
    assert_tree("work@- 2\n"
                "  leaf@0 2\n"
                "  leaf@1 1\n");
}

Test(recording, nodes_made_while_it_is_off) {
    work(2);
    tally_stop();
    run_leaf(&fn_fresh);
    run_leaf(&fn_fresh);
    assert_tree("fresh@- 0\n"
                "work@- 1\n"
                "  leaf@0 1\n"
                "  leaf@1 1\n");
    tally_start();
    run_leaf(&fn_fresh);
    tally_stop();
    run_leaf(&fn_fresh);
    run_leaf(&fn_start);
    tally_start();
    assert_tree("fresh@- 1\n"
                "start@- 0\n"
                "work@- 1\n"
                "  leaf@0 1\n"
                "  leaf@1 1\n");
}

/* A call belongs to the interval in which it began. */
Test(recording, calls_under_way_when_it_changes) {
    struct tli_frame frame = enter(&fn_start); /* counts */
    tally_stop();
    call(&frame, 0);
    struct tli_frame inner = enter(&fn_fresh); /* does not */
    tally_start();
    call(&inner, 0);
    work(1); /* does, below one that does not */
    leave(&inner);
    leave(&frame);
    assert_tree("start@- 1\n"
                "  fresh@0 0\n"
                "    work@0 1\n"
                "      leaf@0 1\n");
}

Test(recording, many_changes_in_a_row) {
    uint64_t expected = 0;
    for (int i = 1; i <= 101; i++) {
        if (i % 2)
            expected += (uint64_t)i;
        for (int k = 0; k < i; k++)
            work(0);
        cr_assert_eq(i % 2 ? tally_stop() : tally_start(), 0);
    }
    struct shot *shot = shot_take();
    cr_expect_eq(shot_calls(shot, &fn_work), expected);
    shot_free(shot);
}

Test(recording, inlined_calls_are_switched_too) {
    static const struct tally_counter counters[] = {{0, 0}, {0, 1}};
    static struct tally_function fn;
    fn = fn_work;
    fn.counters = counters;
    fn.n_counters = fn.n_cells = 2;
    static const uint64_t rounds[] = {5, 100, 7};
    for (int i = 0; i < 3; i++) {
        struct tli_frame frame = enter(&fn);
        counters_of(&frame)[0] += rounds[i];
        counters_of(&frame)[1] += rounds[i] + 1;
        leave(&frame);
        cr_assert_eq(i % 2 ? tally_start() : tally_stop(), 0);
    }
    assert_tree("work@- 2 [12 14]\n");
}

/* Times: what is recorded and what is not make up what passed, to the tick. */
Test(recording, self_times_of_both_kinds_add_up) {
    const struct tli_pending nothing = {0};
    struct tli_frame frame = enter(&fn_start);
    struct tally_tls *tls = &__tally_tls;
    tally_stop();
    tli_charge(tls, frame.node);
    uint64_t live = frame.node->self;
    uint64_t recorded = tli_recorded(frame.node, nothing).self;
    cr_expect_gt(recorded, 0);
    cr_expect_lt(recorded, live, "what passed while it was off is not in it");
    uint64_t while_off = frame.node->paused[1];
    cr_expect_eq(while_off, recorded, "while off the note is the number");
    tally_start();
    tli_charge(tls, frame.node);
    cr_expect_eq(tli_recorded(frame.node, nothing).self + frame.node->paused[1], frame.node->self);
    cr_expect_geq(tli_recorded(frame.node, nothing).self, recorded);
    leave(&frame);
}

Test(recording, the_duration_is_that_of_recording) {
    work(1);
    tally_stop();
    uint64_t first = tli_recorded_ns(), second = tli_recorded_ns();
    cr_expect_gt(first, 0);
    cr_expect_eq(first, second, "it stands still while recording is off");
    tally_start();
    cr_expect_geq(tli_recorded_ns(), first);
}

static pthread_barrier_t barrier;

static void *work_in_turns(void *unused) {
    (void)unused;
    for (int turn = 0; turn < 4; turn++) {
        pthread_barrier_wait(&barrier);
        work(turn < 2 ? 1 << turn : 4 << turn);
        pthread_barrier_wait(&barrier);
    }
    return NULL;
}

/* Turns 0 and 3 are recorded, 1 and 2 not; in a thread that neither switches nor stops. */
Test(recording, other_threads) {
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, work_in_turns, NULL);
    for (int turn = 0; turn < 4; turn++) {
        if (turn == 1)
            tally_stop();
        if (turn == 3)
            tally_start();
        pthread_barrier_wait(&barrier);
        pthread_barrier_wait(&barrier);
    }
    pthread_join(thread, NULL);
    assert_tree("work@- 2\n"
                "  leaf@0 17\n"
                "  leaf@1 16\n");
}

/* ---- fork: the child's profile is of what the child does. */

static void send_tree(int fd) {
    struct shot *shot = shot_take();
    char *text = shot_text(shot);
    dprintf(fd, "%s", text);
    if (shot->snapshot.pid != getpid())
        dprintf(fd, "and the process id is wrong\n");
}

static void child_works(int fd) {
    work(3);
    send_tree(fd);
}

static void expect_from_child(void (*body)(int), const char *expected) {
    char *text = text_from_child(body, NULL);
    cr_expect_str_eq(text, expected, "the child's tree is\n%s", text);
    free(text);
}

#define CHILDS_OWN                                                                                 \
    "work@- 1\n"                                                                                   \
    "  leaf@0 2\n"                                                                                 \
    "  leaf@1 1\n"

Test(recording, a_forked_child_counts_itself_only) {
    work(10);
    expect_from_child(child_works, CHILDS_OWN);
    assert_tree("work@- 1\n"
                "  leaf@0 5\n"
                "  leaf@1 5\n");
}

static void child_stops_and_starts(int fd) {
    work(1);
    tally_stop();
    work(7);
    tally_start();
    work(1);
    send_tree(fd);
}

Test(recording, a_forked_child_may_switch) {
    work(2);
    expect_from_child(child_stops_and_starts, "work@- 2\n"
                                              "  leaf@0 2\n"
                                              "  leaf@1 0\n");
}

static void child_starts(int fd) {
    work(4); /* recording is off, as it was when the parent forked */
    tally_start();
    work(3);
    send_tree(fd);
}

Test(recording, a_child_inherits_that_it_is_off) {
    work(2);
    tally_stop();
    expect_from_child(child_starts, CHILDS_OWN);
    tally_start();
    assert_tree("work@- 1\n"
                "  leaf@0 1\n"
                "  leaf@1 1\n");
}

static void child_forks(int fd) {
    work(100);
    char *text = text_from_child(child_works, NULL);
    dprintf(fd, "%s", text);
}

Test(recording, a_grandchild) {
    work(10);
    expect_from_child(child_forks, CHILDS_OWN);
}

static void *busy(void *stop) {
    while (!atomic_load_explicit((atomic_bool *)stop, memory_order_relaxed))
        work(3);
    return NULL;
}

/* The parent's other threads are not in the child; their trees are there to be adopted. */
Test(recording, forking_while_other_threads_run) {
    static atomic_bool stop;
    pthread_t thread;
    pthread_create(&thread, NULL, busy, &stop);
    work(1);
    for (int i = 0; i < 10; i++)
        expect_from_child(child_works, CHILDS_OWN);
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
}

static void *work_in_thread(void *unused) {
    work(3);
    return unused;
}

static void child_makes_threads(int fd) {
    pthread_t thread;
    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, work_in_thread, NULL);
        pthread_join(thread, NULL);
    }
    send_tree(fd);
}

Test(recording, threads_of_the_child) {
    work(1);
    expect_from_child(child_makes_threads, "work@- 3\n"
                                           "  leaf@0 6\n"
                                           "  leaf@1 3\n");
}
