/*
 * test_heap_ranges.c - mappings as the runtime counts them: parts, pages mapped anew, refusals.
 *
 * Nothing is mapped: the runtime is told of made-up addresses. Numbers are pages.
 */
#include "heap/heap.h"
#include "heap/ranges.h"
#include "instrumented.h"
#include "sanitizers.h"
#include "shot.h"
#include "tally/tally.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { PAGE = 4096, N_SITES = 4 };
FUNCTION(work, N_SITES);

static const void *me = "one who asks", *another = "another one";

static uintptr_t page(size_t number) {
    return 0x10000 + number * PAGE;
}

static void map(size_t first, size_t n) {
    tli_ranges_map(page(first), n * PAGE, NULL);
}

static void unmap(size_t first, size_t n) {
    tli_ranges_leaving(page(first), n * PAGE, me);
    tli_ranges_left(page(first), n * PAGE, me);
}

/* What is left of each site that ever mapped anything: objects:pages. */
static const char *left(void) {
    static char text[200];
    struct shot *shot = shot_take();
    struct tally_allocation sums[N_SITES] = {0};
    size_t length = 0;
    for (size_t i = 0; i < shot->n_allocations; i++) {
        const struct tally_allocation *a = &shot->allocations[i];
        if (!a->kind || a->context == TALLY_NO_INDEX)
            continue;
        cr_assert_str_eq(a->kind, "mmap");
        sums[a->site].allocated_objects += a->allocated_objects - a->freed_objects;
        sums[a->site].allocated_bytes += a->allocated_bytes - a->freed_bytes;
    }
    for (size_t i = 0; i < N_SITES; i++)
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%s%d:%d", i ? " " : "",
                             (int)sums[i].allocated_objects, (int)sums[i].allocated_bytes / PAGE);
    shot_free(shot);
    return text;
}

static struct tli_frame frame;

static void begin(void) {
    frame = enter(&fn_work);
    call(&frame, 0);
    map(0, 10);
    call(&frame, 1);
}

static void end(void) {
    leave(&frame);
}
TestSuite(heap_ranges, .init = begin, .fini = end);

Test(heap_ranges, parts) {
    unmap(2, 3);
    cr_expect_str_eq(left(), "1:7 0:0 0:0 0:0");
    unmap(0, 9);
    cr_expect_str_eq(left(), "1:1 0:0 0:0 0:0");
    unmap(9, 100);
    unmap(0, 100);
    cr_expect_str_eq(left(), "0:0 0:0 0:0 0:0");
}

Test(heap_ranges, mapped_anew) {
    map(3, 2);
    cr_expect_str_eq(left(), "1:8 1:2 0:0 0:0");
    call(&frame, 2);
    map(2, 5);
    cr_expect_str_eq(left(), "1:5 0:0 1:5 0:0");
    call(&frame, 3);
    map(9, 5);
    cr_expect_str_eq(left(), "1:4 0:0 1:5 1:5");
    map(0, 20);
    cr_expect_str_eq(left(), "0:0 0:0 0:0 1:20");
}

Test(heap_ranges, refused) {
    tli_ranges_leaving(page(2), 3 * PAGE, me);
    cr_expect_str_eq(left(), "1:10 0:0 0:0 0:0", "not yet");
    tli_ranges_stayed(page(2), 3 * PAGE, me);
    tli_ranges_left(page(0), 10 * PAGE, me);
    cr_expect_str_eq(left(), "1:10 0:0 0:0 0:0");
    unmap(0, 10);
    cr_expect_str_eq(left(), "0:0 0:0 0:0 0:0");
}

/* The kernel may give the pages to another thread before this one has noted that they are gone. */
Test(heap_ranges, mapped_again_meanwhile) {
    tli_ranges_leaving(page(0), 10 * PAGE, me);
    map(4, 2);
    call(&frame, 2);
    map(8, 1);
    tli_ranges_leaving(page(8), PAGE, another);
    tli_ranges_left(page(0), 10 * PAGE, me);
    cr_expect_str_eq(left(), "0:0 1:2 1:1 0:0");
    tli_ranges_left(page(8), PAGE, another);
    cr_expect_str_eq(left(), "0:0 1:2 0:0 0:0");
}

Test(heap_ranges, very_many) {
    enum { MANY = 10000 };
    for (size_t i = 0; i < MANY; i++)
        map(100 + i * 7919 % MANY * 2, 1);
    cr_expect_str_eq(left(), "1:10 10000:10000 0:0 0:0");
    cr_expect_geq(tli_ranges_memory_bytes(), MANY * 24);
    for (size_t i = 0; i < MANY; i += 2)
        unmap(100 + i * 2, 1);
    cr_expect_str_eq(left(), "1:10 5000:5000 0:0 0:0");
    unmap(0, 100 + 2 * MANY);
    cr_expect_str_eq(left(), "0:0 0:0 0:0 0:0");
}

Test(heap_ranges, while_recording_is_off) {
    cr_assert_eq(tally_stop(), 0);
    map(20, 5);
    cr_assert_eq(tally_start(), 0);
    unmap(0, 21);
    cr_expect_str_eq(left(), "0:0 0:0 0:0 0:0", "what is unmapped is seen");
}

Test(heap_ranges, counts_only) {
    tli_heap_mode = TALLY_HEAP_COUNTS;
    map(20, 5);
    map(20, 5);
    tli_heap_mode = TALLY_HEAP_FULL;
    cr_expect_str_eq(left(), "1:10 2:10 0:0 0:0");
    unmap(20, 5);
    cr_expect_str_eq(left(), "1:10 2:10 0:0 0:0");
}

Test(heap_ranges, forgotten) {
    tli_ranges_forget();
    cr_expect_eq(tli_ranges_memory_bytes(), 0);
    unmap(0, 10);
    map(0, 1);
    cr_expect_str_eq(left(), "1:10 1:1 0:0 0:0");
}
