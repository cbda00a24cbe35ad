/*
 * test_merge.c - several threads' trees as one: the union of their contexts, the sums of numbers.
 */
#include "instrumented.h"
#include "shot.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>

static const struct tally_counter counters[] = {{0, 0}, {0, 1}};
FUNCTION(common, 3);
FUNCTION(branch, 2);
FUNCTION(leaf, 0);
FUNCTION(other, 1);
static struct tally_function fn_counting;

enum { MOST_THREADS = 8 };
static pthread_barrier_t barrier;
static void (*work)(int thread);

static void *run(void *number) {
    work((int)(intptr_t)number);
    pthread_barrier_wait(&barrier); /* none ends before all have a tree */
    return NULL;
}

static void in_threads(int n, void (*function)(int)) {
    pthread_t threads[MOST_THREADS];
    work = function;
    pthread_barrier_init(&barrier, NULL, (unsigned)n);
    for (int i = 0; i < n; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, run, (void *)(intptr_t)i), 0);
    for (int i = 0; i < n; i++)
        pthread_join(threads[i], NULL);
}

static void call_once(struct tli_frame *frame, uint32_t site, const struct tally_function *fn) {
    call(frame, site);
    run_leaf(fn);
}

static void same_path(int thread) {
    struct tli_frame frame = enter(&fn_common);
    for (int i = 0; i <= thread; i++)
        call_once(&frame, 1, &fn_leaf);
    leave(&frame);
}

Test(merge, the_same_path_is_one_context) {
    in_threads(4, same_path);
    assert_tree("common@- 4\n"
                "  leaf@1 10\n");
}

static void own_path(int thread) {
    struct tli_frame frame = enter(&fn_common);
    call(&frame, (uint32_t)thread % 3);
    struct tli_frame inner = enter(thread % 2 ? &fn_branch : &fn_other);
    call_once(&inner, 0, &fn_leaf);
    leave(&inner);
    leave(&frame);
}

Test(merge, different_paths_stay_apart) {
    in_threads(6, own_path);
    assert_tree("common@- 6\n"
                "  branch@0 1\n"
                "    leaf@0 1\n"
                "  branch@1 1\n"
                "    leaf@0 1\n"
                "  branch@2 1\n"
                "    leaf@0 1\n"
                "  other@0 1\n"
                "    leaf@0 1\n"
                "  other@1 1\n"
                "    leaf@0 1\n"
                "  other@2 1\n"
                "    leaf@0 1\n");
}

static void either_order(int thread) {
    const struct tally_function *fns[] = {&fn_branch, &fn_other, &fn_leaf};
    struct tli_frame frame = enter(&fn_common);
    for (int i = 0; i < 3; i++)
        call_once(&frame, 0, fns[(i + thread) % 3]);
    leave(&frame);
}

Test(merge, the_order_of_making_does_not_matter) {
    in_threads(3, either_order);
    assert_tree("common@- 3\n"
                "  branch@0 3\n"
                "  leaf@0 3\n"
                "  other@0 3\n");
}

static void count_inlined(int thread) {
    struct tli_frame frame = enter(&fn_counting);
    counters_of(&frame)[0] += 10;
    counters_of(&frame)[1] += 1 + (uint64_t)thread;
    leave(&frame);
}

Test(merge, counters_are_added_up) {
    fn_counting = fn_other;
    fn_counting.counters = counters;
    fn_counting.n_counters = fn_counting.n_cells = 2;
    in_threads(4, count_inlined);
    assert_tree("other@- 4 [40 10]\n");
}

/* even ─ odd ─ even' in one thread, odd ─ even ─ odd' in another, and both again in all. */
static void recurse(int depth, const struct tally_function *fn, const struct tally_function *next) {
    struct tli_frame frame = enter(fn);
    call(&frame, 0);
    if (depth)
        recurse(depth - 1, next, fn);
    leave(&frame);
}

static void recurse_from_either_end(int thread) {
    for (int i = 0; i < 2; i++)
        recurse(9, thread % 2 ? &fn_common : &fn_branch, thread % 2 ? &fn_branch : &fn_common);
}

Test(merge, folded_contexts) {
    in_threads(4, recurse_from_either_end);
    assert_tree("branch@- 4\n"
                "  common@0 20\n"
                "    branch@0 16\n"
                "common@- 4\n"
                "  branch@0 20\n"
                "    common@0 16\n");
}

/* Random paths of random threads, against counts kept by path beside them. */
enum { SITES = 3, DEPTH = 6, PATHS = 3 * 3 * 3 * 3 * 3 * 3 };
static const struct tally_source level_source = {"level", "level", "t.c", 1, 0};
static const struct tally_site level_sites[SITES];
static struct tally_function levels[DEPTH + 1]; /* one per depth: nothing recurs */
static _Atomic uint64_t expected[DEPTH + 1][PATHS];

static void descend(int depth, uint32_t path, uint32_t *random) {
    struct tli_frame frame = enter(&levels[depth]);
    atomic_fetch_add(&expected[depth][path], 1);
    for (int i = 0; i < 3 && depth < DEPTH; i++) {
        *random = *random * 1664525 + 1013904223;
        uint32_t site = (*random >> 16) % SITES;
        call(&frame, site);
        if (*random >> 28 > 3)
            descend(depth + 1, path * SITES + site, random);
    }
    leave(&frame);
}

static void walk_at_random(int thread) {
    uint32_t random = (uint32_t)thread * 7919 + 1;
    for (int i = 0; i < 20; i++)
        descend(0, 0, &random);
}

static uint32_t path_of(const struct shot *shot, const struct tally_context *c) {
    uint32_t path = 0, weight = 1;
    for (; c->parent != TALLY_NO_INDEX; c = &shot->contexts[c->parent], weight *= SITES)
        path += weight * c->site;
    return path;
}

Test(merge, random_trees) {
    for (int i = 0; i <= DEPTH; i++)
        levels[i] = (struct tally_function){
            .source = &level_source, .sites = level_sites, .n_sites = SITES};
    in_threads(MOST_THREADS, walk_at_random);
    struct shot *shot = shot_take();
    for (size_t i = 0; i < shot->n; i++) {
        const struct tally_context *c = &shot->contexts[i];
        if (c->fn < levels || c->fn > levels + DEPTH)
            continue;
        _Atomic uint64_t *count = &expected[c->fn - levels][path_of(shot, c)];
        cr_expect_eq(c->calls, *count);
        *count = 0; /* no path may come twice */
    }
    for (int i = 0; i <= DEPTH; i++)
        for (int k = 0; k < PATHS; k++)
            cr_assert_eq(expected[i][k], 0, "path %d of depth %d is missing", k, i);
    shot_free(shot);
}
