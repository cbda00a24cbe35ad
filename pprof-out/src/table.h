/*
 * table.h - a hash table of indices: finds where in an array an equal thing stands.
 *
 *   things[]  a b c d …                    kept by the caller, only ever appended to
 *   slots[]   {hash, index + 1} or {_, 0}  open addressing, at most half full, a power of two
 *
 * The table holds no keys and knows nothing of them: whoever looks something up brings the hash and
 * a function that says whether the thing at an index is the one. That serves strings, functions,
 * locations, samples and addresses alike, in the profiled process (memory from the runtime's
 * allocator) and in the command line (malloc).
 *
 * Invariant: n_slots == 0 or n_slots >= 2 * n_used. A table set to zero is empty; its allocator
 * must be set before the first insert.
 */
#ifndef TLI_TABLE_H
#define TLI_TABLE_H

#include "tally/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLI_ABSENT UINT32_MAX

struct tli_table_slot {
    uint32_t hash, index_plus_1;
};

struct tli_table {
    const struct tally_allocator *allocator;
    struct tli_table_slot *slots;
    size_t n_slots, n_used;
};

/* Says whether the thing at `index` is the one that `key` describes. */
typedef bool tli_table_equal(const void *context, uint32_t index, const void *key);

uint32_t tli_table_find(const struct tli_table *table, uint64_t hash, tli_table_equal *equal,
                        const void *context, const void *key);
/* The thing must not be in the table yet. False on lack of memory, or beyond 2^31 things. */
bool tli_table_insert(struct tli_table *table, uint64_t hash, uint32_t index);
void tli_table_clear(struct tli_table *table); /* keeps the memory */
void tli_table_free(struct tli_table *table);

/* Multiply-and-fold hashes: quick, and not to be forced into collisions without the seed. */
uint64_t tli_hash_bytes(uint64_t seed, const void *bytes, size_t size);
uint64_t tli_hash_word(uint64_t seed, uint64_t word);

/* Memory for `capacity` things in place of `old`, with the first `n` copied; frees `old`. Null on
 * lack of memory, and `old` is still there. */
void *tli_grow(const struct tally_allocator *allocator, void *old, size_t n, size_t capacity,
               size_t thing_bytes);

#endif
