/*
 * operators.c - C++'s operators new and delete, in all their forms; see interpose.h.
 *
 * Most call malloc and free, but allocators bring their own. A program's or library's own ones are
 * found before these, and count as what they call.
 *
 * The forms differ in what follows the size, or the block: an alignment, a size, a reference to
 * std::nothrow, or two of them. All are words, which are passed on as they are.
 *
 * These may be called without being there: a plain C program may load a library that brings
 * libstdc++ with it, and finds ours first. Then the operators are looked for there; and a library
 * that has them inside, hidden, gets malloc.
 */
#include "heap/interpose.h"

#include "heap/heap.h"

#include <stdlib.h>

#define PUBLIC __attribute__((visibility("default")))

/* Names as the Itanium C++ ABI mangles them: m is std::size_t. */
#define NEW_OPERATORS(X)                                                                           \
    X(_Znwm, PLAIN)                                                                                \
    X(_Znam, PLAIN)                                                                                \
    X(_ZnwmRKSt9nothrow_t, PLAIN)                                                                  \
    X(_ZnamRKSt9nothrow_t, PLAIN)                                                                  \
    X(_ZnwmSt11align_val_t, ALIGNED)                                                               \
    X(_ZnamSt11align_val_t, ALIGNED)                                                               \
    X(_ZnwmSt11align_val_tRKSt9nothrow_t, ALIGNED)                                                 \
    X(_ZnamSt11align_val_tRKSt9nothrow_t, ALIGNED)

#define DELETE_OPERATORS(X)                                                                        \
    X(_ZdlPv)                                                                                      \
    X(_ZdaPv)                                                                                      \
    X(_ZdlPvm)                                                                                     \
    X(_ZdaPvm)                                                                                     \
    X(_ZdlPvRKSt9nothrow_t)                                                                        \
    X(_ZdaPvRKSt9nothrow_t)                                                                        \
    X(_ZdlPvSt11align_val_t)                                                                       \
    X(_ZdaPvSt11align_val_t)                                                                       \
    X(_ZdlPvmSt11align_val_t)                                                                      \
    X(_ZdaPvmSt11align_val_t)                                                                      \
    X(_ZdlPvSt11align_val_tRKSt9nothrow_t)                                                         \
    X(_ZdaPvSt11align_val_tRKSt9nothrow_t)

typedef void *new_operator(size_t size, uintptr_t second, uintptr_t third);
typedef void delete_operator(void *block, uintptr_t second, uintptr_t third);

enum form { PLAIN, ALIGNED };

#ifdef TLI_WRAPPED

#define DECLARE_NEW(name, form) extern new_operator __real_##name;
#define DECLARE_DELETE(name) extern delete_operator __real_##name;
NEW_OPERATORS(DECLARE_NEW)
DELETE_OPERATORS(DECLARE_DELETE)
#define NEXT_NEW(name, form) __real_##name
#define NEXT_DELETE(name) __real_##name

#else

#include "heap/relink.h"

#include <dlfcn.h>

static void *find(const char *name) {
    static const char *const libraries[] = {"libstdc++.so.6", "libc++.so.1", NULL};
    void *found = dlsym(RTLD_NEXT, name);
    for (size_t i = 0; !found && libraries[i]; i++) {
        void *library = dlopen(libraries[i], RTLD_LAZY | RTLD_NOLOAD);
        if (library)
            found = dlsym(library, name);
    }
    return found;
}

/* Without operators anywhere; a throwing one that finds no memory ends the program, as it would
 * without anybody to catch what it throws. */
static void *allocate(enum form form, size_t size, size_t alignment) {
    void *block = form == PLAIN ? malloc(size ? size : 1) : aligned_alloc(alignment, size);
    if (!block)
        abort();
    return block;
}

static void *new_plain(size_t size, uintptr_t second, uintptr_t third) {
    (void)second;
    (void)third;
    return allocate(PLAIN, size, 0);
}

static void *new_aligned(size_t size, uintptr_t alignment, uintptr_t third) {
    (void)third;
    return allocate(ALIGNED, size, alignment);
}

static void delete_plain(void *block, uintptr_t second, uintptr_t third) {
    (void)second;
    (void)third;
    free(block);
}

static new_operator *next_new(const char *name, enum form form, new_operator **next) {
    new_operator *found = __atomic_load_n(next, __ATOMIC_ACQUIRE);
    if (!found) {
        found = (new_operator *)find(name);
        if (!found)
            found = form == PLAIN ? new_plain : new_aligned;
        __atomic_store_n(next, found, __ATOMIC_RELEASE);
    }
    return found;
}

static delete_operator *next_delete(const char *name, delete_operator **next) {
    delete_operator *found = __atomic_load_n(next, __ATOMIC_ACQUIRE);
    if (!found) {
        found = (delete_operator *)find(name);
        if (!found)
            found = delete_plain;
        __atomic_store_n(next, found, __ATOMIC_RELEASE);
    }
    return found;
}

#define DEFINE_NEXT_NEW(name, form) static new_operator *next_##name;
#define DEFINE_NEXT_DELETE(name) static delete_operator *next_##name;
NEW_OPERATORS(DEFINE_NEXT_NEW)
DELETE_OPERATORS(DEFINE_NEXT_DELETE)
#define NEXT_NEW(name, form) next_new(#name, form, &next_##name)
#define NEXT_DELETE(name) next_delete(#name, &next_##name)

#endif

static inline __attribute__((always_inline)) void *create(new_operator *next, size_t size,
                                                          uintptr_t second, uintptr_t third) {
    if (tli_heap_mode == TALLY_HEAP_OFF)
        return next(size, second, third);
    const void *from = __builtin_return_address(0);
    tli_operator.frame = (uintptr_t)__builtin_dwarf_cfa();
    tli_operator.from = from;
    tli_operator.recorded = NULL;
    void *block = next(size, second, third);
    tli_operator.frame = 0;
    if (block && tli_operator.recorded != block)
        tli_heap_allocated(block, size, from);
    return block;
}

static inline __attribute__((always_inline)) void destroy(delete_operator *next, void *block,
                                                          uintptr_t second, uintptr_t third) {
    const void *outer = tli_operator.deleting;
    if (block && block != outer && !tli_heap_freeing(block))
        return;
    tli_operator.deleting = block;
    next(block, second, third);
    tli_operator.deleting = outer;
}

#define DEFINE_NEW(name, form)                                                                     \
    PUBLIC new_operator TLI_OURS(name);                                                            \
    void *TLI_OURS(name)(size_t size, uintptr_t second, uintptr_t third) {                         \
        return create(NEXT_NEW(name, form), size, second, third);                                  \
    }
#define DEFINE_DELETE(name)                                                                        \
    PUBLIC delete_operator TLI_OURS(name);                                                         \
    void TLI_OURS(name)(void *block, uintptr_t second, uintptr_t third) {                          \
        destroy(NEXT_DELETE(name), block, second, third);                                          \
    }
NEW_OPERATORS(DEFINE_NEW)
DELETE_OPERATORS(DEFINE_DELETE)

#ifndef TLI_WRAPPED
#define ALIAS_NEW(name, form)                                                                      \
    TLI_ALIAS(void *, name, (size_t size, uintptr_t second, uintptr_t third));
#define ALIAS_DELETE(name) TLI_ALIAS(void, name, (void *block, uintptr_t second, uintptr_t third));
#define INTERPOSED_NEW(name, form) {#name, (void *)tli_own_##name, (void **)&next_##name},
#define INTERPOSED_DELETE(name) {#name, (void *)tli_own_##name, (void **)&next_##name},
NEW_OPERATORS(ALIAS_NEW)
DELETE_OPERATORS(ALIAS_DELETE)

const struct tli_interposed tli_heap_operators[] = {
    NEW_OPERATORS(INTERPOSED_NEW) DELETE_OPERATORS(INTERPOSED_DELETE){NULL, NULL, NULL},
};
#endif
