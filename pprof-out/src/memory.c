/*
 * memory.c - counting malloc; see memory.h.
 *
 * Role in the flow: below pools, tables and arrays of the model and the decoder, outside of the
 * profiled process only. One thread per profile, so counting needs no atomics.
 */
#include "memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

static void *by_malloc(void *context, size_t size_bytes) {
    (void)context;
    return malloc(size_bytes > 0 ? size_bytes : 1);
}

static void by_free(void *context, void *block) {
    (void)context;
    free(block);
}

const struct tally_allocator tli_malloc_allocator = {by_malloc, by_free, NULL};

static void *counted_malloc(void *context, size_t size_bytes) {
    struct tli_memory *memory = context;
    if (memory->used_bytes >= memory->limit_bytes ||
        size_bytes > memory->limit_bytes - memory->used_bytes) {
        memory->was_refused = true;
        return NULL;
    }
    void *block = by_malloc(NULL, size_bytes);
    memory->used_bytes += malloc_usable_size(block);
    return block;
}

static void counted_free(void *context, void *block) {
    struct tli_memory *memory = context;
    memory->used_bytes -= malloc_usable_size(block);
    free(block);
}

void tli_memory_begin(struct tli_memory *memory) {
    *memory = (struct tli_memory){.allocator = {counted_malloc, counted_free, memory},
                                  .limit_bytes = SIZE_MAX};
}
