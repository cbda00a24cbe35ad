/*
 * interpose.h - between the program and its allocator.
 *
 * In libtally.so the functions have their own names, so that the program and all libraries find
 * them first, and pass on to what comes next: the C library's, or those of an allocator that is
 * linked or preloaded. In libtally.a they are called __wrap_NAME, for the linker's option
 * --wrap=NAME, which makes the allocator's __real_NAME.
 */
#ifndef TLI_HEAP_INTERPOSE_H
#define TLI_HEAP_INTERPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef TLI_WRAPPED
#define TLI_OURS(name) __wrap_##name
#define TLI_NEXT(name) __real_##name
#else
#define TLI_OURS(name) name
#define TLI_NEXT(name) tli_next.name
#endif

/* Frees a block that is no longer known. */
void tli_heap_give_back(void *block);

/*
 * An allocating function may be made of others (operator new calls malloc); the outermost counts.
 * While it runs, calls from deeper in the stack are its own, as long as no instrumented function
 * was entered in between (a new-handler, a signal handler). It may be left by an exception.
 */
struct tli_inner {
    uintptr_t frame; /* of the outermost; 0: there is none */
    const void *slot;
};
struct tli_inner tli_heap_enter(uintptr_t frame);
void tli_heap_leave(struct tli_inner before);

/* Whether what the function of this frame does is to be recorded. */
bool tli_heap_records(uintptr_t frame);

/* Empty, or why allocations are not seen. */
const char *tli_heap_obstacle(void);

#endif
