/*
 * context.h - what makecontext, interposed in context_x86_64.S, calls.
 */
#ifndef TLI_CONTEXT_H
#define TLI_CONTEXT_H

#include <ucontext.h>

typedef void made_context(ucontext_t *context, void (*function)(void), int count, ...);

/* Notes the context's stack; returns the C library's makecontext. */
made_context *tli_context_made(const ucontext_t *context);

#endif
