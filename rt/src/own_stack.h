/*
 * own_stack.h - work that needs more stack than its caller may have.
 *
 * Writing a profile takes tens of kilobytes. _exit and exec may be called on a signal stack, or in
 * a thread that was made with as little as the system allows.
 */
#ifndef TLI_OWN_STACK_H
#define TLI_OWN_STACK_H

/* call(argument), on pages mapped for it; where the kernel has none, on the caller's stack. */
void tli_on_own_stack(void (*call)(const void *), const void *argument);

#endif
