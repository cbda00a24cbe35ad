/* An allocator that may be called in signal handlers, for test_heap.py: cells of one size, each
 * taken and given back by one atomic operation. A block's address is soon another's, and a block
 * that is freed twice, or was never handed out, ends the program. */
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS = 1 << 14, CELL_BYTES = 512 };

static _Alignas(CELL_BYTES) char cells[CELLS][CELL_BYTES];
static _Atomic char taken[CELLS];
static _Atomic unsigned next;

static void *take(size_t size) {
    unsigned from = atomic_load_explicit(&next, memory_order_relaxed);
    for (unsigned i = 0; size <= CELL_BYTES && i < CELLS; i++) {
        unsigned cell = (from + i) % CELLS;
        if (atomic_load(&taken[cell]) || atomic_exchange(&taken[cell], 1))
            continue;
        atomic_store_explicit(&next, cell, memory_order_relaxed);
        return cells[cell];
    }
    errno = ENOMEM;
    return NULL;
}

unsigned cells_taken(void) {
    unsigned n = 0;
    for (unsigned i = 0; i < CELLS; i++)
        n += (unsigned char)taken[i];
    return n;
}

static void give_back(void *block) {
    if (!block)
        return;
    size_t cell = (size_t)((char (*)[CELL_BYTES])block - cells);
    if (cell >= CELLS || block != cells[cell] || !atomic_exchange(&taken[cell], 0))
        abort();
}

void *malloc(size_t size) {
    return take(size);
}

void free(void *block) {
    give_back(block);
}

void *calloc(size_t n, size_t size) {
    void *block = take(size && n > CELL_BYTES / size ? CELL_BYTES + 1 : n * size);
    return block ? memset(block, 0, n * size) : NULL;
}

/* Always moves. */
void *realloc(void *block, size_t size) {
    void *moved = take(size);
    if (!moved || !block)
        return moved;
    memcpy(moved, block, CELL_BYTES);
    give_back(block);
    return moved;
}

void *memalign(size_t alignment, size_t size) {
    return take(alignment <= CELL_BYTES ? size : CELL_BYTES + 1);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *made = memalign(alignment, size);
    *block = made ? made : *block;
    return made ? 0 : ENOMEM;
}
