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

/* These are null in a program that is linked to libtally.a without the wrapped functions. */
#pragma weak tli_heap_give_back
#pragma weak tli_heap_obstacle
/* Frees a block that is no longer known. */
void tli_heap_give_back(void *block);
/* Makes sure that what is allocated comes here. Empty, or why it does not. */
const char *tli_heap_obstacle(void);

/*
 * operator new may call malloc, or bring an allocator of its own; delete likewise. So that neither
 * counts twice, what malloc and free see within is noted here.
 */
struct tli_operator {
    uintptr_t frame;      /* of the operator new that is under way, or was left by an exception */
    const void *from;     /* where it returns to: who allocates, if malloc is called from deeper */
    const void *recorded; /* what malloc made last */
    const void *deleting; /* what free is not to record */
};
extern _Thread_local struct tli_operator tli_operator
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

#endif
