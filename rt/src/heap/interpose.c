/*
 * interpose.c - malloc and its kin; see interpose.h.
 *
 *   malloc calloc realloc reallocarray aligned_alloc memalign posix_memalign valloc pvalloc
 *   free free_sized free_aligned_sized
 *
 * malloc_usable_size needs nothing: blocks are the allocator's own, with nothing before or behind.
 * What the C library allocates inside (strdup, getline, asprintf, fopen) comes here as its calls of
 * malloc. errno is the allocator's.
 *
 * The first calls come before any constructor, some from the loader, and some from dlsym while the
 * next functions are looked up; these get memory of a small pool, which is never used again.
 */
#include "heap/interpose.h"

#include "entry_points.h"
#include "heap/blocks.h"
#include "heap/heap.h"

#include <errno.h>
#include <string.h>

#define PUBLIC __attribute__((visibility("default")))
#define UNLIKELY(x) __builtin_expect(x, 0)

/* Where a function of ours was called from, and its frame. */
struct call {
    const void *from;
    uintptr_t frame;
};
#define CALL() ((struct call){__builtin_return_address(0), (uintptr_t)__builtin_dwarf_cfa()})

#define BASIC_FUNCTIONS(X)                                                                         \
    X(void *, malloc, (size_t size))                                                               \
    X(void *, calloc, (size_t n, size_t size))                                                     \
    X(void *, realloc, (void *block, size_t size))                                                 \
    X(void, free, (void *block))
#define OTHER_FUNCTIONS(X)                                                                         \
    X(void *, aligned_alloc, (size_t alignment, size_t size))                                      \
    X(void *, memalign, (size_t alignment, size_t size))                                           \
    X(int, posix_memalign, (void **block, size_t alignment, size_t size))                          \
    X(void *, valloc, (size_t size))                                                               \
    X(void *, pvalloc, (size_t size))
#define FUNCTIONS(X) BASIC_FUNCTIONS(X) OTHER_FUNCTIONS(X)

/* ---- what comes next ---- */

#ifdef TLI_WRAPPED

/* Each allocator has the basic ones. If one lacks another, nobody calls that; asked for, it would
 * be found in the C library, and bring a second malloc with it. */
#define DECLARE(type, name, parameters)                                                            \
    extern type __real_##name parameters;                                                          \
    PUBLIC type __wrap_##name parameters;
#define DECLARE_WEAK(type, name, parameters)                                                       \
    extern __attribute__((weak)) type __real_##name parameters;                                    \
    PUBLIC type __wrap_##name parameters;
BASIC_FUNCTIONS(DECLARE)
OTHER_FUNCTIONS(DECLARE_WEAK)
PUBLIC void *__wrap_reallocarray(void *block, size_t n, size_t size);
PUBLIC void __wrap_free_sized(void *block, size_t size);
PUBLIC void __wrap_free_aligned_sized(void *block, size_t alignment, size_t size);

static inline bool is_early(const void *block) {
    (void)block;
    return false;
}

const char *tli_heap_obstacle(void) {
    return "";
}

#else

#include "heap/relink.h"

#include <dlfcn.h>

#define DECLARE(type, name, parameters)                                                            \
    PUBLIC type name parameters;                                                                   \
    static type early_##name parameters;
FUNCTIONS(DECLARE)
PUBLIC void *reallocarray(void *block, size_t n, size_t size);
PUBLIC void free_sized(void *block, size_t size);
PUBLIC void free_aligned_sized(void *block, size_t alignment, size_t size);

#define FIELD(type, name, parameters) type(*name) parameters;
#define EARLY(type, name, parameters) .name = early_##name,
static struct { FUNCTIONS(FIELD) } tli_next = {FUNCTIONS(EARLY)};

static _Thread_local bool looking __attribute__((tls_model("initial-exec")));

/* Another thread may do the same meanwhile, and find the same. */
static void look_up(void) {
    looking = true;
#define FIND(type, name, parameters)                                                               \
    void *found_##name = dlsym(RTLD_NEXT, #name);                                                  \
    if (found_##name)                                                                              \
        __atomic_store_n(&tli_next.name, (type(*) parameters)found_##name, __ATOMIC_RELEASE);
    FUNCTIONS(FIND)
    looking = false;
}

__attribute__((constructor(101))) static void find_next(void) {
    look_up();
}

enum { POOL_BYTES = 16 << 10, POOL_ALIGNMENT = 16 };
static char pool[POOL_BYTES] __attribute__((aligned(POOL_ALIGNMENT)));
static _Atomic size_t pool_used;

static bool is_early(const void *block) {
    return (uintptr_t)block - (uintptr_t)pool < POOL_BYTES;
}

/* A block of the pool has its size before it. */
static void *pool_alloc(size_t size) {
    size_t whole = (size + 2 * POOL_ALIGNMENT - 1) & ~(size_t)(POOL_ALIGNMENT - 1);
    if (size > POOL_BYTES || pool_used + whole > POOL_BYTES) {
        errno = ENOMEM;
        return NULL;
    }
    char *block = pool + atomic_fetch_add(&pool_used, whole) + POOL_ALIGNMENT;
    memcpy(block - POOL_ALIGNMENT, &size, sizeof size);
    return block;
}

static void *pool_realloc(const void *block, size_t size) {
    size_t old;
    memcpy(&old, (const char *)block - POOL_ALIGNMENT, sizeof old);
    void *moved = malloc(size);
    return moved ? memcpy(moved, block, old < size ? old : size) : NULL;
}

static void *early_malloc(size_t size) {
    if (looking)
        return pool_alloc(size);
    look_up();
    return tli_next.malloc(size);
}

/* The pool has never been used before. */
static void *early_calloc(size_t n, size_t size) {
    if (!looking)
        look_up();
    return looking ? pool_alloc(n * size) : tli_next.calloc(n, size);
}

static void *early_realloc(void *block, size_t size) {
    if (!looking)
        look_up();
    return looking ? pool_alloc(size) : tli_next.realloc(block, size);
}

static void early_free(void *block) {
    if (!looking) {
        look_up();
        tli_next.free(block);
    }
}

static void *early_memalign(size_t alignment, size_t size) {
    if (!looking)
        look_up();
    if (tli_next.memalign != early_memalign)
        return tli_next.memalign(alignment, size);
    errno = ENOMEM;
    return NULL;
}

static void *early_aligned_alloc(size_t alignment, size_t size) {
    if (!looking)
        look_up();
    return tli_next.aligned_alloc != early_aligned_alloc ? tli_next.aligned_alloc(alignment, size)
                                                         : early_memalign(alignment, size);
}

static int early_posix_memalign(void **block, size_t alignment, size_t size) {
    if (!looking)
        look_up();
    return tli_next.posix_memalign != early_posix_memalign
               ? tli_next.posix_memalign(block, alignment, size)
               : ENOMEM;
}

static void *early_valloc(size_t size) {
    return early_memalign(4096, size);
}

static void *early_pvalloc(size_t size) {
    return early_memalign(4096, (size + 4095) & ~(size_t)4095);
}

const char *tli_heap_obstacle(void) {
    return tli_heap_relink();
}

#endif

void tli_heap_give_back(void *block) {
    TLI_NEXT(free)(block);
}

/* ---- the functions ---- */

/* What the operator left behind that was left by an exception is not looked at from above it. */
static __attribute__((noinline, cold)) const void *note_for_operator(const void *block,
                                                                     struct call call) {
    tli_operator.recorded = block;
    return call.frame < tli_operator.frame ? tli_operator.from : call.from;
}

static inline void *allocated(void *block, size_t size, struct call call) {
    if (!block || tli_heap_mode == TALLY_HEAP_OFF || UNLIKELY(is_early(block)))
        return block;
    if (UNLIKELY(tli_operator.frame))
        call.from = note_for_operator(block, call);
    tli_heap_allocated(block, size, call.from);
    return block;
}

PUBLIC void *TLI_OURS(malloc)(size_t size) {
    return allocated(TLI_NEXT(malloc)(size), size, CALL());
}

PUBLIC void *TLI_OURS(calloc)(size_t n, size_t size) {
    return allocated(TLI_NEXT(calloc)(n, size), n * size, CALL());
}

/* realloc(p, 0) frees, or gives a block of no bytes, as the allocator likes. */
static void *resize(void *block, size_t size, struct call call) {
    struct tli_kept kept;
    bool is_watched = block && tli_heap_mode == TALLY_HEAP_FULL, alone = tli_heap_is_alone();
    bool is_taken = is_watched && !alone && tli_heap_resizing(block, &kept);
    void *moved = TLI_NEXT(realloc)(block, size);
    bool is_done = moved || size == 0;
    if (is_watched && alone && is_done)
        tli_heap_freed(block);
    else if (is_taken && is_done)
        tli_heap_resized(&kept);
    else if (is_taken)
        tli_heap_not_resized(&kept);
    return allocated(moved, size, call);
}

PUBLIC void *TLI_OURS(realloc)(void *block, size_t size) {
#ifndef TLI_WRAPPED
    if (UNLIKELY(is_early(block)))
        return pool_realloc(block, size);
#endif
    return resize(block, size, CALL());
}

PUBLIC void *TLI_OURS(reallocarray)(void *block, size_t n, size_t size) {
    size_t size_bytes;
    if (__builtin_mul_overflow(n, size, &size_bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return resize(block, size_bytes, CALL());
}

static inline void release(void *block) {
    if (!block || UNLIKELY(is_early(block)))
        return;
    if (UNLIKELY(block == tli_operator.deleting) || tli_heap_freeing(block))
        TLI_NEXT(free)(block);
}

PUBLIC void TLI_OURS(free)(void *block) {
    release(block);
}

PUBLIC void TLI_OURS(free_sized)(void *block, size_t size) {
    (void)size;
    release(block);
}

PUBLIC void TLI_OURS(free_aligned_sized)(void *block, size_t alignment, size_t size) {
    (void)alignment;
    (void)size;
    release(block);
}

PUBLIC void *TLI_OURS(aligned_alloc)(size_t alignment, size_t size) {
    return allocated(TLI_NEXT(aligned_alloc)(alignment, size), size, CALL());
}

PUBLIC void *TLI_OURS(memalign)(size_t alignment, size_t size) {
    return allocated(TLI_NEXT(memalign)(alignment, size), size, CALL());
}

PUBLIC void *TLI_OURS(valloc)(size_t size) {
    return allocated(TLI_NEXT(valloc)(size), size, CALL());
}

PUBLIC void *TLI_OURS(pvalloc)(size_t size) {
    return allocated(TLI_NEXT(pvalloc)(size), size, CALL());
}

PUBLIC int TLI_OURS(posix_memalign)(void **block, size_t alignment, size_t size) {
    int status = TLI_NEXT(posix_memalign)(block, alignment, size);
    if (status == 0)
        allocated(*block, size, CALL());
    return status;
}

#ifndef TLI_WRAPPED
#define ALIAS(type, name, parameters) TLI_ALIAS(type, name, parameters);
#define INTERPOSED(type, name, parameters) {#name, (void *)tli_own_##name, (void **)&tli_next.name},
FUNCTIONS(ALIAS)
TLI_ALIAS(void *, reallocarray, (void *block, size_t n, size_t size));
TLI_ALIAS(void, free_sized, (void *block, size_t size));
TLI_ALIAS(void, free_aligned_sized, (void *block, size_t alignment, size_t size));

const struct tli_interposed tli_heap_functions[] = {
    FUNCTIONS(INTERPOSED){"reallocarray", (void *)tli_own_reallocarray, NULL},
    {"free_sized", (void *)tli_own_free_sized, NULL},
    {"free_aligned_sized", (void *)tli_own_free_aligned_sized, NULL},
    {NULL, NULL, NULL},
};
#endif
