/*
 * test_recursion.c - recursion folds: exact counts of every caller and callee, bounded trees.
 */
#include "instrumented.h"
#include "shot.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <stdlib.h>

FUNCTION(start, 1);
FUNCTION(fib, 2);
FUNCTION(leaf, 0);
FUNCTION(even, 2);
FUNCTION(odd, 2);

static size_t count_nodes(void) {
    size_t n = 0;
    for (struct tally_node *node = tli_self->root; node;
         node = tli_next_in_preorder(tli_self->root, node))
        n++;
    return n;
}

static unsigned fib(unsigned n) {
    struct tli_frame frame = enter(&fn_fib);
    unsigned value = n;
    if (n >= 2) {
        call(&frame, 0);
        value = fib(n - 1);
        call(&frame, 1);
        value += fib(n - 2);
    }
    leave(&frame);
    return value;
}

/* Calls of fib(n): 2 F(n+1) - 1. Of fib(20): 21891, of which site 0 makes half, rounded up. */
Test(recursion, fib_is_three_contexts) {
    cr_assert_eq(fib(20), 6765);
    assert_tree("fib@- 1\n"
                "  fib@0 10945\n"
                "  fib@1 10945\n");
}

Test(recursion, fib_of_32) {
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 0);
    cr_assert_eq(fib(32), 2178309);
    leave(&frame);
    struct shot *shot = shot_take();
    cr_expect_eq(shot_calls(shot, &fn_fib), 7049155);
    shot_free(shot);
    cr_expect_eq(count_nodes(), 2 + 1 + 3, "root, beyond, start, and three of fib");
}

static void odd(unsigned n);
static void even(unsigned n) {
    struct tli_frame frame = enter(&fn_even);
    if (n) {
        call(&frame, 0);
        odd(n - 1);
    }
    leave(&frame);
}

static void odd(unsigned n) {
    struct tli_frame frame = enter(&fn_odd);
    if (n) {
        call(&frame, 0);
        even(n - 1);
    } else {
        call(&frame, 1);
        run_leaf(&fn_leaf);
    }
    leave(&frame);
}

/* even ─ odd ─ even' : each pair's count is exact, at any depth. */
Test(recursion, mutual) {
    even(1001);
    assert_tree("even@- 1\n"
                "  odd@0 501\n"
                "    even@0 500\n"
                "    leaf@1 1\n");
    size_t nodes = count_nodes();
    even(10001);
    cr_expect_eq(count_nodes(), nodes, "deeper makes no more nodes");
    assert_tree("even@- 2\n"
                "  odd@0 5502\n"
                "    even@0 5500\n"
                "    leaf@1 2\n");
}

/* The other way in is another context of the top, with a recursion of its own. */
Test(recursion, two_ways_in) {
    even(3);
    odd(3);
    assert_tree("even@- 1\n"
                "  odd@0 2\n"
                "    even@0 1\n"
                "    leaf@1 1\n"
                "odd@- 1\n"
                "  even@0 2\n"
                "    odd@0 1\n");
}

/* What a folded call calls is under its ancestor: same site, same callee, one context. */
Test(recursion, callees_of_all_depths_are_together) {
    struct tli_frame frames[4];
    for (int i = 0; i < 4; i++) {
        frames[i] = enter(&fn_fib);
        call(&frames[i], 0);
    }
    for (int i = 3; i >= 0; i--) {
        call(&frames[i], 1);
        run_leaf(&fn_leaf);
        leave(&frames[i]);
    }
    assert_tree("fib@- 1\n"
                "  fib@0 3\n"
                "  leaf@1 4\n");
}

Test(recursion, a_million_deep) {
    enum { DEPTH = 1000000 };
    struct tli_frame *frames = calloc(DEPTH, sizeof *frames);
    cr_assert_not_null(frames);
    struct tli_frame frame = enter(&fn_start);
    struct tally_node **slot = NULL;
    call(&frame, 0);
    slot = __tally_tls.slot;
    for (int i = 0; i < DEPTH; i++) {
        frames[i] = enter(i % 2 ? &fn_odd : &fn_even);
        call(&frames[i], 0);
    }
    for (int i = DEPTH - 1; i >= 0; i--)
        leave(&frames[i]);
    cr_expect_eq(__tally_tls.cur, frame.node);
    cr_expect_eq(__tally_tls.slot, slot);
    leave(&frame);
    free(frames);
    assert_tree("start@- 1\n"
                "  even@0 1\n"
                "    odd@0 500000\n"
                "      even@0 499999\n");
}

/* A program of N functions that call each other at random: no path holds a function more than
 * twice, whatever is called, and each pair's count is what the program counted itself. */
enum { N = 6, STEPS = 200000 };
static const struct tally_source sources[N] = {{"a", "a", "t.c", 1, 0}, {"b", "b", "t.c", 2, 0},
                                               {"c", "c", "t.c", 3, 0}, {"d", "d", "t.c", 4, 0},
                                               {"e", "e", "t.c", 5, 0}, {"f", "f", "t.c", 6, 0}};
static struct tally_function fns[N];
static uint64_t expected[N + 1][N], steps;
static uint32_t state = 12345;

static uint32_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 17;
    return state ^= state << 5;
}

static void wander(uint32_t caller, uint32_t me, int depth) {
    struct tli_frame frame = enter(&fns[me]);
    expected[caller][me]++;
    steps++;
    while (steps < STEPS && depth < 200 && next_random() % 8 < 5) {
        uint32_t callee = next_random() % N;
        call(&frame, callee);
        wander(me, callee, depth + 1);
    }
    leave(&frame);
}

static void make_functions(void) {
    static const struct tally_site sites[N];
    for (int i = 0; i < N; i++)
        fns[i] = (struct tally_function){.source = &sources[i], .sites = sites, .n_sites = N};
}

static int times_on_path(const struct shot *shot, const struct tally_context *c) {
    int times = 1;
    for (uint32_t p = c->parent; p != TALLY_NO_INDEX; p = shot->contexts[p].parent)
        times += shot->contexts[p].fn == c->fn;
    return times;
}

Test(recursion, random_programs_count_every_pair_exactly) {
    make_functions();
    while (steps < STEPS)
        wander(N, next_random() % N, 0);
    uint64_t counted[N + 1][N] = {{0}};
    struct shot *shot = shot_take();
    for (size_t i = 0; i < shot->n; i++) {
        const struct tally_context *c = &shot->contexts[i];
        if (c->fn < fns || c->fn >= fns + N)
            continue;
        cr_assert_leq(times_on_path(shot, c), 2);
        size_t caller =
            c->parent == TALLY_NO_INDEX ? N : (size_t)(shot->contexts[c->parent].fn - fns);
        counted[caller][c->fn - fns] += c->calls;
        cr_assert(c->parent == TALLY_NO_INDEX || c->site == (uint32_t)(c->fn - fns));
    }
    for (int i = 0; i <= N; i++)
        for (int k = 0; k < N; k++)
            cr_expect_eq(counted[i][k], expected[i][k], "%d calls %d", i, k);
    shot_free(shot);
}
