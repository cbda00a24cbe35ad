/*
 * test_tree.c - the calling-context tree: which call counts where, and what it takes to find out.
 *
 * Slots are caches: whatever they hold, a call must count under its caller, at its call site.
 */
#include "instrumented.h"
#include "shot.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <stdlib.h>

FUNCTION(top, 3);
FUNCTION(left, 2);
FUNCTION(right, 1);
FUNCTION(leaf, 0);

static void call_leaf_from(const struct tally_function *fn, uint32_t site) {
    struct tli_frame frame = enter(fn);
    call(&frame, site);
    run_leaf(&fn_leaf);
    leave(&frame);
}

Test(tree, an_entry_without_a_caller_is_at_the_top) {
    run_leaf(&fn_leaf);
    run_leaf(&fn_leaf);
    assert_tree("leaf@- 2\n");
}

Test(tree, calls_count_at_their_site) {
    struct tli_frame frame = enter(&fn_top);
    for (uint32_t i = 0; i < 7; i++) {
        call(&frame, i % 3);
        run_leaf(&fn_leaf);
    }
    leave(&frame);
    assert_tree("top@- 1\n"
                "  leaf@0 3\n"
                "  leaf@1 2\n"
                "  leaf@2 2\n");
}

Test(tree, contexts_differ_by_the_whole_path) {
    struct tli_frame frame = enter(&fn_top);
    call(&frame, 0);
    call_leaf_from(&fn_left, 0);
    call(&frame, 1);
    call_leaf_from(&fn_left, 0);
    call(&frame, 1);
    call_leaf_from(&fn_left, 1);
    call(&frame, 2);
    call_leaf_from(&fn_right, 0);
    leave(&frame);
    assert_tree("top@- 1\n"
                "  left@0 1\n"
                "    leaf@0 1\n"
                "  left@1 2\n"
                "    leaf@0 1\n"
                "    leaf@1 1\n"
                "  right@2 1\n"
                "    leaf@0 1\n");
}

Test(tree, a_hit_keeps_the_node_and_the_slot) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_frame frame = enter(&fn_top);
    call(&frame, 1);
    cr_expect_eq(frame.node->child[1], tli_vacant(frame.node), "an empty slot tells whose it is");
    struct tli_frame first = enter(&fn_leaf);
    cr_expect_eq(frame.node->child[1], first.node);
    cr_expect_eq(tls->cur, first.node);
    leave(&first);
    cr_expect_eq(tls->slot, &frame.node->child[1], "the exit puts the slot back");
    cr_expect_eq(tls->cur, frame.node);
    struct tli_frame second = enter(&fn_leaf);
    cr_expect_eq(second.node, first.node);
    leave(&second);
    leave(&frame);
    cr_expect_eq(first.node->calls, 2);
    cr_expect_eq(first.node->parent, frame.node);
    cr_expect_eq(first.node->site, 1);
}

Test(tree, a_site_with_several_callees_keeps_them_apart) {
    static const struct tally_function *const callees[] = {&fn_left, &fn_right, &fn_leaf};
    struct tli_frame frame = enter(&fn_top);
    for (int i = 0; i < 300; i++) {
        call(&frame, 0);
        run_leaf(callees[i * 7 % 3]);
    }
    leave(&frame);
    assert_tree("top@- 1\n"
                "  leaf@0 100\n"
                "  left@0 100\n"
                "  right@0 100\n");
}

Test(tree, callbacks_from_uninstrumented_code_share_its_site) {
    struct tli_frame frame = enter(&fn_top);
    call(&frame, 2); /* qsort, say: it calls back three times without naming a slot again */
    run_leaf(&fn_leaf);
    call_leaf_from(&fn_left, 0);
    run_leaf(&fn_leaf);
    leave(&frame);
    assert_tree("top@- 1\n"
                "  leaf@2 2\n"
                "  left@2 1\n"
                "    leaf@0 1\n");
}

/* More siblings at one site than the cache of the slow path has entries: nothing is found twice. */
enum { CROWD = 3 * TLI_CACHE_SIZE };

static const struct tally_function *make_crowd(void) {
    static struct tally_function crowd[CROWD];
    static const struct tally_source source = {"crowd", "crowd", "test.c", 1, 0};
    static const struct tally_scope scope = {&source, TALLY_NO_INDEX, 0};
    for (int i = 0; i < CROWD; i++)
        crowd[i] = (struct tally_function){.source = &source, .scopes = &scope, .n_scopes = 1};
    return crowd;
}

Test(tree, a_crowd_at_one_site) {
    const struct tally_function *crowd = make_crowd();
    struct tli_frame frame = enter(&fn_top);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < CROWD; i++) {
            call(&frame, 0);
            run_leaf(&crowd[i]);
        }
    }
    leave(&frame);
    struct shot *shot = shot_take();
    for (int i = 0; i < CROWD; i++) {
        const struct tally_context *c = shot_find(shot, &fn_top, &crowd[i]);
        cr_assert_not_null(c, "callee %d has no context, or several", i);
        cr_assert_eq(c->calls, 3);
    }
    shot_free(shot);
}

Test(tree, parents_stand_before_children) {
    for (uint32_t site = 0; site < 3; site++) {
        struct tli_frame frame = enter(&fn_top);
        call(&frame, site);
        call_leaf_from(site ? &fn_left : &fn_right, 0);
        leave(&frame);
    }
    struct shot *shot = shot_take();
    for (uint32_t i = 0; i < shot->n; i++)
        cr_expect(shot->contexts[i].parent == TALLY_NO_INDEX || shot->contexts[i].parent < i);
    shot_free(shot);
}

Test(tree, counters_stand_behind_the_slots) {
    static const struct tally_counter counters[] = {{0, 0}, {0, 1}};
    static struct tally_function fn; /* contexts point at it until the process ends */
    fn = fn_left;
    fn.counters = counters;
    fn.n_counters = fn.n_cells = 2;
    for (int i = 0; i < 3; i++) {
        struct tli_frame frame = enter(&fn);
        counters_of(&frame)[0] += 10;
        counters_of(&frame)[1] += 3;
        call(&frame, 1);
        run_leaf(&fn_leaf);
        leave(&frame);
    }
    assert_tree("left@- 3 [30 9]\n"
                "  leaf@1 3\n");
}

/* The time that passes is in the nodes, all of it and once: the sum of self times is the clock. */
static uint64_t self_of_tree(void) {
    uint64_t sum = 0;
    for (struct tally_node *n = tli_self->root; n; n = tli_next_in_preorder(tli_self->root, n))
        sum += n->self;
    return sum;
}

static void go_all_ways(uint32_t rounds) {
    for (uint32_t i = 0; i < rounds; i++) {
        struct tli_frame frame = enter(&fn_top);
        call(&frame, i % 3);
        call_leaf_from(i % 5 ? &fn_left : &fn_right, 0);
        leave(&frame);
    }
}

/* Making contexts is not the program's doing: they are there before. */
Test(tree, self_times_add_up_to_the_clock) {
    go_all_ways(15);
    uint64_t begin = __tally_tls.last, before = self_of_tree();
    go_all_ways(1000);
    cr_expect_eq(self_of_tree() - before, __tally_tls.last - begin);
}
