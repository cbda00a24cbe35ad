/*
 * relink.h - allocators that come before Tally: preloaded, or linked before it.
 *
 * The program and its libraries then call them, and nobody calls us. So what the loader bound to
 * their functions is bound to ours, in all objects but the allocator's own, and ours pass on to
 * theirs. Libraries that are loaded later stay bound to the allocator: what they allocate or free
 * is not seen. An allocator that is part of the program itself is called without the loader, and
 * not at all to be had so.
 */
#ifndef TLI_HEAP_RELINK_H
#define TLI_HEAP_RELINK_H

#include <stddef.h>

/* One of the functions we put ourselves before. */
struct tli_interposed {
    const char *name;
    void *ours;
    void **next; /* what ours calls; null: nothing of this name */
};

/* Those of interpose.c, operators.c and mappings.c; the last has no name. */
extern const struct tli_interposed tli_heap_functions[], tli_heap_operators[],
    tli_heap_mapping_functions[];

/* A function of ours by a name that cannot lead to another's. gcc wants it to claim all that the
 * other claims. */
#if __has_attribute(copy)
#define TLI_AS(name) alias(#name), copy(name)
#else
#define TLI_AS(name) alias(#name)
#endif
#define TLI_ALIAS(type, name, parameters)                                                          \
    extern __attribute__((TLI_AS(name), visibility("hidden"))) type tli_own_##name parameters

/* Empty, or why allocations are not seen, or not all of them. */
const char *tli_heap_relink(void);

#endif
