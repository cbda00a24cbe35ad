/*
 * table.c - the hash table of indices, and the hashes; see table.h for the layout.
 *
 * Role in the flow: every "is it there already?" of the model and of the export is asked here.
 * Linear probing over eight-byte slots; the stored half of the hash answers most misses without a
 * look at the thing itself. Nothing is ever removed. Called with the owner's allocator, from any
 * thread that owns the table; safe in a signal handler when the allocator is.
 */
#include "table.h"

#include <string.h>

#define TLI_FIRST_SLOTS 64
#define TLI_MAX_THINGS (UINT32_C(1) << 31)

/* The unknown seed is mixed in before the multiplication, so that nobody can choose words that
 * bring it to nothing. */
uint64_t tli_hash_word(uint64_t seed, uint64_t word) {
    unsigned __int128 product = (unsigned __int128)(word ^ seed ^ UINT64_C(0xa0761d6478bd642f)) *
                                UINT64_C(0xe7037ed1a0b428db);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t tli_hash_bytes(uint64_t seed, const void *bytes, size_t size) {
    const unsigned char *at = bytes;
    uint64_t hash = tli_hash_word(seed, size);
    for (; size >= 8; at += 8, size -= 8) {
        uint64_t word;
        memcpy(&word, at, 8);
        hash = tli_hash_word(hash, word);
    }
    uint64_t rest = 0;
    memcpy(&rest, at, size);
    return tli_hash_word(hash, rest);
}

void *tli_grow(const struct tally_allocator *allocator, void *old, size_t n, size_t capacity,
               size_t thing_bytes) {
    size_t size_bytes;
    if (__builtin_mul_overflow(capacity, thing_bytes, &size_bytes))
        return NULL;
    void *memory = allocator->alloc(allocator->context, size_bytes);
    if (memory == NULL)
        return NULL;
    if (n != 0)
        memcpy(memory, old, n * thing_bytes);
    if (old != NULL)
        allocator->free(allocator->context, old);
    return memory;
}

static uint32_t kept_part(uint64_t hash) {
    return (uint32_t)(hash ^ hash >> 32);
}

uint32_t tli_table_find(const struct tli_table *table, uint64_t hash, tli_table_equal *equal,
                        const void *context, const void *key) {
    if (table->n_slots == 0)
        return TLI_ABSENT;
    size_t mask = table->n_slots - 1;
    uint32_t kept = kept_part(hash);
    for (size_t i = kept & mask;; i = (i + 1) & mask) {
        const struct tli_table_slot *slot = &table->slots[i];
        if (slot->index_plus_1 == 0)
            return TLI_ABSENT;
        if (slot->hash == kept && equal(context, slot->index_plus_1 - 1, key))
            return slot->index_plus_1 - 1;
    }
}

static void put(struct tli_table_slot *slots, size_t n_slots, struct tli_table_slot thing) {
    size_t mask = n_slots - 1, i = thing.hash & mask;
    while (slots[i].index_plus_1 != 0)
        i = (i + 1) & mask;
    slots[i] = thing;
}

static bool make_room(struct tli_table *table) {
    size_t n_slots = table->n_slots == 0 ? TLI_FIRST_SLOTS : 2 * table->n_slots;
    struct tli_table_slot *slots =
        tli_grow(table->allocator, NULL, 0, n_slots, sizeof(struct tli_table_slot));
    if (slots == NULL)
        return false;
    memset(slots, 0, n_slots * sizeof(struct tli_table_slot));
    for (size_t i = 0; i < table->n_slots; i++)
        if (table->slots[i].index_plus_1 != 0)
            put(slots, n_slots, table->slots[i]);
    tli_table_free(table);
    table->slots = slots;
    table->n_slots = n_slots;
    return true;
}

bool tli_table_insert(struct tli_table *table, uint64_t hash, uint32_t index) {
    if (index >= TLI_MAX_THINGS)
        return false;
    if (2 * (table->n_used + 1) > table->n_slots && !make_room(table))
        return false;
    put(table->slots, table->n_slots, (struct tli_table_slot){kept_part(hash), index + 1});
    table->n_used++;
    return true;
}

void tli_table_clear(struct tli_table *table) {
    if (table->slots != NULL)
        memset(table->slots, 0, table->n_slots * sizeof *table->slots);
    table->n_used = 0;
}

void tli_table_free(struct tli_table *table) {
    if (table->slots != NULL)
        table->allocator->free(table->allocator->context, table->slots);
    table->slots = NULL;
    table->n_slots = 0;
}
