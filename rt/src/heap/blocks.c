/* blocks.c - see blocks.h. */
#include "blocks.h"

#include "arena.h"
#include "syscall.h"

#include <sys/single_threaded.h>
#include <sys/syscall.h>
#include <time.h>

/*
 * A place has three words of 64 bits; `address` is 0 where it is free:
 *
 *   born, bits 57…38 : 20 | address / 8 : 44
 *   born, bits 37…17 : 21 | site / 16   : 43
 *   born, bits 16…0  : 17 | size        : 47
 */
enum { PLACES = 8 };
struct tli_bucket {
    uint64_t address[PLACES], site[PLACES], size[PLACES];
} __attribute__((aligned(64)));

enum { ADDRESS_BITS = 44, SITE_BITS = 43, SIZE_BITS = 47 };
enum { ADDRESS_SHIFT = 3, SITE_SHIFT = 4 };
enum { MIDDLE_SHIFT = 64 - SIZE_BITS, HIGH_SHIFT = MIDDLE_SHIFT + 64 - SITE_BITS };
enum { LARGEST_LOG2 = 47 };
enum { PAGE_BYTES = 4096, FIRST_HOMES = 5 };
/* Buckets behind those that hashes lead to. More in a row are never full (all are, if a shard is
 * smaller than that). */
enum { SPARE = 16 };

static const uint64_t FACTOR = 0x9E3779B97F4A7C15u;

static inline uint64_t low_bits(uint64_t word, int n) {
    return word & ((UINT64_C(1) << n) - 1);
}

/* `born` is shifted so that of its lowest bits as many remain as there is room for. */
static inline void fill(struct tli_bucket *bucket, unsigned place, const struct tli_block *from) {
    uint64_t site = (uint64_t)(uintptr_t)from->site >> SITE_SHIFT;
    bucket->size[place] = from->size_bytes | from->born << SIZE_BITS;
    bucket->site[place] = site | from->born >> MIDDLE_SHIFT << SITE_BITS;
    __atomic_store_n(&bucket->address[place],
                     (uint64_t)from->address >> ADDRESS_SHIFT | from->born >> HIGH_SHIFT
                                                                                  << ADDRESS_BITS,
                     __ATOMIC_RELEASE);
}

static inline struct tli_block block_at(const struct tli_bucket *bucket, unsigned place) {
    uint64_t address = bucket->address[place], site = bucket->site[place];
    uint64_t size = bucket->size[place];
    return (struct tli_block){
        .address = low_bits(address, ADDRESS_BITS) << ADDRESS_SHIFT,
        .size_bytes = low_bits(size, SIZE_BITS),
        .site = (void *)(uintptr_t)(low_bits(site, SITE_BITS) << SITE_SHIFT),
        .born = address >> ADDRESS_BITS << HIGH_SHIFT | site >> SITE_BITS << MIDDLE_SHIFT |
                size >> SIZE_BITS,
    };
}

/* ---- the lock: 0, or whose it is ---- */

static _Thread_local struct tli_shard *held __attribute__((tls_model("initial-exec")));

static inline unsigned own_mark(void) {
    return (unsigned)((uintptr_t)&held >> 3) | 1;
}

static __attribute__((noinline, cold)) void wait_for(struct tli_shard *shard) {
    enum { SPINS = 200 };
    struct timespec a_moment = {0, 50000};
    for (int spins = 0; atomic_load_explicit(&shard->lock, memory_order_relaxed); spins++)
        if (spins < SPINS)
            __builtin_ia32_pause();
        else
            tli_syscall3(SYS_nanosleep, (long)&a_moment, 0, 0); /* its owner may not be running */
}

/* Atomic operations keep the processor from doing the program's next steps meanwhile, which with
 * many live blocks costs several times as much as all else here. A single thread needs none. */
static inline void lock(struct tli_shard *shard) {
    unsigned nobody = 0;
    held = shard;
    if (__libc_single_threaded) {
        atomic_store_explicit(&shard->lock, own_mark(), memory_order_relaxed);
        return;
    }
    while (!atomic_compare_exchange_strong_explicit(&shard->lock, &nobody, own_mark(),
                                                    memory_order_acquire, memory_order_relaxed)) {
        wait_for(shard);
        nobody = 0;
    }
}

static inline void unlock(struct tli_shard *shard) {
    atomic_store_explicit(&shard->lock, 0, memory_order_release);
}

void tli_blocks_abandon(void) {
    if (held && atomic_load_explicit(&held->lock, memory_order_relaxed) == own_mark())
        unlock(held);
}

/* ---- places ---- */

static inline uint64_t key_at(const struct tli_bucket *bucket, unsigned place) {
    return low_bits(bucket->address[place], ADDRESS_BITS);
}

/* The place of the address whose key it is; PLACES if there is none. (Vector instructions would
 * wait for what was stored a moment ago, as for a block that lives shortly.) */
static inline unsigned place_of(const struct tli_bucket *bucket, uint64_t key) {
    unsigned place = 0;
    while (place < PLACES && key_at(bucket, place) != key)
        place++;
    return place;
}

/* The first place that is free, or has this key already; PLACES if there is none. */
static inline unsigned place_for(const struct tli_bucket *bucket, uint64_t key) {
    unsigned place = 0;
    for (; place < PLACES; place++) {
        uint64_t held = key_at(bucket, place);
        if (held == 0 || held == key)
            break;
    }
    return place;
}

static inline struct tli_bucket *home_in(const struct tli_shard *shard, uintptr_t address) {
    uint64_t hash = (address >> 4) * FACTOR >> 32;
    struct tli_bucket *home = &shard->buckets[hash * shard->n_homes >> 32];
    __builtin_prefetch(home->site);
    __builtin_prefetch(home->size);
    return home;
}

static inline struct tli_block take_out(struct tli_shard *shard, struct tli_bucket *bucket,
                                        unsigned place) {
    struct tli_block block = block_at(bucket, place);
    __atomic_store_n(&bucket->address[place], 0, __ATOMIC_RELEASE);
    shard->live--;
    return block;
}

/* False if there is no place within SPARE buckets. */
static inline bool place(struct tli_shard *shard, const struct tli_block *block,
                         struct tli_block *unseen) {
    struct tli_bucket *home = home_in(shard, block->address);
    for (uint32_t i = 0; i <= SPARE; i++) {
        unsigned at = place_for(&home[i], (uint64_t)block->address >> ADDRESS_SHIFT);
        if (at == PLACES)
            continue;
        if (i > shard->furthest)
            shard->furthest = i;
        if (__builtin_expect(home[i].address[at] != 0, 0))
            *unseen = take_out(shard, &home[i], at);
        fill(&home[i], at, block);
        shard->live++;
        return true;
    }
    return false;
}

/* ---- growth ---- */

static size_t bytes_of(uint32_t n_homes) {
    size_t bytes = ((size_t)n_homes + SPARE) * sizeof(struct tli_bucket);
    return n_homes ? (bytes + PAGE_BYTES - 1) & ~(size_t)(PAGE_BYTES - 1) : 0;
}

static struct tli_shard shard_with(uint32_t n_homes) {
    return (struct tli_shard){
        .n_homes = n_homes,
        .limit = (uint32_t)((uint64_t)n_homes * PLACES * 9 / 10),
        .buckets = tli_map(bytes_of(n_homes)),
    };
}

/* In the order of hashes, so from one end of both to the other. */
static bool move_all(struct tli_shard *to, const struct tli_shard *from) {
    struct tli_block unseen;
    for (uint32_t i = 0; from->n_homes && i < from->n_homes + SPARE; i++)
        for (unsigned k = 0; k < PLACES; k++) {
            struct tli_block block = block_at(&from->buckets[i], k);
            if (block.address && !place(to, &block, &unseen))
                return false;
        }
    return true;
}

static bool grow_unsignalled(struct tli_shard *shard) {
    struct tli_shard larger = {.n_homes = shard->n_homes};
    do {
        tli_unmap(larger.buckets, bytes_of(larger.n_homes));
        larger = shard_with(larger.n_homes + larger.n_homes / 8 + FIRST_HOMES);
        if (!larger.buckets)
            return false;
    } while (!move_all(&larger, shard));
    tli_unmap(shard->buckets, bytes_of(shard->n_homes));
    shard->live = larger.live;
    shard->n_homes = larger.n_homes;
    shard->limit = larger.limit;
    shard->furthest = larger.furthest;
    shard->buckets = larger.buckets;
    return true;
}

static __attribute__((noinline, cold)) bool grow(struct tli_shard *shard) {
    uint64_t mask = tli_block_signals();
    bool done = grow_unsignalled(shard);
    tli_restore_signals(mask);
    return done;
}

/* ---- put and take ---- */

static inline size_t shard_index(uintptr_t address) {
    return (address >> 16) * FACTOR >> (64 - TLI_SHARDS_LOG2);
}

static inline bool put(struct tli_shard *shard, const struct tli_block *block,
                       struct tli_block *unseen) {
    if (shard->live >= shard->limit && !grow(shard) && !shard->buckets)
        return false;
    while (!place(shard, block, unseen))
        if (!grow(shard))
            return false;
    return true;
}

static inline bool take(struct tli_shard *shard, uintptr_t address, struct tli_block *block) {
    if (!shard->buckets)
        return false;
    struct tli_bucket *home = home_in(shard, address);
    uint64_t key = (uint64_t)address >> ADDRESS_SHIFT;
    for (uint32_t i = 0; i <= shard->furthest; i++) {
        unsigned at = place_of(&home[i], key);
        if (at == PLACES)
            continue;
        *block = take_out(shard, &home[i], at);
        return true;
    }
    return false;
}

bool tli_blocks_put(struct tli_blocks *blocks, const struct tli_block *block,
                    struct tli_block *unseen) {
    unseen->address = 0;
    if ((block->address | block->size_bytes) >> LARGEST_LOG2 || block->address % 8)
        return false;
    struct tli_shard *shard = &blocks->shards[shard_index(block->address)];
    lock(shard);
    bool done = put(shard, block, unseen);
    unlock(shard);
    return done;
}

bool tli_blocks_take(struct tli_blocks *blocks, uintptr_t address, struct tli_block *block) {
    struct tli_shard *shard = &blocks->shards[shard_index(address)];
    lock(shard);
    bool found = take(shard, address, block);
    unlock(shard);
    return found;
}

void tli_blocks_prefetch(const struct tli_blocks *blocks, uintptr_t address) {
    const struct tli_shard *shard = &blocks->shards[shard_index(address)];
    if (shard->buckets)
        __builtin_prefetch(home_in(shard, address)->address, 1);
}

size_t tli_blocks_memory_bytes(const struct tli_blocks *blocks) {
    size_t bytes = 0;
    for (size_t i = 0; i < 1 << TLI_SHARDS_LOG2; i++)
        bytes += bytes_of(blocks->shards[i].n_homes);
    return bytes;
}

void tli_blocks_forget(struct tli_blocks *blocks) {
    tli_blocks_abandon();
    for (size_t i = 0; i < 1 << TLI_SHARDS_LOG2; i++)
        blocks->shards[i] = (struct tli_shard){0};
}
