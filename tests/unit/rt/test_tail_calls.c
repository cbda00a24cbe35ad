/*
 * test_tail_calls.c - functions that end by a jump to another one.
 *
 * The callee returns to the jumper's caller; its context is still below the jumper, which said so
 * before it jumped. If somebody else enters first, the jump was to uninstrumented code, and he was
 * called on behalf of the jumper's caller.
 */
#include "instrumented.h"
#include "shot.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void jumper(void);
static void callee(void);
static void other(void);
static void last(void);
static void countdown(int n);

FUNCTION(start, 2);
FUNCTION_AT(jumper, 3, jumper);
FUNCTION_AT(callee, 2, callee);
FUNCTION_AT(other, 1, other);
FUNCTION_AT(last, 0, last);
FUNCTION_AT(countdown, 1, countdown);

static void last(void) {
    run_leaf(&fn_last);
}

static void callee(void) {
    struct tli_frame frame = enter(&fn_callee);
    call(&frame, 0);
    last();
    leave(&frame);
}

static void other(void) {
    struct tli_frame frame = enter(&fn_other);
    leave(&frame);
}

static void (*target)(void) = callee;
static const void *announced = (const void *)callee;
static uint32_t site = 1;

static void jumper(void) {
    struct tli_frame frame = enter(&fn_jumper);
    tail(&frame, site, announced);
    target();
}

/* What the caller's state must be whenever a call has returned. */
static void check_state(const struct tli_frame *frame, uint32_t k) {
    cr_expect_eq(__tally_tls.cur, frame->node);
    cr_expect_eq(__tally_tls.slot, &frame->node->child[k]);
}

static void start(int times) {
    struct tli_frame frame = enter(&fn_start);
    for (int i = 0; i < times; i++) {
        call(&frame, 0);
        jumper();
        check_state(&frame, 0);
    }
    leave(&frame);
}

Test(tail_calls, the_callee_is_below_the_jumper) {
    start(5);
    assert_tree("start@- 1\n"
                "  jumper@0 5\n"
                "    callee@1 5\n"
                "      last@0 5\n");
}

Test(tail_calls, from_the_top) {
    jumper();
    jumper();
    assert_tree("jumper@- 2\n"
                "  callee@1 2\n"
                "    last@0 2\n");
}

/* The callee of the announcement is uninstrumented and calls somebody instrumented. */
Test(tail_calls, who_was_not_announced_is_the_callers) {
    target = other;
    start(3);
    assert_tree("start@- 1\n"
                "  jumper@0 3\n"
                "  other@0 3\n");
}

static void uninstrumented(void) {
    other();
    other();
    callee(); /* by itself the one announced, but not the one that was jumped to */
}

Test(tail_calls, an_announcement_is_for_one_entry) {
    target = uninstrumented;
    start(2);
    assert_tree("start@- 1\n"
                "  callee@0 2\n"
                "    last@0 2\n"
                "  jumper@0 2\n"
                "  other@0 4\n");
}

static void nobody(void) {}

/* Jumped to code that enters nothing: the caller goes on, whose next call names a slot of its own.
 */
Test(tail_calls, an_announcement_that_is_not_taken_up) {
    target = nobody;
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 0);
    jumper();
    call(&frame, 1);
    callee();
    leave(&frame);
    assert_tree("start@- 1\n"
                "  callee@1 1\n"
                "    last@0 1\n"
                "  jumper@0 1\n");
}

static void middle(void);
FUNCTION_AT(middle, 1, middle);
static void middle(void) {
    struct tli_frame frame = enter(&fn_middle);
    tail(&frame, 0, (const void *)callee);
    callee();
}

Test(tail_calls, a_chain_of_jumps) {
    target = middle;
    announced = (const void *)middle;
    start(4);
    assert_tree("start@- 1\n"
                "  jumper@0 4\n"
                "    middle@1 4\n"
                "      callee@0 4\n"
                "        last@0 4\n");
}

/* Both see the same slot of their caller: each jump finds its own jumper's child. */
Test(tail_calls, several_sites_and_callees) {
    struct tli_frame frame = enter(&fn_start);
    for (int i = 0; i < 12; i++) {
        site = (uint32_t)i % 3;
        target = i % 2 ? callee : last;
        announced = (const void *)target;
        call(&frame, 0);
        jumper();
        check_state(&frame, 0);
    }
    leave(&frame);
    assert_tree("start@- 1\n"
                "  jumper@0 12\n"
                "    callee@0 2\n"
                "      last@0 2\n"
                "    callee@1 2\n"
                "      last@0 2\n"
                "    callee@2 2\n"
                "      last@0 2\n"
                "    last@0 2\n"
                "    last@1 2\n"
                "    last@2 2\n");
}

static void countdown(int n) {
    struct tli_frame frame = enter(&fn_countdown);
    if (n == 0) {
        leave(&frame);
        return;
    }
    tail(&frame, 0, (const void *)countdown);
    countdown(n - 1);
}

Test(tail_calls, recursion_by_jumps_folds) {
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 1);
    countdown(1000);
    check_state(&frame, 1);
    leave(&frame);
    assert_tree("start@- 1\n"
                "  countdown@1 1\n"
                "    countdown@0 1000\n");
}
