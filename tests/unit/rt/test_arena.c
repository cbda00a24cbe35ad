/*
 * test_arena.c - memory from the kernel: zeroed, aligned, apart, also when signals allocate.
 */
#include "arena.h"

#include "sanitizers.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

static struct tli_arena arena;

static bool all_are(const unsigned char *memory, size_t size, unsigned char value) {
    for (size_t i = 0; i < size; i++)
        if (memory[i] != value)
            return false;
    return true;
}

Test(arena, blocks_are_aligned_zeroed_and_apart) {
    enum { N = 20000 };
    static unsigned char *blocks[N];
    for (size_t i = 0; i < N; i++) {
        size_t size = i % 97 + 1;
        blocks[i] = tli_arena_alloc(&arena, size);
        cr_assert_not_null(blocks[i]);
        cr_assert_eq((uintptr_t)blocks[i] % 16, 0);
        cr_assert(all_are(blocks[i], size, 0));
        memset(blocks[i], (int)(i % 251) + 1, size);
    }
    for (size_t i = 0; i < N; i++)
        cr_assert(all_are(blocks[i], i % 97 + 1, (unsigned char)(i % 251 + 1)),
                  "block %zu was written to by another", i);
    tli_arena_release(&arena);
}

Test(arena, nothing_is_a_block_too) {
    cr_expect_not_null(tli_arena_alloc(&arena, 0));
}

/* Larger than any chunk; with a chunk half full before and small blocks after. */
Test(arena, large_blocks) {
    static const size_t sizes[] = {100, 65536, 100, 1 << 20, (1 << 20) - 32, 100, 64 << 20, 100};
    unsigned char *blocks[8];
    for (int i = 0; i < 8; i++) {
        blocks[i] = tli_arena_alloc(&arena, sizes[i]);
        cr_assert_not_null(blocks[i]);
        cr_assert(all_are(blocks[i], sizes[i] < 4096 ? sizes[i] : 4096, 0));
        blocks[i][0] = blocks[i][sizes[i] - 1] = (unsigned char)(i + 1);
    }
    for (int i = 0; i < 8; i++) {
        cr_expect_eq(blocks[i][0], i + 1);
        cr_expect_eq(blocks[i][sizes[i] - 1], i + 1);
    }
    tli_arena_release(&arena);
}

Test(arena, sizes_no_machine_has) {
    int kept = errno = 4242;
    cr_expect_null(tli_arena_alloc(&arena, SIZE_MAX));
    cr_expect_null(tli_arena_alloc(&arena, SIZE_MAX - 8));
    cr_expect_null(tli_arena_alloc(&arena, PTRDIFF_MAX));
    cr_expect_null(tli_arena_alloc(&arena, (size_t)1 << 50));
    cr_expect_eq(errno, kept);
    cr_expect_not_null(tli_arena_alloc(&arena, 16), "a refusal does not spoil the arena");
}

Test(arena, released_it_can_be_used_again) {
    for (int round = 0; round < 2000; round++) {
        cr_assert_not_null(tli_arena_alloc(&arena, 8 << 20), "round %d: nothing was given back",
                           round);
        tli_arena_release(&arena);
    }
    cr_expect_eq(arena.newest, NULL);
    tli_arena_release(&arena);
}

Test(arena, as_an_allocator) {
    struct tally_allocator allocator = tli_arena_allocator(&arena);
    unsigned char *one = allocator.alloc(allocator.context, 40);
    cr_assert_not_null(one);
    memset(one, 7, 40);
    allocator.free(allocator.context, one);
    unsigned char *two = allocator.alloc(allocator.context, 40);
    cr_expect(all_are(two, 40, 0), "freed memory is not handed out again");
    cr_expect_null(allocator.alloc(allocator.context, SIZE_MAX));
    tli_arena_release(&arena);
}

Test(arena, pages) {
    unsigned char *memory = tli_map(100000);
    cr_assert_not_null(memory);
    cr_expect(all_are(memory, 100000, 0));
    memset(memory, 1, 100000);
    tli_unmap(memory, 100000);
    tli_unmap(NULL, 100000);
    cr_expect_null(tli_map((size_t)1 << 55));
}

/* ---- A signal handler that allocates from the arena of the thread it interrupts. */

enum { MOST = 1 << 20, SMALL = 48 };
static struct {
    unsigned char *memory;
    unsigned char value;
} taken[MOST];
static volatile size_t n_taken;
static volatile sig_atomic_t signals;

static void take(unsigned char value) {
    unsigned char *memory = tli_arena_alloc(&arena, SMALL);
    size_t i = __atomic_fetch_add(&n_taken, 1, __ATOMIC_RELAXED);
    if (!memory || i >= MOST)
        abort();
    memset(memory, value, SMALL);
    taken[i].memory = memory;
    taken[i].value = value;
}

static void on_alarm(int number) {
    (void)number;
    signals++;
    for (int i = 0; i < 50; i++)
        take(200);
}

/* One alarm at a time, and the next not before the last was served: however slow the machine, the
 * allocations get on. */
static void set_alarm(int delay_us) {
    struct itimerval once = {{0, 0}, {0, delay_us}};
    setitimer(ITIMER_REAL, &once, NULL);
}

Test(arena, signals_may_allocate_at_any_time) {
    if (WITH_THREAD_SANITIZER)
        cr_skip_test("the sanitizer's own code cannot be interrupted by a handler it watches");
    enum { SIGNALS = 2000, ALLOCATIONS = MOST / 2 };
    struct sigaction action = {.sa_handler = on_alarm};
    sigaction(SIGALRM, &action, NULL);
    for (int served = -1; signals < SIGNALS && n_taken < ALLOCATIONS;) {
        if (served != signals) {
            served = signals;
            set_alarm(1 + served % 50);
        }
        take((unsigned char)(n_taken % 199));
    }
    set_alarm(0);
    cr_expect_gt(signals, 0);
    for (size_t i = 0; i < n_taken; i++)
        cr_assert(all_are(taken[i].memory, SMALL, taken[i].value), "block %zu is shared", i);
}
