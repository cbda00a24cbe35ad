/*
 * pool.h - memory that is given back all at once.
 *
 * Everything a profile owns lives in one pool, so building needs no bookkeeping and freeing a
 * million samples is a few dozen calls. Chunks double in size up to 1 MiB; what is larger gets a
 * chunk of its own. Memory is aligned to 16 bytes and not cleared. A pool without chunks is empty.
 */
#ifndef TLI_POOL_H
#define TLI_POOL_H

#include "tally/snapshot.h"

#include <stddef.h>

struct tli_pool_chunk;

struct tli_pool {
    const struct tally_allocator *allocator;
    struct tli_pool_chunk *chunks; /* the newest first; only that one has room */
};

/* Null on lack of memory. */
void *tli_pool_alloc(struct tli_pool *pool, size_t size_bytes);
void *tli_pool_copy(struct tli_pool *pool, const void *bytes, size_t size_bytes);
/* Forgets everything, but keeps one chunk for what comes next. */
void tli_pool_reset(struct tli_pool *pool);
void tli_pool_free(struct tli_pool *pool);

#endif
