/*
 * test_signal_steps.c - a signal between any two instructions of the hot and the slow path.
 *
 * After every instruction of what is tested (support/stepping.h), a handler runs instrumented
 * functions. So every place at which a signal can come is
 * tried, not only those that a timer happens to hit. What must hold afterwards:
 *
 *   - each function's calls are what was called, the handler's included
 *   - `cur` and `slot` of the interrupted code are as if nothing had been
 *
 * Not under sanitizers: their checks would be stepped through too, and are not made for it.
 */
#include "instrumented.h"
#include "options.h"
#include "sanitizers.h"
#include "shot.h"
#include "stepping.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

FUNCTION(start, 3);
FUNCTION(work, 2);
FUNCTION(leaf, 0);
FUNCTION(handler, 2);
FUNCTION(helper, 0);

static volatile uint64_t steps;
static void (*on_step)(void);

static void count_step(void) {
    steps++;
    on_step();
}

static void run_handler(void) {
    struct tli_frame frame = enter(&fn_handler);
    call(&frame, steps % 2);
    run_leaf(&fn_helper);
    leave(&frame);
}

static void begin(void) {
    if (WITH_ADDRESS_SANITIZER || WITH_THREAD_SANITIZER)
        cr_skip_test("sanitizers are not to be stepped through");
    stepping_set_up(count_step);
    on_step = run_handler;
}

TestSuite(signal_steps, .init = begin);

/* What has been called, by function; the handler's two by the number of steps. */
static void expect_calls(uint64_t starts, uint64_t works, uint64_t leaves) {
    struct shot *shot = shot_take();
    cr_assert_gt(steps, 10, "nothing was stepped through");
    cr_expect_eq(shot_calls(shot, &fn_start), starts);
    cr_expect_eq(shot_calls(shot, &fn_work), works);
    cr_expect_eq(shot_calls(shot, &fn_leaf), leaves, "%d leaves", (int)shot_calls(shot, &fn_leaf));
    cr_expect_eq(shot_calls(shot, &fn_handler), steps);
    cr_expect_eq(shot_calls(shot, &fn_helper), steps);
    const struct tally_losses *losses = &shot->snapshot.losses;
    cr_expect_eq(losses->contexts_collapsed + losses->threads_unrecorded, 0);
    shot_free(shot);
}

/* Of the functions under test, only these contexts: no call under a wrong caller. */
static void expect_contexts_of(const struct tally_function *fn, size_t expected) {
    struct shot *shot = shot_take();
    size_t n = 0;
    for (size_t i = 0; i < shot->n; i++)
        n += shot->contexts[i].fn == fn;
    cr_expect_eq(n, expected, "%zu contexts of %s", n, fn->source->name);
    shot_free(shot);
}

static __attribute__((noinline)) void work(void) {
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    run_leaf(&fn_leaf);
    call(&frame, 1);
    run_leaf(&fn_leaf);
    leave(&frame);
}

static void run_stepped_in(const struct tally_function *caller, int times, void (*body)(void)) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_frame frame = enter(caller);
    for (int i = 0; i < times; i++) {
        call(&frame, 0);
        struct tally_node **slot = tls->slot;
        stepping_on();
        body();
        stepping_off();
        cr_assert_eq(tls->cur, frame.node);
        cr_assert_eq(tls->slot, slot);
    }
    leave(&frame);
    cr_expect_eq(tls->cur, frame.prev);
}

static void run_stepped(int times, void (*body)(void)) {
    run_stepped_in(&fn_start, times, body);
}

/* The first time makes the nodes, the second finds them, the slots being the handler's by then. */
Test(signal_steps, calls_and_exits) {
    run_stepped(5, work);
    expect_calls(1, 5, 10);
    expect_contexts_of(&fn_work, 1);
    expect_contexts_of(&fn_leaf, 2);
}

/* The first entry of a thread: whoever comes first, it or the handler, makes the thread known. */
static uint64_t begin_at, step_of_thread;

static void begin_in_handler(void) {
    if (++step_of_thread == begin_at)
        run_handler();
    else
        steps--; /* not a step at which anything was called */
}

static void *begin_thread(void *unused) {
    step_of_thread = 0;
    stepping_on();
    run_leaf(&fn_leaf);
    stepping_off();
    cr_assert_eq(__tally_tls.cur, tli_self->root);
    return unused;
}

Test(signal_steps, the_first_entry_of_a_thread) {
    uint64_t threads = 0;
    on_step = begin_in_handler;
    for (begin_at = 1; begin_at == 1 || step_of_thread >= begin_at - 1; begin_at++, threads++) {
        pthread_t thread;
        pthread_create(&thread, NULL, begin_thread, NULL);
        pthread_join(thread, NULL);
    }
    cr_expect_eq(tli_threads_started(), threads);
    expect_calls(0, 0, threads);
}

/* The handler calls what it interrupted: the same nodes are counted by both. */
static void call_work(void) {
    work();
}

static void count_work_in_handler(void) {
    struct tli_frame frame = enter(&fn_handler);
    call(&frame, 0);
    run_leaf(&fn_helper);
    leave(&frame);
    work();
}

Test(signal_steps, a_handler_that_calls_the_same) {
    on_step = count_work_in_handler;
    run_stepped(5, call_work);
    expect_calls(1, 5 + steps, 2 * (5 + steps));
}

/* Recursion: a folded node, whose callees are its ancestor's. */
static void recurse(int depth) {
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    if (depth)
        recurse(depth - 1);
    else
        run_leaf(&fn_leaf);
    leave(&frame);
}

static void recurse_five(void) {
    recurse(5);
}

Test(signal_steps, recursion) {
    run_stepped(4, recurse_five);
    expect_calls(1, 24, 4);
    expect_contexts_of(&fn_work, 2);
}

/* A slot that changes its callee at each call, with no hints: the way through the siblings. */
static const struct tally_function *const callees[] = {&fn_leaf, &fn_work};
static unsigned turn;

static void call_in_turn(void) {
    memset(tli_self->cache, 0, sizeof tli_self->cache);
    run_leaf(callees[turn++ % 2]);
}

Test(signal_steps, siblings) {
    run_stepped(6, call_in_turn);
    expect_calls(1, 3, 3);
    expect_contexts_of(&fn_work, 1);
    expect_contexts_of(&fn_leaf, 1);
}

/* A new node for which there is no room: memory is mapped, by the handler too if it comes first.
 * The room runs out once, at each instruction in turn: an allocation that is overtaken each time it
 * tries would try for ever. */
enum { FULL_CHUNK = 2 << 20 }; /* larger than any chunk: it gets one of its own, and fills it */
static struct tally_function fresh[1000], callers[1000]; /* a new pair each time: no siblings */
static uint64_t full_at, step_of_body;
static size_t n_fresh;

static void call_new(void) {
    run_leaf(&fresh[n_fresh]);
}

static void handle_and_fill_arena(void) {
    if (++step_of_body == full_at)
        tli_arena_alloc(&tli_self->arena, FULL_CHUNK);
    run_handler();
}

Test(signal_steps, an_arena_that_grows) {
    on_step = handle_and_fill_arena;
    run_leaf(&fn_leaf); /* makes the thread known */
    for (full_at = 1; n_fresh < sizeof fresh / sizeof *fresh; full_at++, n_fresh++) {
        fresh[n_fresh] = fn_work;
        callers[n_fresh] = fn_start;
        tli_arena_alloc(&tli_self->arena, FULL_CHUNK);
        step_of_body = 0;
        run_stepped_in(&callers[n_fresh], 1, call_new);
        if (step_of_body < full_at)
            break;
    }
    cr_assert_gt(n_fresh, 50);
    struct shot *shot = shot_take();
    for (size_t i = 0; i < n_fresh; i++)
        cr_expect_eq(shot_calls(shot, &fresh[i]), 1);
    cr_expect_eq(shot_calls(shot, &fn_handler), steps);
    cr_expect_eq(shot_calls(shot, &fn_helper), steps);
    shot_free(shot);
}

/* A jump whose announcement a handler comes between loses its jumper, never the call. */
static void callee(void);
FUNCTION_AT(callee, 1, callee);

static __attribute__((noinline)) void callee(void) {
    struct tli_frame frame = enter(&fn_callee);
    call(&frame, 0);
    run_leaf(&fn_leaf);
    leave(&frame);
}

static __attribute__((noinline)) void jumper(void) {
    struct tli_frame frame = enter(&fn_work);
    tail(&frame, 1, (const void *)callee);
    callee();
}

Test(signal_steps, jumps) {
    run_stepped(4, jumper);
    expect_calls(1, 4, 4);
    struct shot *shot = shot_take();
    cr_expect_eq(shot_calls(shot, &fn_callee), 4);
    shot_free(shot);
}

/* Past the memory limit. */
Test(signal_steps, beyond_the_memory_limit) {
    struct tli_frame frame = enter(&fn_start);
    leave(&frame);
    tli_options.memory = 1;
    run_stepped(3, work);
    struct shot *shot = shot_take();
    cr_expect_eq(shot_calls(shot, &fn_work), 3);
    cr_expect_eq(shot_calls(shot, &fn_leaf), 6);
    cr_expect_eq(shot_calls(shot, &fn_handler), steps);
    cr_expect_eq(shot_calls(shot, &fn_helper), steps);
    shot_free(shot);
}

/* The hooks: shadow stack and all. */
static void hooked_callee(void) {
    __cyg_profile_func_enter((void *)hooked_callee, __builtin_return_address(0));
    __cyg_profile_func_exit((void *)hooked_callee, __builtin_return_address(0));
}

static void run_hooked_handler(void) {
    hooked_callee();
    run_handler();
}

Test(signal_steps, hooks) {
    on_step = run_hooked_handler;
    run_stepped(4, hooked_callee);
    struct shot *shot = shot_take();
    uint64_t calls = 0;
    for (size_t i = 0; i < shot->n; i++)
        if (shot->contexts[i].fn->address == (const void *)hooked_callee)
            calls += shot->contexts[i].calls;
    cr_expect_eq(calls, 4 + steps);
    cr_expect_eq(shot_calls(shot, &fn_handler), steps);
    cr_expect_eq(shot->snapshot.losses.exits_unmatched, 0);
    cr_expect_eq(tli_self->hooks.n, 0);
    shot_free(shot);
}

/* The shadow stack is nearly full: it grows under the interrupted entry, or under the handler's.
 * The signal comes once, at each of its instructions in turn, since the first one that comes makes
 * room. */
static uint64_t signal_at, signal_count, calls_in_handler;

static void nest(size_t depth, void (*last)(void)) {
    __cyg_profile_func_enter((void *)nest, __builtin_return_address(0));
    if (depth)
        nest(depth - 1, last);
    else
        last();
    __cyg_profile_func_exit((void *)nest, __builtin_return_address(0));
}

static void do_nothing(void) {}

static void nest_once_in_handler(void) {
    if (++signal_count != signal_at)
        return;
    nest(3, do_nothing);
    calls_in_handler += 4;
}

static void enter_when_nearly_full(void) {
    signal_count = 0;
    stepping_on();
    nest(1, do_nothing);
    stepping_off();
}

Test(signal_steps, hooks_whose_stack_grows) {
    enum { MOST_STEPS = 100000 };
    on_step = nest_once_in_handler;
    nest(0, do_nothing);
    size_t full = tli_self->hooks.max, calls = 1;
    for (signal_at = 1; signal_at < MOST_STEPS; signal_at += 1 + signal_at / 16) {
        cr_assert_eq(tli_self->hooks.n, 0);
        tli_hooks_release(&tli_self->hooks);
        nest(full - 3, enter_when_nearly_full);
        calls += full;
        cr_expect_gt(tli_self->hooks.max, full);
        if (signal_count < signal_at)
            break;
    }
    cr_expect_lt(signal_count, signal_at, "it went to the end");
    cr_assert_gt(calls_in_handler, 100);
    struct shot *shot = shot_take();
    uint64_t counted = 0;
    for (size_t i = 0; i < shot->n; i++)
        if (shot->contexts[i].fn->address == (const void *)nest)
            counted += shot->contexts[i].calls;
    cr_expect_eq(counted, calls + calls_in_handler);
    cr_expect_eq(shot->snapshot.losses.exits_unmatched, 0);
    shot_free(shot);
}
