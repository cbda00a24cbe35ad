/*
 * context.c - makecontext and swapcontext, for hooks.c.
 *
 * makecontext tells where a context's stack is (stacks.h), and swapcontext, when it returns, that
 * the thread is on this one again. (setcontext need not be known: it leaves its stack for good.)
 *
 * In libtally.so only: a static program has no next definition to call. context_x86_64.S has what
 * C cannot say: makecontext takes any number of arguments, and gets them as they came.
 */
#include "context.h"

#include "entry_points.h"
#include "thread.h"

#include <dlfcn.h>

typedef int swap_contexts(ucontext_t *old, const ucontext_t *new);

static made_context *next_makecontext;
static swap_contexts *next_swapcontext;

/* Early: dlsym takes the loader's lock. */
__attribute__((constructor(101))) static void find_next(void) {
    next_makecontext = (made_context *)dlsym(RTLD_NEXT, "makecontext");
    next_swapcontext = (swap_contexts *)dlsym(RTLD_NEXT, "swapcontext");
}

made_context *tli_context_made(const ucontext_t *context) {
    if (!next_makecontext)
        find_next();
    tli_stack_made((uintptr_t)context->uc_stack.ss_sp, context->uc_stack.ss_size);
    return next_makecontext;
}

/* Perhaps in another thread than before: whatever is known of a thread is read anew. */
static __attribute__((noinline)) void go_on_at(uintptr_t stack) {
    if (tli_self)
        tli_hooks_unwound(tli_self, &__tally_tls, stack);
}

__attribute__((visibility("default"))) int swapcontext(ucontext_t *old, const ucontext_t *new) {
    if (!next_swapcontext)
        find_next();
    int status = next_swapcontext(old, new);
    go_on_at((uintptr_t)__builtin_dwarf_cfa());
    return status;
}
