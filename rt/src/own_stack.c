/* own_stack.c - see own_stack.h. */
#include "own_stack.h"

#include "arena.h"

enum { OWN_STACK = 256 << 10 };

/* Runs call(argument) on the stack that ends at `top`. own_stack_x86_64.S */
void tli_on_stack(void (*call)(const void *), const void *argument, void *top);

void tli_on_own_stack(void (*call)(const void *), const void *argument) {
    char *stack = tli_map(OWN_STACK);
    if (!stack) {
        call(argument);
        return;
    }
    tli_on_stack(call, argument, stack + OWN_STACK);
    tli_unmap(stack, OWN_STACK);
}
