/*
 * test_heap_blocks.c - the table of live blocks: what is put in is found, once, whatever the number
 * and the addresses; memory; threads.
 */
#include "heap/blocks.h"
#include "sanitizers.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>

static struct tli_blocks blocks;
static char sites[16][16] __attribute__((aligned(16)));

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* All that is recorded of a block follows from its address. */
static struct tli_block block_at(uintptr_t address) {
    uint64_t mixed = address * 0x9E3779B97F4A7C15u;
    return (struct tli_block){
        .address = address,
        .size_bytes = mixed >> (17 + mixed % 40),
        .site = (struct tli_heap_site *)(void *)sites[mixed >> 60],
        .born = mixed >> 6,
    };
}

static _Thread_local struct tli_block unseen;

static void put(uintptr_t address) {
    struct tli_block block = block_at(address);
    cr_assert(tli_blocks_put(&blocks, &block, &unseen));
    cr_assert_eq(unseen.address, 0);
}

static void take(uintptr_t address) {
    struct tli_block expected = block_at(address), got;
    cr_assert(tli_blocks_take(&blocks, address, &got), "%#zx is not there", (size_t)address);
    cr_assert_eq(got.address, expected.address);
    cr_assert_eq(got.size_bytes, expected.size_bytes);
    cr_assert_eq(got.site, expected.site);
    cr_assert_eq(got.born, expected.born);
    cr_assert_not(tli_blocks_take(&blocks, address, &got), "it is there once only");
}

Test(heap_blocks, nothing_is_in_it_at_first) {
    struct tli_block got;
    cr_expect_not(tli_blocks_take(&blocks, 0x1000, &got));
    cr_expect_eq(tli_blocks_memory_bytes(&blocks), 0);
}

Test(heap_blocks, all_that_is_put_in_is_found) {
    static const uintptr_t addresses[] = {8, 16, 0xFFF8, 0x10000, 0x7FFFFFFFFFF8, 0x5555557592A0};
    enum { N = sizeof addresses / sizeof *addresses };
    for (size_t i = 0; i < N; i++)
        put(addresses[i]);
    for (size_t i = 0; i < N; i++)
        take(addresses[N - 1 - i]);
}

Test(heap_blocks, extremes_fit) {
    struct tli_block extreme = {0x7FFFFFFFFFF8, (UINT64_C(1) << 47) - 1,
                                (struct tli_heap_site *)(uintptr_t)0x7FFFFFFFFFF0,
                                (UINT64_C(1) << 58) - 1},
                     got;
    cr_assert(tli_blocks_put(&blocks, &extreme, &unseen));
    cr_assert(tli_blocks_take(&blocks, extreme.address, &got));
    cr_expect_eq(got.size_bytes, extreme.size_bytes);
    cr_expect_eq(got.site, extreme.site);
    cr_expect_eq(got.born, extreme.born);
}

Test(heap_blocks, what_does_not_fit_is_refused) {
    struct tli_block block = block_at(0x1000);
    block.address = UINT64_C(1) << 47;
    cr_expect_not(tli_blocks_put(&blocks, &block, &unseen));
    block.address = 0x1004;
    cr_expect_not(tli_blocks_put(&blocks, &block, &unseen));
    block = block_at(0x1000);
    block.size_bytes = UINT64_C(1) << 47;
    cr_expect_not(tli_blocks_put(&blocks, &block, &unseen));
}

/* Of many blocks at one address, whose frees are not seen, all but a few are told. */
Test(heap_blocks, what_is_still_there_is_told) {
    enum { N = 100000, OTHERS = 40 };
    size_t told = 0;
    for (size_t i = 0; i < N; i++) {
        struct tli_block block = {0x1000, i, (struct tli_heap_site *)(void *)sites[0], i};
        cr_assert(tli_blocks_put(&blocks, &block, &unseen));
        told += unseen.address != 0;
        cr_assert(unseen.address == 0 || unseen.size_bytes < i);
        if (i < OTHERS)
            put(0x1010 + i * 16);
        else if (i < 2 * OTHERS)
            take(0x1010 + (i - OTHERS) * 16);
    }
    cr_expect_geq(told, N - 2 * OTHERS);
    cr_expect_leq(tli_blocks_memory_bytes(&blocks), 1 << 16);
}

/* As a heap of small blocks, of large ones, and of pages: each pattern fills other shards. */
static void fill_and_empty(uintptr_t stride, size_t n) {
    for (size_t i = 0; i < n; i++)
        put(0x7F0000000000 + i * stride);
    for (size_t i = 0; i < n; i += 2)
        take(0x7F0000000000 + i * stride);
    for (size_t i = 0; i < n; i += 2)
        put(0x7F0000000000 + i * stride);
    for (size_t i = 0; i < n; i++)
        take(0x7F0000000000 + (n - 1 - i) * stride);
}

Test(heap_blocks, any_stride) {
    for (unsigned log2 = 3; log2 < 22; log2++)
        fill_and_empty(UINT64_C(1) << log2, 5000);
    fill_and_empty(48, 200000);
}

Test(heap_blocks, random_blocks_come_and_go) {
    enum { SLOTS = 20000, STEPS = 1000000 };
    static uintptr_t live[SLOTS];
    uint64_t state = 1, next = 0x10000;
    for (size_t step = 0; step < STEPS; step++) {
        uintptr_t *slot = &live[next_random(&state) % SLOTS];
        if (*slot)
            take(*slot);
        next += 16 + next_random(&state) % 64 * 16;
        put(*slot = next % (UINT64_C(1) << 40) & ~(uintptr_t)15);
    }
    for (size_t i = 0; i < SLOTS; i++)
        if (live[i])
            take(live[i]);
}

Test(heap_blocks, a_block_takes_at_most_32_bytes) {
    enum { N = 1000000 };
    uint64_t state = 1;
    uintptr_t address = 0x550000000000;
    for (size_t i = 0; i < N; i++) {
        put(address);
        address += 32 + next_random(&state) % 16 * 16;
    }
    size_t bytes = tli_blocks_memory_bytes(&blocks);
    cr_expect_leq(bytes, 32 * (size_t)N, "%.1f bytes a block", (double)bytes / N);
    cr_expect_geq(bytes, 24 * (size_t)N);
}

/* A search for what is not there must end soon, also where places are nearly all taken. */
Test(heap_blocks, unknown_blocks_are_not_found) {
    struct tli_block got;
    for (uintptr_t address = 0x10000; address < 0x400000; address += 16)
        put(address);
    for (uintptr_t address = 0x10008; address < 0x400000; address += 16)
        cr_assert_not(tli_blocks_take(&blocks, address, &got));
}

Test(heap_blocks, forgotten) {
    struct tli_block got;
    put(0x1000);
    tli_blocks_forget(&blocks);
    cr_expect_not(tli_blocks_take(&blocks, 0x1000, &got));
    put(0x1000);
    take(0x1000);
}

/* Two threads hand blocks to each other, in the same shards. */
enum { THREADS = 4, EACH = 100000 };
static _Atomic(uintptr_t) handed_over[64];

static void *allocate_and_free(void *number) {
    uintptr_t own = 0x100000 + (uintptr_t)number * 0x10;
    uint64_t state = (uintptr_t)number + 1;
    for (size_t i = 0; i < EACH; i++) {
        uintptr_t address = own + i * THREADS * 0x10;
        put(address);
        uintptr_t other = atomic_exchange(&handed_over[next_random(&state) % 64], address);
        if (other) {
            struct tli_block got;
            if (!tli_blocks_take(&blocks, other, &got) || got.address != other)
                abort();
        }
    }
    return NULL;
}

Test(heap_blocks, threads_in_the_same_shards) {
    pthread_t threads[THREADS];
    for (uintptr_t i = 0; i < THREADS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, allocate_and_free, (void *)i), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < 64; i++)
        if (handed_over[i])
            take(handed_over[i]);
    size_t live = 0;
    for (size_t i = 0; i < 1 << TLI_SHARDS_LOG2; i++)
        live += blocks.shards[i].live;
    cr_expect_eq(live, 0);
}
