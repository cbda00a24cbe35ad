/*
 * arena.c - see arena.h.
 *
 * Chunks start at 64 KiB and double up to 1 MiB. The kernel gives pages on first touch, so an
 * arena costs what was written to, not what was mapped.
 */
#include "arena.h"

#include "syscall.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { FIRST_CHUNK = 64 << 10, LARGEST_CHUNK = 1 << 20, ALIGNMENT = 16 };

struct tli_chunk {
    struct tli_chunk *previous;
    size_t size;         /* with this header */
    _Atomic size_t used; /* may run past size: then the chunk is full */
} __attribute__((aligned(ALIGNMENT)));

#ifdef __SANITIZE_THREAD__

/* ThreadSanitizer must see memory go away, or it takes what is mapped there next for the same. */
void *tli_map(size_t size_bytes) {
    int kept = errno;
    void *memory = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    errno = kept;
    return memory == MAP_FAILED ? NULL : memory;
}

void tli_unmap(void *memory, size_t size_bytes) {
    if (memory)
        munmap(memory, size_bytes);
}

#else

void *tli_map(size_t size_bytes) {
    long address = tli_syscall6(SYS_mmap, 0, (long)size_bytes, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return tli_syscall_failed(address) ? NULL : (void *)address;
}

void tli_unmap(void *memory, size_t size_bytes) {
    if (memory)
        tli_syscall6(SYS_munmap, (long)memory, (long)size_bytes, 0, 0, 0, 0);
}

#endif

static struct tli_chunk *chunk_map(struct tli_arena *arena, size_t payload) {
    size_t size = arena->next_chunk_bytes ? arena->next_chunk_bytes : FIRST_CHUNK;
    if (size < LARGEST_CHUNK)
        arena->next_chunk_bytes = size * 2;
    if (size - sizeof(struct tli_chunk) < payload)
        size = payload + sizeof(struct tli_chunk);
    struct tli_chunk *chunk = tli_map(size);
    if (!chunk)
        return NULL;
    chunk->size = size;
    atomic_init(&chunk->used, sizeof *chunk);
    return chunk;
}

static void *chunk_take(struct tli_chunk *chunk, size_t size) {
    size_t at = atomic_fetch_add_explicit(&chunk->used, size, memory_order_relaxed);
    return at <= chunk->size && size <= chunk->size - at ? (char *)chunk + at : NULL;
}

void *tli_arena_alloc(struct tli_arena *arena, size_t size_bytes) {
    if (size_bytes > PTRDIFF_MAX / 2)
        return NULL;
    size_t size = (size_bytes + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    for (;;) {
        struct tli_chunk *newest = atomic_load_explicit(&arena->newest, memory_order_relaxed);
        void *memory = newest ? chunk_take(newest, size) : NULL;
        if (memory)
            return memory;
        struct tli_chunk *fresh = chunk_map(arena, size);
        if (!fresh)
            return NULL;
        fresh->previous = newest;
        if (!atomic_compare_exchange_strong_explicit(&arena->newest, &newest, fresh,
                                                     memory_order_relaxed, memory_order_relaxed))
            tli_unmap(fresh, fresh->size); /* a signal handler was first */
    }
}

const char *tli_arena_copy_text(struct tli_arena *arena, const char *text) {
    size_t size = 1;
    while (text[size - 1])
        size++;
    char *copy = tli_arena_alloc(arena, size);
    for (size_t i = 0; copy && i < size; i++)
        copy[i] = text[i];
    return copy ? copy : "";
}

void tli_arena_release(struct tli_arena *arena) {
    struct tli_chunk *chunk = atomic_load_explicit(&arena->newest, memory_order_relaxed);
    while (chunk) {
        struct tli_chunk *previous = chunk->previous;
        tli_unmap(chunk, chunk->size);
        chunk = previous;
    }
    *arena = (struct tli_arena){.next_chunk_bytes = 0};
}

static void *allocator_alloc(void *context, size_t size_bytes) {
    return tli_arena_alloc(context, size_bytes);
}

static void allocator_free(void *context, void *memory) {
    (void)context;
    (void)memory;
}

struct tally_allocator tli_arena_allocator(struct tli_arena *arena) {
    return (struct tally_allocator){allocator_alloc, allocator_free, arena};
}
