/*
 * test_heap.c - allocations as the runtime counts them: by place, thread, time and the peak.
 *
 * No allocator is needed: the runtime is told of blocks at made-up addresses.
 */
#include "heap/blocks.h"
#include "heap/heap.h"
#include "instrumented.h"
#include "sanitizers.h"
#include "shot.h"
#include "stepping.h"
#include "tally/tally.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

FUNCTION(work, 3);
FUNCTION(other, 1);
FUNCTION(handler, 1);

static void *block(uintptr_t number) {
    return (void *)(0x10000 + number * 0x100);
}

static void allocate(uintptr_t number, size_t size) {
    tli_heap_allocated(block(number), size, NULL);
}

static void release(uintptr_t number) {
    cr_assert(tli_heap_freeing(block(number)));
}

/* Allocations of site `site` of `fn`, added up over contexts; of nobody's with a null `fn`. */
static struct tally_allocation found(const struct tally_function *fn, uint32_t site) {
    struct shot *shot = shot_take();
    struct tally_allocation sum = {.shortest_ns = UINT64_MAX};
    for (size_t i = 0; i < shot->n_allocations; i++) {
        const struct tally_allocation *a = &shot->allocations[i];
        const struct tally_function *of =
            a->context == TALLY_NO_INDEX ? NULL : shot->contexts[a->context].fn;
        if (of != fn || (fn && a->site != site))
            continue;
        sum.allocated_objects += a->allocated_objects;
        sum.allocated_bytes += a->allocated_bytes;
        sum.freed_objects += a->freed_objects;
        sum.freed_bytes += a->freed_bytes;
        sum.temporary_objects += a->temporary_objects;
        sum.peak_objects += a->peak_objects;
        sum.peak_bytes += a->peak_bytes;
        sum.most_bytes += a->most_bytes;
        sum.lifetime_ns += a->lifetime_ns;
        sum.size_class = a->size_class;
        sum.kind = a->kind;
    }
    shot_free(shot);
    return sum;
}

static void expect(const struct tally_function *fn, uint32_t site, int64_t objects, int64_t bytes,
                   int64_t freed_objects, int64_t freed_bytes) {
    struct tally_allocation a = found(fn, site);
    cr_expect_eq(a.allocated_objects, objects, "%d objects", (int)a.allocated_objects);
    cr_expect_eq(a.allocated_bytes, bytes, "%d bytes", (int)a.allocated_bytes);
    cr_expect_eq(a.freed_objects, freed_objects, "%d freed", (int)a.freed_objects);
    cr_expect_eq(a.freed_bytes, freed_bytes, "%d bytes freed", (int)a.freed_bytes);
}

static uint64_t peak(void) {
    struct shot *shot = shot_take();
    uint64_t bytes = shot->snapshot.heap.peak_bytes;
    shot_free(shot);
    return bytes;
}

Test(heap, by_call_site) {
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    allocate(1, 100);
    allocate(2, 200);
    call(&frame, 2);
    allocate(3, 50);
    release(1);
    leave(&frame);
    expect(&fn_work, 0, 2, 300, 1, 100);
    expect(&fn_work, 1, 0, 0, 0, 0);
    expect(&fn_work, 2, 1, 50, 0, 0);
}

/* A site that reaches a function as well keeps both. */
Test(heap, beside_a_call_at_the_same_site) {
    struct tli_frame frame = enter(&fn_work);
    for (uintptr_t i = 0; i < 10; i++) {
        call(&frame, 1);
        allocate(i, 8);
        run_leaf(&fn_other);
        allocate(100 + i, 8);
    }
    leave(&frame);
    expect(&fn_work, 1, 20, 160, 0, 0);
    assert_tree("work@- 1\n"
                "  other@1 10\n");
}

Test(heap, by_context) {
    for (int i = 0; i < 3; i++) {
        struct tli_frame outer = enter(i ? &fn_work : &fn_other);
        call(&outer, 0);
        struct tli_frame inner = enter(&fn_handler);
        call(&inner, 0);
        allocate((uintptr_t)i, 10);
        leave(&inner);
        leave(&outer);
    }
    struct shot *shot = shot_take();
    size_t sites = 0;
    for (size_t i = 0; i < shot->n_allocations; i++)
        sites += shot->allocations[i].context != TALLY_NO_INDEX;
    cr_expect_eq(sites, 2);
    shot_free(shot);
    expect(&fn_handler, 0, 3, 30, 0, 0);
}

Test(heap, of_a_function_that_jumps) {
    struct tli_frame frame = enter(&fn_work), jumper;
    call(&frame, 0);
    jumper = enter(&fn_other);
    tail(&jumper, 0, NULL);
    allocate(1, 64);
    leave(&frame);
    expect(&fn_other, 0, 1, 64, 0, 0);
}

Test(heap, outside_of_functions) {
    allocate(1, 5);
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    release(1);
    leave(&frame);
    allocate(2, 6);
    expect(NULL, 0, 2, 11, 1, 5);
}

static void *allocate_one(void *unused) {
    (void)unused;
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    allocate(1, 1000);
    leave(&frame);
    return NULL;
}

static void *release_one(void *unused) {
    (void)unused;
    run_leaf(&fn_other);
    release(1);
    return NULL;
}

static void run_in_thread(void *(*body)(void *)) {
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, body, NULL), 0);
    pthread_join(thread, NULL);
}

Test(heap, freed_by_another_thread) {
    run_leaf(&fn_other);
    allocate_one(NULL);
    run_in_thread(release_one);
    expect(&fn_work, 0, 1, 1000, 1, 1000);
}

/* Another thread takes over the tree of one that ended: the site is its own then. */
Test(heap, freed_after_its_thread_has_ended) {
    run_in_thread(allocate_one);
    run_in_thread(release_one);
    run_in_thread(allocate_one);
    release(1);
    expect(&fn_work, 0, 2, 2000, 2, 2000);
}

Test(heap, unknown_blocks) {
    tli_heap_totals.forked = false; /* the test runs in a child */
    run_leaf(&fn_work);
    release(77);
    struct shot *shot = shot_take();
    cr_expect_eq(shot->snapshot.heap.frees_unmatched, 1);
    shot_free(shot);
}

Test(heap, temporary_is_what_is_freed_next) {
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    allocate(1, 8);
    release(1); /* is */
    allocate(2, 8);
    allocate(3, 8);
    release(2);
    release(3); /* is not: another was freed in between */
    allocate(4, 8);
    release(4); /* is */
    leave(&frame);
    cr_expect_eq(found(&fn_work, 0).temporary_objects, 2);
}

Test(heap, resized) {
    struct tli_kept kept;
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    allocate(1, 100);
    call(&frame, 1);
    cr_assert(tli_heap_resizing(block(1), &kept));
    tli_heap_not_resized(&kept);
    cr_assert(tli_heap_resizing(block(1), &kept));
    tli_heap_resized(&kept);
    allocate(1, 150);
    leave(&frame);
    expect(&fn_work, 0, 1, 100, 1, 100);
    expect(&fn_work, 1, 1, 150, 0, 0);
    cr_expect_eq(peak(), 150);
    cr_expect_not(tli_heap_resizing(block(2), &kept));
}

/* What each site had when most was live, not what each had at most. */
Test(heap, peak) {
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    allocate(1, 500);
    call(&frame, 1);
    allocate(2, 10);
    release(1);
    allocate(3, 400); /* 410 */
    allocate(4, 200); /* 610: the peak */
    release(3);
    call(&frame, 0);
    allocate(5, 300); /* 510 */
    leave(&frame);
    cr_expect_eq(peak(), 610);
    struct tally_allocation first = found(&fn_work, 0), second = found(&fn_work, 1);
    cr_expect_eq(first.peak_bytes, 0, "%d", (int)first.peak_bytes);
    cr_expect_eq(first.peak_objects, 0);
    cr_expect_eq(first.most_bytes, 500);
    cr_expect_eq(second.peak_bytes, 610, "%d", (int)second.peak_bytes);
    cr_expect_eq(second.peak_objects, 3);
    cr_expect_eq(second.most_bytes, 610);
}

/* A random run against a plain recount. */
Test(heap, peak_of_many) {
    enum { BLOCKS = 300, STEPS = 50000 };
    static size_t size[BLOCKS];
    static uint32_t site[BLOCKS];
    int64_t live = 0, most = 0, by_site[3] = {0}, at_most[3] = {0};
    struct tli_frame frame = enter(&fn_work);
    for (size_t step = 0, random = 1; step < STEPS; step++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        size_t i = (random >> 33) % BLOCKS;
        uint32_t at = (uint32_t)(random >> 60) % 3;
        call(&frame, at);
        if (size[i]) {
            release(i);
            live -= (int64_t)size[i];
            by_site[site[i]] -= (int64_t)size[i];
            size[i] = 0;
            continue;
        }
        size[i] = 1 + (random >> 40) % 1000;
        site[i] = at;
        allocate(i, size[i]);
        live += (int64_t)size[i];
        by_site[at] += (int64_t)size[i];
        if (live > most) {
            most = live;
            for (int k = 0; k < 3; k++)
                at_most[k] = by_site[k];
        }
    }
    leave(&frame);
    cr_expect_eq((int64_t)peak(), most);
    for (uint32_t k = 0; k < 3; k++) {
        struct tally_allocation a = found(&fn_work, k);
        cr_expect_eq(a.peak_bytes, at_most[k]);
        cr_expect_eq(a.allocated_bytes - a.freed_bytes, by_site[k]);
    }
}

/* With several threads each may be off by 64 KiB, and no more. */
static void *grow_and_shrink(void *number) {
    uintptr_t first = 10000 * (1 + (uintptr_t)number);
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    for (uintptr_t i = 0; i < 1000; i++)
        allocate(first + i, 1000);
    for (uintptr_t i = 0; i < 1000; i++)
        release(first + i);
    leave(&frame);
    return NULL;
}

Test(heap, peak_of_threads) {
    enum { THREADS = 3, LARGEST = THREADS * 1000000, SLACK = (THREADS + 1) * 65536 };
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, grow_and_shrink, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    uint64_t bytes = peak();
    cr_expect_geq(bytes, 1000000 - SLACK);
    cr_expect_leq(bytes, LARGEST);
    expect(&fn_work, 0, 3000, 3000000, 3000, 3000000);
}

Test(heap, classes_of_sizes) {
    static const struct {
        size_t size;
        unsigned size_class;
    } cases[] = {{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 3}, {5, 4}, {1024, 11}, {1025, 12}};
    struct tli_frame frame = enter(&fn_work);
    for (uintptr_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        call(&frame, 0);
        allocate(i, cases[i].size);
    }
    call(&frame, 1);
    allocate(50, 4);
    allocate(51, 3);
    leave(&frame);
    struct shot *shot = shot_take();
    for (size_t i = 0; i < shot->n_allocations; i++) {
        const struct tally_allocation *a = &shot->allocations[i];
        if (a->context == TALLY_NO_INDEX)
            continue;
        cr_expect_eq(a->site == 0, a->histogram != NULL);
        if (a->site == 1)
            cr_expect_eq(a->size_class, 3);
    }
    shot_free(shot);
}

Test(heap, not_while_recording_is_off) {
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    allocate(1, 100);
    cr_assert_eq(tally_stop(), 0);
    allocate(2, 1000);
    release(1);
    cr_assert_eq(tally_start(), 0);
    release(2);
    allocate(3, 10);
    leave(&frame);
    expect(&fn_work, 0, 2, 110, 1, 100);
    struct shot *shot = shot_take();
    cr_expect_eq(shot->snapshot.heap.frees_unmatched, 0);
    cr_expect_eq(shot->snapshot.heap.peak_bytes, 100);
    shot_free(shot);
}

static void allocate_in_child(int fd) {
    struct tli_frame frame = enter(&fn_work);
    release(1); /* the parent's */
    call(&frame, 0);
    allocate(2, 7);
    leave(&frame);
    struct tally_allocation a = found(&fn_work, 0);
    struct shot *shot = shot_take();
    dprintf(fd, "%d %d %d, %d", (int)a.allocated_objects, (int)a.allocated_bytes,
            (int)a.freed_objects, (int)shot->snapshot.heap.peak_bytes);
    shot_free(shot);
}

Test(heap, a_child_counts_what_it_does) {
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    allocate(1, 100);
    leave(&frame);
    char *text = text_from_child(allocate_in_child, NULL);
    cr_expect_str_eq(text, "1 7 0, 7");
    free(text);
    expect(&fn_work, 0, 1, 100, 0, 0);
}

Test(heap, pools) {
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    allocate(1, 4096);
    call(&frame, 1);
    cr_expect_eq(tally_alloc("pool", block(1), 16), 0);
    cr_expect_eq(tally_alloc("pool", (char *)block(1) + 16, 16), 0);
    cr_expect_eq(tally_free((char *)block(1) + 16), 0);
    cr_expect_eq(tally_alloc(NULL, block(1), 16), -EINVAL);
    cr_expect_eq(tally_alloc("pool", NULL, 16), -EINVAL);
    cr_expect_eq(tally_free(NULL), -EINVAL);
    expect(&fn_work, 1, 2, 32, 1, 16);
    cr_expect_str_eq(found(&fn_work, 1).kind, "pool");
    cr_expect_eq(peak(), 4096, "the heap's");
    release(1); /* ends what is at this address, too */
    leave(&frame);
    expect(&fn_work, 0, 1, 4096, 1, 4096);
    expect(&fn_work, 1, 2, 32, 2, 32);
}

/* By another place: what it was until then is over. */
Test(heap, pools_that_begin_anew) {
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    cr_assert_eq(tally_alloc("pool", block(1), 16), 0);
    call(&frame, 1);
    cr_assert_eq(tally_alloc("pool", block(1), 40), 0);
    leave(&frame);
    expect(&fn_work, 0, 1, 16, 1, 16);
    expect(&fn_work, 1, 1, 40, 0, 0);
}

Test(heap, pools_of_resized_memory) {
    struct tli_kept kept;
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    allocate(1, 100);
    call(&frame, 1);
    cr_assert_eq(tally_alloc("pool", block(1), 100), 0);
    cr_assert(tli_heap_resizing(block(1), &kept));
    tli_heap_not_resized(&kept);
    expect(&fn_work, 1, 1, 100, 0, 0);
    cr_assert(tli_heap_resizing(block(1), &kept));
    tli_heap_resized(&kept);
    leave(&frame);
    expect(&fn_work, 0, 1, 100, 1, 100);
    expect(&fn_work, 1, 1, 100, 1, 100);
}

/* ---- a signal at each instruction ---- */

static uintptr_t next_in_handler;
static size_t n_given_back, n_freed_at_once;

/* The runtime frees what a handler could not. */
void tli_heap_give_back(void *given) {
    n_given_back++;
    cr_assert_eq((uintptr_t)given % 0x100, 0);
}

/* After one instruction of each round, the next one's each time, the handler makes two blocks, and
 * frees one at once. */
static uint64_t instructions, wanted;

static void allocate_in_handler(void) {
    if (instructions++ != wanted)
        return;
    struct tli_frame frame = enter(&fn_handler);
    call(&frame, 0);
    allocate(1000 + next_in_handler, 16);
    allocate(1000 + next_in_handler + 1, 16);
    if (tli_heap_freeing(block(1000 + next_in_handler)))
        n_freed_at_once++;
    next_in_handler += 2;
    leave(&frame);
}

static void allocate_once(void) {
    if (instructions == wanted)
        stepping_done();
    allocate_in_handler();
}

Test(heap, a_signal_between_any_two_instructions) {
    if (WITH_ADDRESS_SANITIZER || WITH_THREAD_SANITIZER)
        cr_skip_test("sanitizers are not to be stepped through");
    tli_heap_totals.forked = false;
    stepping_set_up(allocate_once);
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    int64_t rounds = 0;
    for (wanted = 0; wanted == 0 || instructions >= wanted; wanted++, rounds++) {
        instructions = 0;
        stepping_on();
        tli_heap_allocated(block(1), 100, NULL);
        tli_heap_freeing(block(1));
        stepping_off();
    }
    leave(&frame);
    int64_t handled = (int64_t)next_in_handler / 2;
    cr_assert_gt(handled, 200, "nothing was stepped through");
    cr_expect_gt(n_given_back, 0, "the handler interrupted nobody at work");
    cr_expect_eq((int64_t)(n_given_back + n_freed_at_once), handled);
    expect(&fn_work, 0, rounds, 100 * rounds, rounds, 100 * rounds);
    expect(&fn_handler, 0, 2 * handled, 32 * handled, handled, 16 * handled);
    struct shot *shot = shot_take();
    cr_expect_eq(shot->snapshot.heap.blocks_unrecorded, 0);
    cr_expect_eq(shot->snapshot.heap.frees_unmatched, 0);
    shot_free(shot);
}

/* More than can wait is a loss that is told, and nothing worse. */
static void allocate_all_the_time(void) {
    wanted = instructions;
    allocate_in_handler();
}

Test(heap, a_signal_at_each_instruction) {
    if (WITH_ADDRESS_SANITIZER || WITH_THREAD_SANITIZER)
        cr_skip_test("sanitizers are not to be stepped through");
    stepping_set_up(allocate_all_the_time);
    struct tli_frame frame = enter(&fn_work);
    call(&frame, 0);
    stepping_on();
    tli_heap_allocated(block(1), 100, NULL);
    tli_heap_freeing(block(1));
    stepping_off();
    leave(&frame);
    expect(&fn_work, 0, 1, 100, 1, 100);
    struct shot *shot = shot_take();
    cr_expect_gt(shot->snapshot.heap.blocks_unrecorded, 0);
    shot_free(shot);
}
