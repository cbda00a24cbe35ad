/*
 * test_stale_slots.c - `slot` and `cur` that do not fit each other, and how they get well again.
 *
 * They are two stores: a signal may come between them, an exception may skip the code that puts
 * them back. No call may then count under the wrong function, and none may be lost.
 */
#include "instrumented.h"
#include "shot.h"

#include <criterion/criterion.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>

FUNCTION(start, 3);
FUNCTION(thrower, 2);
FUNCTION(deep, 1);
FUNCTION(leaf, 0);
FUNCTION(handler, 1);

static void run_handler(int number) {
    struct tli_frame frame = enter(&fn_handler);
    (void)number;
    call(&frame, 0);
    run_leaf(&fn_leaf);
    leave(&frame);
}

static void interrupt(void) {
    signal(SIGUSR1, run_handler);
    raise(SIGUSR1);
}

/* The exit has stored `cur`, not yet `slot`, which is still one of the function that was left. */
Test(stale_slots, a_signal_between_the_two_stores_of_an_exit) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 0);
    struct tli_frame inner = enter(&fn_thrower);
    call(&inner, 1);
    run_leaf(&fn_leaf);
    __tally_time_exit(&inner.timed, inner.node, inner.payer);
    tls->cur = inner.prev;
    struct tally_node **slot = tls->slot;
    interrupt();
    cr_expect_eq(tls->slot, slot, "the interrupted code finds all as it was");
    cr_expect_eq(tls->cur, frame.node);
    tls->slot = inner.in;
    call(&frame, 2);
    run_leaf(&fn_leaf);
    leave(&frame);
    assert_tree("start@- 1\n"
                "  handler@- 1\n"
                "    leaf@0 1\n"
                "  leaf@2 1\n"
                "  thrower@0 1\n"
                "    leaf@1 1\n");
}

/* The call has named its slot, the callee has not yet entered. */
Test(stale_slots, a_signal_between_call_and_entry) {
    struct tli_frame frame = enter(&fn_start);
    for (int i = 0; i < 3; i++) {
        call(&frame, 1);
        interrupt();
        run_leaf(&fn_leaf);
    }
    leave(&frame);
    assert_tree("start@- 1\n"
                "  handler@- 3\n"
                "    leaf@0 3\n"
                "  leaf@1 3\n");
}

/* After a tail call's announcement: the handler is not who was announced. */
Test(stale_slots, a_signal_between_announcement_and_entry) {
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 1);
    struct tli_frame jumper = enter(&fn_thrower);
    tail(&jumper, 0, fn_deep.address);
    interrupt();
    run_leaf(&fn_deep);
    cr_expect_eq(__tally_tls.slot, &frame.node->child[1]);
    cr_expect_eq(__tally_tls.cur, frame.node);
    leave(&frame);
    assert_tree("start@- 1\n"
                "  handler@- 1\n"
                "    leaf@0 1\n"
                "  thrower@1 1\n"
                "    deep@0 1\n");
}

static jmp_buf caught;

static void throw_from_deep(void) {
    struct tli_frame frame = enter(&fn_deep);
    call(&frame, 0);
    run_leaf(&fn_leaf);
    longjmp(caught, 1);
}

static void throw_it(void) {
    struct tli_frame frame = enter(&fn_thrower);
    call(&frame, 0);
    throw_from_deep();
    leave(&frame);
}

/* Uninstrumented code catches: `cur` is still deep down. The next call from a known slot heals it:
 * the slot's owner is on the path, and he is who calls. */
Test(stale_slots, caught_by_uninstrumented_code) {
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 0);
    if (setjmp(caught) == 0)
        throw_it();
    cr_assert_neq(__tally_tls.cur, frame.node, "nobody has put it back yet");
    call(&frame, 1);
    struct tli_frame next = enter(&fn_leaf);
    cr_expect_eq(next.prev, frame.node);
    leave(&next);
    cr_expect_eq(__tally_tls.cur, frame.node);
    call(&frame, 2);
    run_handler(0);
    leave(&frame);
    assert_tree("start@- 1\n"
                "  handler@2 1\n"
                "    leaf@0 1\n"
                "  leaf@1 1\n"
                "  thrower@0 1\n"
                "    deep@0 1\n"
                "      leaf@0 1\n");
}

/* The same when the catcher's caller is the top of the thread. */
Test(stale_slots, caught_above_all_instrumented_code) {
    struct tally_node **top = __tally_tls.slot;
    run_leaf(&fn_leaf);
    top = __tally_tls.slot;
    if (setjmp(caught) == 0)
        throw_it();
    __tally_tls.slot = top; /* what the next function to exit puts back */
    run_handler(0);
    assert_tree("handler@- 1\n"
                "  leaf@0 1\n"
                "leaf@- 1\n"
                "thrower@- 1\n"
                "  deep@0 1\n"
                "    leaf@0 1\n");
}

/* Instrumented catchers say who goes on. */
Test(stale_slots, resume_puts_the_catcher_back) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 0);
    volatile int thrown = 0;
    if (setjmp(caught) != 0) {
        __tally_resume(frame.node, frame.node);
        thrown++;
    }
    cr_expect_eq(tls->cur, frame.node);
    if (thrown < 3) {
        call(&frame, 0);
        throw_it();
    }
    call(&frame, 1);
    run_leaf(&fn_leaf);
    leave(&frame);
    cr_expect_eq(tls->cur, frame.prev);
    assert_tree("start@- 1\n"
                "  leaf@1 1\n"
                "  thrower@0 3\n"
                "    deep@0 3\n"
                "      leaf@0 3\n");
}

Test(stale_slots, resume_where_nothing_was_skipped_changes_nothing) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 0);
    uint64_t last = tls->last, self = frame.node->self;
    __tally_resume(frame.node, frame.node);
    cr_expect_eq(tls->last, last);
    cr_expect_eq(frame.node->self, self);
    cr_expect_eq(tls->slot, &frame.node->child[0]);
    leave(&frame);
}

Test(stale_slots, resume_charges_the_skipped_context) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 0);
    struct tli_frame skipped = enter(&fn_thrower);
    uint64_t before = tls->last, self = skipped.node->self;
    __tally_resume(frame.node, frame.node);
    cr_expect_eq(skipped.node->self - self, tls->last - before);
    leave(&frame);
}
