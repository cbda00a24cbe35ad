/*
 * keys.c - see keys.h. Open addressing; at least half of the slots are free.
 */
#include "keys.h"

#include "say.h"

#include <stdbool.h>
#include <stdlib.h>

static size_t hash(const struct key *key) {
    uint64_t mixed = ((uint64_t)key->first << 32 | key->second) * 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (uint64_t)key->third ^ mixed >> 29) * 0xbf58476d1ce4e5b9u;
    return (size_t)(mixed ^ mixed >> 32);
}

static bool are_equal(const struct key *a, const struct key *b) {
    return a->first == b->first && a->second == b->second && a->third == b->third;
}

/* The slot that the key is in, or the free one that it may have. */
static uint32_t *slot_of(const struct keys *keys, const struct key *key) {
    for (size_t at = hash(key);; at++) {
        uint32_t *slot = &keys->slots[at & (keys->n_slots - 1)];
        if (!*slot || are_equal(&keys->all[*slot - 1], key))
            return slot;
    }
}

static void grow(struct keys *keys) {
    free(keys->slots);
    keys->n_slots = keys->n_slots ? keys->n_slots * 2 : 1024;
    keys->slots = need_array(keys->n_slots, sizeof *keys->slots);
    for (size_t i = 0; i < keys->n; i++)
        *slot_of(keys, &keys->all[i]) = (uint32_t)i + 1;
}

uint32_t keys_number(struct keys *keys, struct key key) {
    if (2 * keys->n >= keys->n_slots)
        grow(keys);
    uint32_t *slot = slot_of(keys, &key);
    if (!*slot) {
        if (keys->n >= UINT32_MAX / 2)
            exit(say_error(NULL, "the profile has too many different contexts"));
        keys->all = need_room(keys->all, &keys->capacity, keys->n, sizeof *keys->all);
        keys->all[keys->n++] = key;
        *slot = (uint32_t)keys->n;
    }
    return *slot - 1;
}

void keys_free(struct keys *keys) {
    free(keys->all);
    free(keys->slots);
    *keys = (struct keys){0};
}
