/*
 * test_sampling.c - which calls are timed, and that estimating the others neither makes nor loses
 * time.
 *
 * The functions are compiled for adaptive timing. The clock stands still but for spend(), so each
 * tick is the test's own.
 */
#include "sampling.h"

#include "clock.h"
#include "instrumented.h"
#include "recording.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <pthread.h>

#define TIMED_FUNCTION(id, sites_count, how)                                                       \
    static const struct tally_source id##_source = {#id, #id, "test.c", __LINE__, 0};              \
    static const struct tally_scope id##_scope = {&id##_source, TALLY_NO_INDEX, 0};                \
    static const struct tally_site id##_sites[(sites_count) + 1] = {{0, __LINE__}};                \
    static const struct tally_function fn_##id = {.source = &id##_source,                          \
                                                  .scopes = &id##_scope,                           \
                                                  .sites = id##_sites,                             \
                                                  .n_scopes = 1,                                   \
                                                  .n_sites = (sites_count),                        \
                                                  .timing = (how)}

TIMED_FUNCTION(start, 1, TALLY_TIMING_EXACT);
TIMED_FUNCTION(work, 2, TALLY_TIMING_ADAPTIVE);
TIMED_FUNCTION(leaf, 0, TALLY_TIMING_ADAPTIVE);
TIMED_FUNCTION(other, 1, TALLY_TIMING_ADAPTIVE);
TIMED_FUNCTION(untimed, 1, TALLY_TIMING_OFF);
TIMED_FUNCTION(fib, 2, TALLY_TIMING_ADAPTIVE);
TIMED_FUNCTION(even, 1, TALLY_TIMING_ADAPTIVE);
TIMED_FUNCTION(odd, 1, TALLY_TIMING_ADAPTIVE);

/* ---- the clock ---- */

static bool stands_still;
static uint64_t now, began;

static void spend(uint64_t ticks) {
    now += ticks;
}

/* The linker gives these names (--wrap). */
uint64_t __real_tli_now_for(uint64_t mode);
uint64_t __wrap_tli_now_for(uint64_t mode);
uint64_t __wrap_tli_now_for(uint64_t mode) {
    return stands_still ? now : __real_tli_now_for(mode);
}

static uint64_t ticks_of(const struct tally_node *node) {
    return tli_recorded(node, (struct tli_pending){0}).self;
}

/* Of a node and all below it. */
static uint64_t ticks_below(struct tally_node *top) {
    uint64_t sum = 0;
    for (struct tally_node *node = top; node; node = tli_next_in_preorder(top, node))
        sum += ticks_of(node);
    return sum;
}

/* From here on, what is not in the nodes yet counts from zero. */
static struct tli_frame begin(void) {
    struct tli_frame frame = enter(&fn_start);
    struct tally_tls *tls = &__tally_tls;
    stands_still = true;
    tls->clock = TLI_CLOCK_MONOTONIC;
    tls->last = now = UINT64_C(1) << 40;
    began = now - ticks_below(tli_self->root);
    return frame;
}

static void expect_conserved(void) {
    uint64_t pending = now - __tally_tls.last;
    cr_expect_eq(ticks_below(tli_self->root) + pending, now - began);
}

/* With the time of calls that no timed one stood for yet. */
static double estimate(const struct tally_node *node) {
    int64_t ticks = (int64_t)ticks_of(node);
    for (struct tally_node *child = tli_first_child(node); child; child = child->next)
        ticks -= tli_untimed_rest(child);
    return (double)(ticks + tli_untimed_rest(node));
}

static struct tally_node *child_of(const struct tally_node *node, const struct tally_function *fn,
                                   uint32_t site) {
    struct tally_node *child = tli_first_child(node);
    while (child && (child->fn != fn || child->site != site))
        child = child->next;
    cr_assert_not_null(child);
    return child;
}

static void expect_about(double got, double truth, double share, const char *what) {
    cr_expect(got > truth * (1 - share) && got < truth * (1 + share), "%s: %.0f, in truth %.0f",
              what, got, truth);
}

/* ---- blocks ---- */

static bool call_leaf(uint64_t ticks) {
    struct tli_frame frame = enter(&fn_leaf);
    bool is_timed = frame.payer != NULL;
    spend(ticks);
    leave(&frame);
    return is_timed;
}

static void work(int calls, uint64_t own, uint64_t in_leaf) {
    struct tli_frame frame = enter(&fn_work);
    for (int i = 0; i < calls; i++) {
        spend(own);
        call(&frame, 0);
        call_leaf(in_leaf);
    }
    leave(&frame);
}

enum { FIRST_CALLS = 16, LARGEST_BLOCK = 1024, CALLS_A_BLOCK = 8 };

/* Blocks follow each other without a gap, and of each exactly the call is timed that is due. */
Test(sampling, one_call_of_each_block_is_timed) {
    struct tli_frame frame = begin();
    uint64_t due = 0, end = FIRST_CALLS + 1, largest = 0, early = 0, late = 0;
    for (uint64_t calls = 1; calls <= 400000; calls++) {
        call(&frame, 0);
        bool is_timed = call_leaf(10);
        cr_assert_eq(is_timed, calls <= FIRST_CALLS || calls == due, "call %lu", calls);
        const struct tally_sampling *sample = frame.node->child[0]->sample;
        cr_assert_eq(sample != NULL, calls >= FIRST_CALLS, "call %lu", calls);
        if (!sample || !is_timed)
            continue;
        uint64_t size = UINT64_C(1) << sample->block_log2;
        due = frame.node->child[0]->due;
        cr_assert_eq(sample->next_block, end + size);
        cr_assert(due >= end && due < end + size);
        cr_assert_leq(size, LARGEST_BLOCK);
        cr_assert_leq(size, calls / CALLS_A_BLOCK);
        early += size > 1 && due < end + size / 2;
        late += size > 1 && due >= end + size / 2;
        largest = size > largest ? size : largest;
        end += size;
    }
    cr_expect_gt(largest, 64, "blocks of short calls grow");
    cr_expect(early > late / 2 && late > early / 2, "%lu in first halves, %lu in second ones",
              early, late);
    expect_conserved();
}

Test(sampling, long_calls_are_all_timed) {
    struct tli_frame frame = begin();
    for (int i = 0; i < 1000; i++) {
        call(&frame, 0);
        cr_assert(call_leaf(UINT64_C(1) << 32));
    }
    cr_expect_null(frame.node->child[0]->sample);
    cr_expect_eq(ticks_of(frame.node->child[0]), UINT64_C(1000) << 32);
    expect_conserved();
}

/* What began to be long after it was sampled is timed more often, until it is each time. */
Test(sampling, calls_that_become_long) {
    struct tli_frame frame = begin();
    bool are_timed = false;
    for (int i = 0; i < 30000; i++) {
        call(&frame, 0);
        are_timed = call_leaf(i < 10000 ? 10 : UINT64_C(1) << 32);
    }
    cr_expect(are_timed);
    cr_expect_eq(frame.node->child[0]->sample->block_log2, 0);
    expect_conserved();
}

/* ---- estimates ---- */

Test(sampling, calls_of_constant_duration) {
    enum { ROUNDS = 200, CALLS = 500, OWN = 30, IN_LEAF = 50 };
    struct tli_frame frame = begin();
    for (int i = 0; i < ROUNDS; i++) {
        call(&frame, 0);
        work(CALLS, OWN, IN_LEAF);
        expect_conserved();
    }
    const struct tally_node *node = frame.node->child[0];
    const struct tally_node *callee = child_of(node, &fn_leaf, 0);
    cr_expect_lt(callee->sample->timed, ROUNDS * CALLS / 50);
    expect_about(estimate(callee), (double)ROUNDS * CALLS * IN_LEAF, 0.02, "leaf");
    expect_about(estimate(node), (double)ROUNDS * CALLS * OWN, 0.05, "work");
}

/* A rhythm of the program's: each eighth call takes long. */
Test(sampling, calls_that_differ) {
    enum { CALLS = 400000, SHORT = 10, LONG = 200 };
    struct tli_frame frame = begin();
    for (int i = 0; i < CALLS; i++) {
        call(&frame, 0);
        call_leaf(i % 8 ? SHORT : LONG);
    }
    const struct tally_node *node = frame.node->child[0];
    double truth = CALLS / 8.0 * (7 * SHORT + LONG), error = estimate(node) - truth;
    expect_about(estimate(node), truth, 0.2, "leaf");
    cr_expect_lt(error * error, 25 * (double)node->sample->variance,
                 "it is off by %.0f, variance %lu", error, node->sample->variance);
    cr_expect_gt(node->sample->variance, 0);
    expect_conserved();
}

static void fib(unsigned n) {
    struct tli_frame frame = enter(&fn_fib);
    spend(10);
    if (n >= 2) {
        call(&frame, 0);
        fib(n - 1);
        call(&frame, 1);
        fib(n - 2);
    }
    leave(&frame);
}

/* A call that has most of the others in it stands for few of them. What it does not stand for stays
 * with the caller. */
Test(sampling, recursion) {
    struct tli_frame frame = begin();
    call(&frame, 0);
    fib(24);
    expect_conserved();
    const struct tally_node *top = frame.node->child[0];
    double ticks = (double)ticks_of(top), calls = (double)top->calls;
    for (uint32_t site = 0; site < 2; site++) {
        const struct tally_node *node = child_of(top, &fn_fib, site);
        cr_expect_not_null(node->sample);
        ticks += estimate(node);
        calls += (double)node->calls;
    }
    expect_about(ticks, 10 * calls, 0.2, "fib");
}

static void odd(unsigned n);
static void even(unsigned n) {
    struct tli_frame frame = enter(&fn_even);
    spend(20);
    call(&frame, 0);
    if (n)
        odd(n - 1);
    leave(&frame);
}

static void odd(unsigned n) {
    struct tli_frame frame = enter(&fn_odd);
    spend(40);
    call(&frame, 0);
    if (n)
        even(n - 1);
    leave(&frame);
}

Test(sampling, mutual_recursion) {
    enum { ROUNDS = 100000, DEPTH = 9 };
    struct tli_frame frame = begin();
    for (int i = 0; i < ROUNDS; i++) {
        call(&frame, 0);
        even(DEPTH);
    }
    expect_conserved();
    const struct tally_node *top = frame.node->child[0];
    const struct tally_node *of_odd = child_of(top, &fn_odd, 0);
    const struct tally_node *of_even = child_of(of_odd, &fn_even, 0);
    cr_expect_not_null(of_odd->sample);
    cr_expect_not_null(of_even->sample);
    expect_about(estimate(of_odd), 40.0 * (double)of_odd->calls, 0.3, "odd");
    expect_about(estimate(of_even), 20.0 * (double)of_even->calls, 0.5, "even");
}

/* ---- calls that do not return, and callers that are never timed ---- */

/* As compiled code does it behind setjmp. */
static void work_that_is_jumped_out_of(int calls) {
    struct tli_frame frame = enter(&fn_work);
    struct tally_node *charged = __tally_tls.charged;
    for (int i = 0; i < calls; i++) {
        call(&frame, 0);
        struct tli_frame skipped = enter(&fn_other);
        spend(5);
        call(&skipped, 0);
        (void)enter(&fn_leaf);
        spend(5);
        __tally_resume(frame.node, charged);
        spend(1);
    }
    leave(&frame);
}

Test(sampling, calls_that_are_jumped_out_of) {
    struct tli_frame frame = begin();
    for (int i = 0; i < 1000; i++) {
        call(&frame, 0);
        work_that_is_jumped_out_of(3);
        expect_conserved();
        cr_assert_eq(__tally_tls.charged, frame.node);
        call(&frame, 0);
        work(100, 10, 10);
        expect_conserved();
    }
    const struct tally_node *node = frame.node->child[0];
    cr_expect_not_null(child_of(node, &fn_leaf, 0)->sample);
}

static void untimed(void (*callee)(void)) {
    struct tli_frame frame = enter(&fn_untimed);
    cr_assert_null(frame.payer);
    spend(10);
    call(&frame, 0);
    callee();
    leave(&frame);
}

static void short_leaf(void) {
    call_leaf(20);
}

/* Its time is its callers', and so is what its callees are found to have taken. */
Test(sampling, a_caller_compiled_for_no_timing) {
    enum { CALLS = 100000 };
    struct tli_frame frame = begin();
    for (int i = 0; i < CALLS; i++) {
        call(&frame, 0);
        untimed(short_leaf);
    }
    expect_conserved();
    struct tally_node *node = frame.node->child[0];
    const struct tally_node *callee = child_of(node, &fn_leaf, 0);
    cr_expect_eq(node->calls, CALLS);
    cr_expect_eq(ticks_of(node), 0);
    cr_expect_eq(tli_recorded(node, (struct tli_pending){0}).timed, 0);
    expect_about(estimate(callee), 20.0 * CALLS, 0.02, "leaf");
}

/* ---- what is random ---- */

static void *begin_thread(void *unused) {
    (void)unused;
    run_leaf(&fn_leaf);
    cr_expect_neq(tli_self->random, 0);
    return NULL;
}

Test(sampling, the_generator_is_never_zero) {
    for (int i = 0; i < 8; i++) {
        pthread_t thread;
        cr_assert_eq(pthread_create(&thread, NULL, begin_thread, NULL), 0);
        pthread_join(thread, NULL);
    }
    struct tli_frame frame = begin();
    for (int i = 0; i < 100000; i++) {
        call(&frame, 0);
        call_leaf(i % 100 ? 10 : 1000);
        cr_assert_neq(tli_self->random, 0);
    }
}
