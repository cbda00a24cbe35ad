/*
 * blocks.h - the table of live blocks: by a block's address, who allocated it, when, and its size.
 *
 *   shard = hash of the address's 64 KiB region      so that what one thread's allocator hands out
 *     │                                              falls into shards that no other thread uses
 *     └─ bucket = hash of the address, or one of those behind it when that is full
 *          address[8]   site[8]   size[8]            a cache line each; the second and third are on
 *                                                    their way while the first is searched
 *
 * Memory: 24 bytes a place. A shard is made an eighth larger when nine tenths of its places are
 * taken, so 80 to 90 % of them are: 27 to 30 bytes a block, and the spare buckets. What grows is
 * one shard of SHARDS, by itself; the others go on meanwhile.
 *
 * Each shard has a lock, held for a few dozen instructions and never while the program's allocator
 * runs. A thread that holds one must not come here again in a signal handler: see record.c. Should
 * such a handler jump out, the lock is taken from it (tli_blocks_abandon); a place is taken and
 * given up by one store, and signals are blocked while a shard grows, so the table is whole at any
 * instruction that can be interrupted.
 *
 * The order of events at one address is the program's own: a block is taken out before it is given
 * back to the allocator, and put in before the program has it. So there is one record of an
 * address, and nobody looks for it but who owns the block. Only where a block was freed unseen, by
 * who calls the allocator past us, its record is still there when the address is another's; it is
 * then found if it lies before the first free place. There are a few such records of an address at
 * most.
 *
 * Any thread; no libc, no errno.
 */
#ifndef TLI_HEAP_BLOCKS_H
#define TLI_HEAP_BLOCKS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tli_heap_site;

struct tli_block {
    uintptr_t address; /* a multiple of 8, below 2^47 */
    size_t size_bytes; /* as asked for; below 2^47 */
    struct tli_heap_site *site;
    uint64_t born; /* clock, modulo 2^58 */
};

enum { TLI_SHARDS_LOG2 = 8 };

struct tli_bucket;
struct tli_shard {
    atomic_uint lock;
    uint32_t live;     /* places that are taken */
    uint32_t limit;    /* … at most */
    uint32_t n_homes;  /* buckets that hashes lead to; behind them there are SPARE ones */
    uint32_t furthest; /* how many buckets from its home a block may be */
    struct tli_bucket *buckets;
} __attribute__((aligned(64)));

struct tli_blocks {
    struct tli_shard shards[1 << TLI_SHARDS_LOG2];
};

/* False if there is no memory for it, or it is beyond what a record can hold. `unseen` is what was
 * recorded at its address until now, or has address 0. */
bool tli_blocks_put(struct tli_blocks *blocks, const struct tli_block *block,
                    struct tli_block *unseen);
/* Takes out what is recorded at `address`; false if nothing is. */
bool tli_blocks_take(struct tli_blocks *blocks, uintptr_t address, struct tli_block *block);

/* What is known of `address`, or will be, is going to be looked at soon. Takes no lock. */
void tli_blocks_prefetch(const struct tli_blocks *blocks, uintptr_t address);

/* What it takes now; it never shrinks. */
size_t tli_blocks_memory_bytes(const struct tli_blocks *blocks);

/* The calling thread will not go on with what it was doing here. */
void tli_blocks_abandon(void);
/* After fork, in the child: empty again. The memory stays, in case the forking thread was here. */
void tli_blocks_forget(struct tli_blocks *blocks);

#endif
