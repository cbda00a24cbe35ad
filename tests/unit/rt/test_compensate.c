/*
 * test_compensate.c - the probe's cost taken off, with costs and contexts given.
 *
 * self = measured - calls * inside - calls made * outside; costs are in ticks * 1024.
 */
#include "snapshot.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct tally_source source = {"f", "f", "t.c", 1, 0};
static const struct tally_function a = {.source = &source}, b = {.source = &source},
                                   c = {.source = &source}, dynamic = {.source = NULL};
static const struct tli_probe_costs costs = {.inline_code = {10 * 1024, 3 * 1024},
                                             .hooks = {100 * 1024, 30 * 1024}};
static struct tally_losses losses;

static void compensate_timed(const struct tli_probe_costs *given, struct tally_context *contexts,
                             const uint64_t *timed, size_t n) {
    struct tli_arena arena = {.next_chunk_bytes = 0};
    memset(&losses, 0, sizeof losses);
    cr_assert_eq(tli_compensate(contexts, timed, n, given, &losses, &arena), 0);
    tli_arena_release(&arena);
}

/* Every call is timed. */
static void compensate_with(const struct tli_probe_costs *given, struct tally_context *contexts,
                            size_t n) {
    uint64_t timed[8] = {0};
    for (size_t i = 0; i < n; i++)
        timed[i] = contexts[i].calls;
    compensate_timed(given, contexts, timed, n);
}

static void compensate(struct tally_context *contexts, size_t n) {
    compensate_with(&costs, contexts, n);
}

static struct tally_context context(const struct tally_function *fn, uint32_t parent,
                                    uint64_t calls, uint64_t ticks) {
    return (struct tally_context){.fn = fn, .parent = parent, .calls = calls, .wall_ns = ticks};
}

#define TOP TALLY_NO_INDEX

Test(compensate, the_callee_pays_inside_the_caller_outside) {
    struct tally_context contexts[] = {context(&a, TOP, 2, 1000), context(&b, 0, 5, 1000)};
    compensate(contexts, 2);
    cr_expect_eq(contexts[0].wall_ns, 1000 - 2 * 10 - 5 * 3);
    cr_expect_eq(contexts[1].wall_ns, 1000 - 5 * 10);
    cr_expect_eq(losses.clamped_ns, 0);
    cr_expect_eq(losses.clamped_contexts, 0);
}

Test(compensate, each_caller_pays_for_its_own_calls) {
    struct tally_context contexts[] = {context(&a, TOP, 1, 500), context(&b, 0, 1, 500),
                                       context(&c, 0, 1, 500), context(&c, 1, 10, 500),
                                       context(&b, 2, 20, 500)};
    compensate(contexts, 5);
    cr_expect_eq(contexts[0].wall_ns, 500 - 10 - 2 * 3);
    cr_expect_eq(contexts[1].wall_ns, 500 - 10 - 10 * 3);
    cr_expect_eq(contexts[2].wall_ns, 500 - 10 - 20 * 3);
    cr_expect_eq(contexts[3].wall_ns, 500 - 10 * 10);
    cr_expect_eq(contexts[4].wall_ns, 500 - 20 * 10);
}

Test(compensate, hooks_cost_what_hooks_cost) {
    struct tally_context contexts[] = {context(&a, TOP, 1, 1000), context(&dynamic, 0, 2, 1000)};
    compensate(contexts, 2);
    cr_expect_eq(contexts[0].wall_ns, 1000 - 10 - 2 * 30);
    cr_expect_eq(contexts[1].wall_ns, 1000 - 2 * 100);
}

Test(compensate, fractions_of_a_tick_are_not_lost_over_many_calls) {
    const struct tli_probe_costs half = {.inline_code = {512, 256}};
    struct tally_context contexts[] = {context(&a, TOP, 1, 1000), context(&b, 0, 1000, 1000)};
    compensate_with(&half, contexts, 2);
    cr_expect_eq(contexts[1].wall_ns, 500);
    cr_expect_eq(contexts[0].wall_ns, 1000 - 250, "0.5 + 250 ticks, cut to whole ones");
}

/* a ─ b ─ a' : the callees of a and a' are together below a; 3 of 4 calls were made by a'. */
Test(compensate, a_recursion_shares_what_it_spent) {
    struct tally_context contexts[] = {context(&a, TOP, 1, 10000), context(&b, 0, 40, 10000),
                                       context(&a, 1, 3, 10000)};
    compensate(contexts, 3);
    uint64_t spent = 40 * 3;
    cr_expect_eq(contexts[0].wall_ns, 10000 - 1 * 10 - spent / 4);
    cr_expect_eq(contexts[1].wall_ns, 10000 - 40 * 10 - 3 * 3);
    cr_expect_eq(contexts[2].wall_ns, 10000 - 3 * 10 - spent * 3 / 4);
}

/* fib: its own children are its other two contexts. */
Test(compensate, direct_recursion_by_two_sites) {
    struct tally_context contexts[] = {context(&a, TOP, 1, 100000), context(&a, 0, 500, 100000),
                                       context(&a, 0, 499, 100000)};
    contexts[2].site = 1;
    compensate(contexts, 3);
    uint64_t total = contexts[0].wall_ns + contexts[1].wall_ns + contexts[2].wall_ns;
    uint64_t exact = 300000 - 1000 * 10 - 999 * 3;
    cr_expect_geq(total, exact);
    cr_expect_leq(total - exact, 3, "each context is cut to whole ticks");
    cr_expect_lt(contexts[1].wall_ns, contexts[2].wall_ns, "more calls, more spent");
}

Test(compensate, what_would_be_negative_is_zero_and_reported) {
    struct tally_context contexts[] = {context(&a, TOP, 1, 4), context(&b, 0, 10, 70),
                                       context(&c, 0, 1, 10)};
    compensate(contexts, 3);
    cr_expect_eq(contexts[0].wall_ns, 0);
    cr_expect_eq(contexts[1].wall_ns, 0);
    cr_expect_eq(contexts[2].wall_ns, 0, "just enough is not clamped");
    cr_expect_eq(losses.clamped_contexts, 2);
    cr_expect_eq(losses.clamped_ns, (10 + 11 * 3 - 4) + (100 - 70));
}

/* A signal handler's time may have been taken off a context more than once had been added. */
Test(compensate, a_negative_measurement_is_clamped_with_its_amount) {
    struct tally_context contexts[] = {context(&a, TOP, 2, (uint64_t)-50)};
    compensate(contexts, 1);
    cr_expect_eq(contexts[0].wall_ns, 0);
    cr_expect_eq(losses.clamped_ns, 50 + 2 * 10);
    cr_expect_eq(losses.clamped_contexts, 1);
}

Test(compensate, contexts_never_called_pay_nothing) {
    struct tally_context contexts[] = {context(&a, TOP, 0, 0), context(&b, 0, 0, 0)};
    compensate(contexts, 2);
    cr_expect_eq(losses.clamped_contexts, 0);
    cr_expect_eq(contexts[0].wall_ns, 0);
}

Test(compensate, calls_beyond_32_bits) {
    const uint64_t calls = UINT64_C(1) << 40, ticks = UINT64_C(1) << 62;
    struct tally_context contexts[] = {context(&a, TOP, 1, ticks), context(&b, 0, calls, ticks)};
    compensate(contexts, 2);
    cr_expect_eq(contexts[1].wall_ns, ticks - calls * 10);
    cr_expect_eq(contexts[0].wall_ns, ticks - 10 - calls * 3);
    cr_expect_eq(losses.clamped_contexts, 0);
}

Test(compensate, nothing_at_all) {
    struct tally_context none[1];
    compensate(none, 0);
    cr_expect_eq(losses.clamped_contexts, 0);
}

/* 100 calls, 10 timed: that of the others counts as if it had been timed, and was taken from the
 * caller so; what it really cost the caller is to count it. */
Test(compensate, untimed_calls_cost_their_counting) {
    const struct tli_probe_costs sampled = {.inline_code = {10 * 1024, 3 * 1024, 2 * 1024}};
    struct tally_context contexts[] = {context(&a, TOP, 1, 10000), context(&b, 0, 100, 5000)};
    const uint64_t timed[] = {1, 10};
    compensate_timed(&sampled, contexts, timed, 2);
    cr_expect_eq(contexts[0].wall_ns, 10000 - 10 - 10 * 3 - 90 * (2 - 10));
    cr_expect_eq(contexts[1].wall_ns, 5000 - 100 * 10);
}

Test(compensate, calls_that_are_never_timed_cost_their_counting_only) {
    const struct tli_probe_costs sampled = {.inline_code = {10 * 1024, 3 * 1024, 2 * 1024}};
    struct tally_context contexts[] = {context(&a, TOP, 1, 10000), context(&b, 0, 100, 0)};
    const uint64_t timed[] = {1, 0};
    compensate_timed(&sampled, contexts, timed, 2);
    cr_expect_eq(contexts[0].wall_ns, 10000 - 10 - 100 * 2);
    cr_expect_eq(contexts[1].wall_ns, 0);
    cr_expect_eq(losses.clamped_contexts, 0);
}
