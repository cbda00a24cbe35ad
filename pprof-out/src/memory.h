/*
 * memory.h - malloc with a limit, for whoever reads what others wrote.
 *
 * A profile counts the memory that it takes, whatever it is for: pool, tables, arrays. While a file
 * is read there is a limit to it, since a small file can be made to need a lot; beyond the limit
 * there is no more, as if the system had none.
 */
#ifndef TLI_MEMORY_H
#define TLI_MEMORY_H

#include "tally/snapshot.h"

#include <stdbool.h>
#include <stddef.h>

struct tli_memory {
    struct tally_allocator allocator; /* its context is the struct, which must not move */
    size_t used_bytes, limit_bytes;   /* what malloc adds to a size may bring used beyond it */
    bool was_refused;                 /* for the limit */
};

/* Without a limit, which may be set at any time. */
void tli_memory_begin(struct tli_memory *memory);

/* malloc and free, for the parts that are written against an allocator. */
extern const struct tally_allocator tli_malloc_allocator;

#endif
