/*
 * stacks.h - where the stacks are that makecontext was given.
 *
 * They come from the program's own memory and may lie side by side, so nothing but makecontext
 * tells where one ends and the next begins. What lies between them is a thread's own stack, or one
 * that the program changes to in a way of its own, of which nothing is known.
 *
 * Known to all threads, since any may go on with any context. Serial numbers are given out once:
 * memory that becomes another context's stack is another stack.
 */
#ifndef TLI_STACKS_H
#define TLI_STACKS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tli_stack {
    uintptr_t low, high; /* [low, high) */
    uint64_t serial;     /* 0: none of them, but what lies between two */
};

static inline bool tli_is_on(const struct tli_stack *stack, uintptr_t address) {
    return address >= stack->low && address < stack->high;
}

/* The signal stack, while the thread runs on it; else nothing. */
struct tli_stack tli_signal_stack(void);

/* How many there have been: what tli_stack_at said before is void when this has changed. */
extern _Atomic uint64_t tli_stacks_made;

void tli_stack_made(uintptr_t low, size_t size_bytes);
struct tli_stack tli_stack_at(uintptr_t address);
void tli_stacks_forked(void); /* in the child */

#endif
