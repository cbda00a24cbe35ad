/*
 * test_counts.c - what the program is told of its own calls and allocations: the totals that a
 * profile has, at no cost that would be in one.
 *
 * No allocator is needed: the runtime is told of blocks at made-up addresses.
 */
#include "clock.h"
#include "heap/heap.h"
#include "instrumented.h"
#include "lock.h"
#include "shot.h"
#include "tally/tally.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>

FUNCTION(work, 2);
FUNCTION(leaf, 0);

/* Calls `leaf` and allocates 10 bytes so many times, from two sites in turn. */
static void work(uint32_t times) {
    struct tli_frame frame = enter(&fn_work);
    for (uint32_t i = 0; i < times; i++) {
        call(&frame, i % 2);
        run_leaf(&fn_leaf);
        tli_heap_allocated((void *)(uintptr_t)(0x10000 + i * 0x100), 10, NULL);
    }
    leave(&frame);
}

static void *work_in_thread(void *unused) {
    work(3);
    return unused;
}

struct counts {
    uint64_t calls, objects, bytes;
};

static struct counts counts(void) {
    struct counts counts;
    cr_assert_eq(tally_count_calls(&counts.calls), 0);
    cr_assert_eq(tally_count_allocated(&counts.objects, &counts.bytes), 0);
    return counts;
}

static void expect(uint64_t calls, uint64_t objects, uint64_t bytes) {
    struct counts now = counts();
    cr_expect_eq(now.calls, calls, "%d calls", (int)now.calls);
    cr_expect_eq(now.objects, objects, "%d objects", (int)now.objects);
    cr_expect_eq(now.bytes, bytes, "%d bytes", (int)now.bytes);
}

static struct counts in_profile(void) {
    struct shot *shot = shot_take();
    struct counts sum = {0};
    for (size_t i = 0; i < shot->n; i++) {
        const struct tally_context *c = &shot->contexts[i];
        sum.calls += c->calls;
        for (uint32_t k = 0; k < c->fn->n_counters; k++)
            sum.calls += c->counters[k];
    }
    for (size_t i = 0; i < shot->n_allocations; i++) {
        const struct tally_allocation *a = &shot->allocations[i];
        sum.objects += a->kind ? 0 : (uint64_t)a->allocated_objects;
        sum.bytes += a->kind ? 0 : (uint64_t)a->allocated_bytes;
    }
    shot_free(shot);
    return sum;
}

static void expect_as_in_profile(void) {
    struct counts profile = in_profile();
    expect(profile.calls, profile.objects, profile.bytes);
}

/* These programs have no allocator that is watched, and a note that says so. */
static void heap_is_recorded(void) {
    tli_heap_note = "";
}
TestSuite(counts, .init = heap_is_recorded);

Test(counts, of_one_thread) {
    expect(0, 0, 0);
    work(4);
    expect(5, 4, 40);
    work(1);
    expect(7, 5, 50);
    expect_as_in_profile();
}

Test(counts, while_calls_are_under_way) {
    struct tli_frame frame = enter(&fn_work);
    expect(1, 0, 0);
    call(&frame, 1);
    work(2);
    expect(4, 2, 20);
    leave(&frame);
    expect_as_in_profile();
}

Test(counts, of_all_threads_also_of_those_that_ended) {
    pthread_t thread;
    work(1);
    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, work_in_thread, NULL);
        pthread_join(thread, NULL);
    }
    expect(2 + 3 * 4, 1 + 3 * 3, 100);
    expect_as_in_profile();
}

Test(counts, of_inlined_bodies) {
    static const struct tally_counter counters[] = {{0, 0}, {0, TALLY_NO_INDEX}, {0, 1}};
    static struct tally_function fn;
    fn = fn_work;
    fn.counters = counters;
    fn.n_counters = 3;
    fn.n_cells = 2;
    struct tli_frame frame = enter(&fn);
    counters_of(&frame)[0] += 100;
    counters_of(&frame)[1] += 20;
    leave(&frame);
    expect(1 + 100 + 1 + 20, 0, 0);
    expect_as_in_profile();
}

Test(counts, not_what_is_done_while_recording_is_off) {
    work(2);
    tally_stop();
    work(100);
    expect(3, 2, 20);
    tally_start();
    work(1);
    expect(5, 3, 30);
    expect_as_in_profile();
}

Test(counts, what_is_allocated_in_no_context_and_in_no_pool) {
    tli_heap_allocated((void *)0x7000, 5, NULL);
    expect(0, 1, 5);
    tally_alloc("pool", (void *)0x8000, 1000);
    expect(0, 1, 5);
    run_leaf(&fn_leaf); /* a profile has to have a call */
    expect_as_in_profile();
}

static void *release_in_thread(void *unused) {
    cr_assert(tli_heap_freeing((void *)0x10000));
    return unused;
}

Test(counts, what_is_freed_was_allocated) {
    pthread_t thread;
    work(1);
    pthread_create(&thread, NULL, release_in_thread, NULL);
    pthread_join(thread, NULL);
    expect(2, 1, 10);
    expect_as_in_profile();
}

Test(counts, before_anything_was_called) {
    uint64_t calls;
    cr_expect_eq(tally_count_calls(&calls), 0);
    cr_expect_eq(calls, 0);
    cr_expect_null(tli_self, "asking makes a thread of nobody");
}

Test(counts, not_without_the_heap) {
    uint64_t objects = 1, bytes = 2;
    tli_heap_note = "the allocator is out of reach";
    cr_expect_eq(tally_count_allocated(&objects, &bytes), -ENOTSUP);
    tli_heap_note = "";
    tli_heap_mode = TALLY_HEAP_OFF;
    cr_expect_eq(tally_count_allocated(&objects, &bytes), -ENOTSUP);
    cr_expect(objects == 1 && bytes == 2);
    cr_expect_eq(tally_count_calls(&objects), 0, "calls are known all the same");
    tli_heap_mode = TALLY_HEAP_COUNTS;
    cr_expect_eq(tally_count_allocated(&objects, &bytes), 0);
}

Test(counts, not_while_another_thread_writes) {
    uint64_t objects = 1, bytes = 2;
    cr_assert(tli_lock_within());
    cr_expect_eq(tally_count_calls(&objects), -EBUSY);
    cr_expect_eq(tally_count_allocated(&objects, &bytes), -EBUSY);
    cr_expect(objects == 1 && bytes == 2);
    tli_unlock();
}

/* ---- time: of a clock that goes on each time it is read. ---- */

enum { STEP = 1000000 };
static uint64_t read_until_now;

/* The linker gives these names (--wrap). */
uint64_t __real_tli_now_for(uint64_t mode);
uint64_t __wrap_tli_now_for(uint64_t mode);
uint64_t __wrap_tli_now_for(uint64_t mode) {
    return read_until_now ? read_until_now += STEP : __real_tli_now_for(mode);
}

Test(counts, take_no_time) {
    struct tally_tls *tls = &__tally_tls;
    work(20);
    tls->clock = TLI_CLOCK_MONOTONIC;
    tls->last = UINT64_C(1) << 40;
    read_until_now = tls->last + 5;
    counts();
    uint64_t charged = read_until_now - tls->last;
    read_until_now = 0;
    cr_expect_eq(charged, 5 + 2 * STEP, "but until each read the clock: %d", (int)charged);
}
