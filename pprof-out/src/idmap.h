/*
 * idmap.h - from the ids of a file to the things they name.
 *
 * Nearly every writer numbers its things 1, 2, 3 …, so ids up to the number of things are looked
 * up in an array; others, which the format allows, in a hash table. Set to zero it is empty.
 */
#ifndef TLI_IDMAP_H
#define TLI_IDMAP_H

#include "table.h"

struct tli_idmap_entry {
    uint64_t id;
    const void *thing;
};

struct tli_idmap {
    const void **dense; /* [n_dense], by id - 1 */
    size_t n_dense;
    struct tli_idmap_entry *sparse; /* [n_dense] at most */
    uint32_t n_sparse;
    struct tli_table by_id; /* of sparse */
    uint64_t seed;
};

enum tli_idmap_result { TLI_IDMAP_ADDED, TLI_IDMAP_DUPLICATE, TLI_IDMAP_NO_MEMORY };

/* For n things at most. False on lack of memory. */
bool tli_idmap_begin(struct tli_idmap *map, size_t n, uint64_t seed,
                     const struct tally_allocator *allocator);
/* `thing` is not null, `id` not 0. */
enum tli_idmap_result tli_idmap_add(struct tli_idmap *map, uint64_t id, const void *thing);
/* Null if there is none. */
const void *tli_idmap_get(const struct tli_idmap *map, uint64_t id);
void tli_idmap_free(struct tli_idmap *map);

#endif
