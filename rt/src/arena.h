/*
 * arena.h - memory straight from the kernel.
 *
 * An arena hands out zeroed memory by moving a pointer through chunks it maps; nothing is given
 * back before the arena is released as a whole. The profiled program's malloc is never called.
 *
 *   tli_arena ──> newest chunk [ previous | size | used ....free.... ] ──> older chunk
 *
 * tli_arena_alloc may be interrupted by a signal handler that allocates from the same arena on the
 * same thread: the pointer moves by one atomic addition. One arena is never shared by two threads.
 * No function here uses vector registers, calls libc, or changes errno.
 */
#ifndef TLI_ARENA_H
#define TLI_ARENA_H

#include "tally/snapshot.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tli_chunk;

struct tli_arena {
    _Atomic(struct tli_chunk *) newest;
    size_t next_chunk_bytes; /* 0 on first use */
};

/* Zeroed, aligned to 16 bytes; null if the kernel has no more. */
void *tli_arena_alloc(struct tli_arena *arena, size_t size_bytes);
/* A copy of the text; "" if the kernel has no more memory. */
const char *tli_arena_copy_text(struct tli_arena *arena, const char *text);
void tli_arena_release(struct tli_arena *arena);

/* The arena as the allocator of pprof-out and zlib: its free does nothing. */
struct tally_allocator tli_arena_allocator(struct tli_arena *arena);

/* Zeroed pages; null on failure. size_bytes is rounded up to pages by the kernel. */
void *tli_map(size_t size_bytes);
void tli_unmap(void *memory, size_t size_bytes);

#endif
