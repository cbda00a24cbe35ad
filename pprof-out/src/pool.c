/*
 * pool.c - chunks of memory, released together; see pool.h.
 *
 * Role in the flow: below the model and the decoder, outside of the profiled process only. One
 * thread per pool. Invariant of a chunk: used <= size, both in bytes behind its header.
 */
#include "pool.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#define TLI_POOL_ALIGNMENT 16
#define TLI_POOL_FIRST_BYTES ((size_t)4 * 1024)
#define TLI_POOL_CHUNK_BYTES ((size_t)1024 * 1024)

struct tli_pool_chunk {
    struct tli_pool_chunk *next;
    size_t size, used;
    alignas(TLI_POOL_ALIGNMENT) unsigned char memory[];
};

static struct tli_pool_chunk *add_chunk(struct tli_pool *pool, size_t size_bytes) {
    size_t size = pool->chunks == NULL ? TLI_POOL_FIRST_BYTES : 2 * pool->chunks->size;
    if (size > TLI_POOL_CHUNK_BYTES)
        size = TLI_POOL_CHUNK_BYTES;
    if (size < size_bytes)
        size = size_bytes;
    struct tli_pool_chunk *chunk =
        pool->allocator->alloc(pool->allocator->context, sizeof *chunk + size);
    if (chunk == NULL)
        return NULL;
    chunk->next = pool->chunks;
    chunk->size = size;
    chunk->used = 0;
    pool->chunks = chunk;
    return chunk;
}

void *tli_pool_alloc(struct tli_pool *pool, size_t size_bytes) {
    if (size_bytes > SIZE_MAX / 2)
        return NULL;
    size_t size = (size_bytes + TLI_POOL_ALIGNMENT - 1) & ~(size_t)(TLI_POOL_ALIGNMENT - 1);
    struct tli_pool_chunk *chunk = pool->chunks;
    if (chunk == NULL || chunk->size - chunk->used < size)
        chunk = add_chunk(pool, size);
    if (chunk == NULL)
        return NULL;
    void *memory = chunk->memory + chunk->used;
    chunk->used += size;
    return memory;
}

void *tli_pool_copy(struct tli_pool *pool, const void *bytes, size_t size_bytes) {
    void *memory = tli_pool_alloc(pool, size_bytes);
    if (memory != NULL && size_bytes > 0)
        memcpy(memory, bytes, size_bytes);
    return memory;
}

static void free_chunks(struct tli_pool *pool, struct tli_pool_chunk *chunk) {
    while (chunk != NULL) {
        struct tli_pool_chunk *next = chunk->next;
        pool->allocator->free(pool->allocator->context, chunk);
        chunk = next;
    }
}

void tli_pool_reset(struct tli_pool *pool) {
    if (pool->chunks == NULL)
        return;
    free_chunks(pool, pool->chunks->next);
    pool->chunks->next = NULL;
    pool->chunks->used = 0;
}

void tli_pool_free(struct tli_pool *pool) {
    free_chunks(pool, pool->chunks);
    pool->chunks = NULL;
}
