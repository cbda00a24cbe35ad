/*
 * hooks.c - the -finstrument-functions way in, for gcc and for clang without the plugin.
 *
 * The compiler calls __cyg_profile_func_enter/exit(function, call site). They build the same tree
 * as the plugin's inline code; what the compiler does not keep in the frame for them (the caller's
 * node, the slot) is kept in a shadow stack per thread:
 *
 *   frames[]   { node, prev, in, stack, call_site }   stack: the machine's, at the entry
 *
 * Exits get lost (longjmp; clang: exceptions), so the shadow stack is brought in line with the
 * machine's: at an entry, frames from deeper in the stack than where we are now are gone. Frames at
 * the same depth stay, since calls that were inlined into one frame share it.
 *
 * Functions are known by address alone: a tally_function is made for each at its first call, with
 * no source, and resolved to names after the run.
 */
#include "hotpath.h"
#include "snapshot.h"
#include "thread.h"
#include "tree.h"

#include <sys/mman.h>

struct tli_hook_frame {
    struct tally_node *node, *prev;
    struct tally_node **in;
    uintptr_t stack, call_site;
};

enum { BUCKETS = 4096, FIRST_FRAMES = 1024 };
/* A jump of the stack pointer larger than this is a change of stacks, not a return. */
enum { LARGEST_UNWIND = 64 << 20 };

struct dynamic_function {
    struct tally_function fn;
    struct dynamic_function *next;
};

static _Atomic(struct dynamic_function *) buckets[BUCKETS];
static const struct tally_site unknown_site = {0, 0};

const struct tally_function *tli_function_at(struct tli_thread *thread, const void *address) {
    size_t hash = ((uintptr_t)address >> 4) * 0x9E3779B97F4A7C15u >> 52;
    _Atomic(struct dynamic_function *) *bucket = &buckets[hash % BUCKETS];
    struct dynamic_function *made = NULL;
    struct dynamic_function *first = atomic_load_explicit(bucket, memory_order_acquire);
    for (;;) {
        for (struct dynamic_function *f = first; f; f = f->next)
            if (f->fn.address == address)
                return &f->fn;
        if (!made) {
            made = tli_arena_alloc(&thread->arena, sizeof *made);
            if (!made)
                return NULL;
            made->fn =
                (struct tally_function){.address = address, .sites = &unknown_site, .n_sites = 1};
        }
        made->next = first;
        if (atomic_compare_exchange_strong(bucket, &first, made)) {
            tli_modules_note(address);
            return &made->fn;
        }
    }
}

static bool grow(struct tli_hooks *hooks) {
    size_t max = hooks->max ? hooks->max * 2 : FIRST_FRAMES;
    struct tli_hook_frame *frames = tli_map(max * sizeof *frames);
    if (!frames)
        return false;
    for (size_t i = 0; i < hooks->n; i++)
        frames[i] = hooks->frames[i];
    tli_unmap(hooks->frames, hooks->max * sizeof *frames);
    hooks->frames = frames;
    hooks->max = max;
    return true;
}

void tli_hooks_release(struct tli_hooks *hooks) {
    tli_unmap(hooks->frames, hooks->max * sizeof *hooks->frames);
    *hooks = (struct tli_hooks){0};
}

/* Goes back to the caller of frame n, dropping it and all above. */
static void leave(struct tli_thread *thread, struct tally_tls *tls, size_t n) {
    const struct tli_hook_frame *frame = &thread->hooks.frames[n];
    tli_transition(tls, tls->cur, frame->prev);
    tls->slot = frame->in;
    thread->hooks.n = n;
}

/* Drops frames whose exits were lost, and makes the frame that is then on top the running one. */
static void drop_gone(struct tli_thread *thread, struct tally_tls *tls, uintptr_t stack) {
    const struct tli_hook_frame *frames = thread->hooks.frames;
    size_t n = thread->hooks.n;
    while (n && frames[n - 1].stack < stack && stack - frames[n - 1].stack < LARGEST_UNWIND)
        n--;
    if (n == thread->hooks.n)
        return;
    thread->exits_unmatched += thread->hooks.n - n;
    leave(thread, tls, n);
}

/* A body that was inlined reports the call site of the frame it was inlined into. */
static bool was_inlined(const struct tli_hooks *hooks, uintptr_t call_site, uintptr_t stack) {
    if (hooks->n == 0)
        return false;
    const struct tli_hook_frame *caller = &hooks->frames[hooks->n - 1];
    return caller->call_site == call_site && caller->stack == stack;
}

static struct tally_node *find(struct tli_thread *thread, struct tally_tls *tls, void *address,
                               uintptr_t call_site, uintptr_t stack) {
    struct tally_node *caller = tls->cur;
    const struct tally_function *fn = tli_function_at(thread, address);
    if (!fn)
        return NULL;
    struct tli_call call = {.fn = fn, .site = TALLY_NO_INDEX};
    if (tli_is_dynamic(caller->fn))
        call.address = was_inlined(&thread->hooks, call_site, stack) ? 0 : call_site;
    else if (tls->slot >= caller->child && tls->slot < caller->child + caller->fn->n_sites &&
             caller != thread->root)
        call.site = (uint32_t)(tls->slot - caller->child);
    return tli_find_child(thread, caller, call);
}

/* `stack`: an address in the hook's own frame, just below the instrumented function's. */
static inline __attribute__((always_inline)) void hook_enter(void *function, uintptr_t call_site,
                                                             uintptr_t stack) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_thread *thread = tli_self;
    if (!thread && !(thread = tli_thread_begin()))
        return;
    drop_gone(thread, tls, stack);
    if (thread->hooks.n == thread->hooks.max && !grow(&thread->hooks)) {
        thread->exits_unmatched++;
        return;
    }
    struct tally_node *node = find(thread, tls, function, call_site, stack);
    if (!node)
        return;
    thread->hooks.frames[thread->hooks.n++] =
        (struct tli_hook_frame){node, tls->cur, tls->slot, stack, call_site};
    node->calls++;
    tli_transition(tls, tls->cur, node);
    tls->slot = &node->child[0];
}

static inline __attribute__((always_inline)) void hook_exit(void *function) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_thread *thread = tli_self;
    if (!thread)
        return;
    size_t n = thread->hooks.n;
    while (n && thread->hooks.frames[n - 1].node->fn->address != function)
        n--;
    if (n == 0)
        return; /* entered before this thread was known, or dropped */
    thread->exits_unmatched += thread->hooks.n - n;
    leave(thread, tls, n - 1);
}

void __cyg_profile_func_enter(void *function, void *call_site) {
    hook_enter(function, (uintptr_t)call_site, (uintptr_t)__builtin_frame_address(0));
}

void __cyg_profile_func_exit(void *function, void *call_site) {
    (void)call_site;
    hook_exit(function);
}
