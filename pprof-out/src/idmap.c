/*
 * idmap.c - ids of a file; see idmap.h.
 *
 * Role in the flow: the decoder fills one map each for mappings, functions and locations, and asks
 * them for every reference. Ids come from the file and may be any number.
 */
#include "idmap.h"

#include <string.h>

/* Cleared; null on lack of memory. */
static void *new_array(const struct tli_idmap *map, size_t n, size_t thing_bytes) {
    void *array = tli_grow(map->by_id.allocator, NULL, 0, n, thing_bytes);
    return array == NULL ? NULL : memset(array, 0, n * thing_bytes);
}

static void free_array(const struct tli_idmap *map, void *array) {
    if (array != NULL)
        map->by_id.allocator->free(map->by_id.allocator->context, array);
}

bool tli_idmap_begin(struct tli_idmap *map, size_t n, uint64_t seed,
                     const struct tally_allocator *allocator) {
    map->by_id.allocator = allocator;
    map->dense = new_array(map, n + 1, sizeof *map->dense);
    map->n_dense = n;
    map->seed = seed;
    return map->dense != NULL;
}

static bool same_id(const void *context, uint32_t index, const void *key) {
    const struct tli_idmap *map = context;
    return map->sparse[index].id == *(const uint64_t *)key;
}

const void *tli_idmap_get(const struct tli_idmap *map, uint64_t id) {
    if (id - 1 < map->n_dense)
        return map->dense[id - 1];
    uint32_t index = tli_table_find(&map->by_id, tli_hash_word(map->seed, id), same_id, map, &id);
    return index == TLI_ABSENT ? NULL : map->sparse[index].thing;
}

enum tli_idmap_result tli_idmap_add(struct tli_idmap *map, uint64_t id, const void *thing) {
    if (tli_idmap_get(map, id) != NULL)
        return TLI_IDMAP_DUPLICATE;
    if (id - 1 < map->n_dense) {
        map->dense[id - 1] = thing;
        return TLI_IDMAP_ADDED;
    }
    if (map->sparse == NULL)
        map->sparse = new_array(map, map->n_dense, sizeof *map->sparse);
    if (map->sparse == NULL ||
        !tli_table_insert(&map->by_id, tli_hash_word(map->seed, id), map->n_sparse))
        return TLI_IDMAP_NO_MEMORY;
    map->sparse[map->n_sparse++] = (struct tli_idmap_entry){id, thing};
    return TLI_IDMAP_ADDED;
}

void tli_idmap_free(struct tli_idmap *map) {
    free_array(map, map->dense);
    free_array(map, map->sparse);
    tli_table_free(&map->by_id);
}
