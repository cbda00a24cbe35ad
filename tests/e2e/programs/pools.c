/* Allocators of the program's own. test_pools names them to the plugin, and looks for what was
 * handed out at each of the places that are named here, by all paths. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

struct pool {
    char memory[64][64];
    int taken;
};
static struct pool pool;

/* Gives each block once. */
NOINLINE static void *pool_get(struct pool *from, int size) {
    return size <= 64 && from->taken < 64 ? from->memory[from->taken++] : NULL;
}
NOINLINE static void pool_put(struct pool *to, void *block) {
    __asm__ volatile("" : : "r"(to), "r"(block));
}

/* Small enough to be inlined wherever it is called. */
static char arena[1 << 12] __attribute__((aligned(16)));
static size_t arena_used;
static inline void *arena_take(size_t n, size_t size) {
    if (size && n > (sizeof arena - arena_used) / size)
        return NULL;
    void *block = arena + arena_used;
    arena_used += n * size;
    return block;
}
static inline void arena_begin_anew(void) {
    arena_used = 0;
}

/* Known by how they are declared. */
static void *checked(size_t size) __attribute__((alloc_size(1), malloc));
static void *checked(size_t size) {
    void *block = malloc(size);
    if (!block)
        abort();
    return block;
}
static void *checked_again(void *block, size_t size) __attribute__((alloc_size(2)));
static void *checked_again(void *block, size_t size) {
    void *moved = realloc(block, size);
    if (!moved)
        abort();
    return moved;
}
static char *checked_zeroed(size_t n, size_t size) __attribute__((alloc_size(1, 2)));
static char *checked_zeroed(size_t n, size_t size) {
    return memset(checked(n * size), 0, n * size); /* handed on */
}
/* Nothing says how much it hands out. */
static void *unsized(void) __attribute__((malloc));
static void *unsized(void) {
    return malloc(100);
}

static void *kept[16];

/* One place, two callers, one of which keeps what it gets. */
NOINLINE static void *node_new(void) {
    void *node = pool_get(&pool, 24); /* node */
    return node;
}
NOINLINE static void keeps(int n) {
    for (int i = 0; i < n; i++)
        kept[i] = node_new();
}
NOINLINE static void returns(int n) {
    for (int i = 0; i < n; i++)
        pool_put(&pool, node_new());
}

/* In the place of a tail call. */
NOINLINE static void *last(int size) {
    return pool_get(&pool, size); /* last */
}

NOINLINE static void fills_arena(void) {
    for (int i = 0; i < 4; i++) {
        uint32_t *numbers = arena_take(8, sizeof *numbers); /* numbers */
        numbers[0] = 1;
        if (i == 1)
            arena_begin_anew();
    }
    if (arena_take(SIZE_MAX / 2, 4)) /* refused */
        abort();
}

NOINLINE static void checks(void) {
    char *text = checked(10); /* text */
    text = checked_again(text, 1000); /* larger */
    kept[15] = checked_again(text, 2000); /* largest */
    free(checked_zeroed(3, 5)); /* zeroed */
    free(unsized()); /* unsized */
}

static void *(*volatile by_pointer)(struct pool *, int) = pool_get;

int main(void) {
    keeps(3);
    returns(5);
    pool_put(&pool, last(40));
    pool_put(&pool, NULL);
    if (pool_get(&pool, 65)) /* too large */
        return 1;
    fills_arena();
    checks();
    by_pointer(&pool, 1);
    printf("%d %zu\n", pool.taken, arena_used);
    return 0;
}
