/*
 * hooks.c - the -finstrument-functions way in, for gcc and for clang without the plugin.
 *
 * The compiler calls __cyg_profile_func_enter/exit(function, call site). They build the same tree
 * as the plugin's inline code; what the compiler does not keep in the frame for them (the caller's
 * node, the slot) is kept in a shadow stack per thread:
 *
 *   frames[]   { node, prev, in,  base, stack, call_site, hook,  payer, timed }
 *                                  |     |      |          |      null if this call is not timed
 *                                  |     |      |          where the hook was called from
 *                                  |     |      where the machine's frame was called from
 *                                  |     the function's stack pointer when it called the hook
 *                                  that of the first body in the same machine's frame
 *
 * Exits get lost (longjmp; clang: exceptions). Whoever sees frames go away says so
 * (tli_hooks_unwound); what nobody saw is put right at the next entry. Frames from deeper in the
 * stack than where we are now are gone. Calls that were inlined share one machine frame, hence its
 * call site, but each has a hook call of its own. Their stack pointers differ where arguments of a
 * call before are still to be popped; so a frame is as deep as the first of those it shares the
 * machine's with, its base. At the same depth, frames are gone that have another call site, or the
 * same hook. Places above n are all zero. A signal handler may come anywhere, and push and pop
 * above.
 *
 * There is one shadow stack for each stack that makecontext was given (stacks.h), and one for all
 * others, on which a handler's frames on its signal stack stand above those it interrupted. A hook
 * that is called on another stack than the last one was exchanges them.
 *
 * Functions are known by address alone: a tally_function is made for each at its first call, with
 * no source, and resolved to names after the run. Its address is the one in the profile, which is
 * another one where an earlier library had that place (modules.h). When libraries are unloaded,
 * their functions are no longer taken for what is called; the next call there finds out what is.
 */
#include "hotpath.h"
#include "modules.h"
#include "sampling.h"
#include "syscall.h"
#include "thread.h"
#include "tree.h"

struct tli_hook_frame {
    struct tally_node *node, *prev;
    struct tally_node **in;
    uintptr_t base, stack, call_site, hook;
    struct tally_node *payer;
    struct tally_timed timed;
};

/* The shadow stack of a stack that the thread does not run on now. */
struct tli_suspended {
    struct tli_suspended *next;
    struct tli_hook_frame *frames;
    size_t n, max;
    struct tli_stack stack;
};

enum { BUCKETS = 4096, FIRST_FRAMES = 1024 };
/* A jump of the stack pointer larger than this is a change of stacks, not a return. */
enum { LARGEST_UNWIND = 64 << 20 };

struct dynamic_function {
    struct dynamic_function *next;
    const void *address; /* at run time */
    _Atomic bool mapped; /* as far as is known */
    const struct tli_image *image;
    struct tally_function fn;
};

typedef _Atomic(struct dynamic_function *) function_list;

static function_list buckets[BUCKETS];
static const struct tally_site unknown_site = {0, 0};

/* A module loaded where it was before has the functions it had. */
static __attribute__((noinline, cold)) const struct tally_function *
first_call(struct tli_thread *thread, function_list *bucket, const void *address) {
    const struct tli_image *image = tli_image_at(address);
    struct dynamic_function *made = NULL;
    struct dynamic_function *first = atomic_load_explicit(bucket, memory_order_acquire);
    for (;;) {
        for (struct dynamic_function *f = first; f; f = f->next) {
            if (f->address == address && f->image == image) {
                atomic_store_explicit(&f->mapped, true, memory_order_relaxed);
                return &f->fn;
            }
        }
        if (!made) {
            made = tli_arena_alloc(&thread->arena, sizeof *made);
            if (!made)
                return NULL;
            made->fn = (struct tally_function){.address = (const char *)address +
                                                          (image ? image->moved_by : 0),
                                               .sites = &unknown_site,
                                               .n_sites = 1};
            made->address = address;
            made->image = image;
            atomic_init(&made->mapped, true);
        }
        made->next = first;
        if (atomic_compare_exchange_strong(bucket, &first, made))
            return &made->fn;
    }
}

const struct tally_function *tli_function_at(struct tli_thread *thread, const void *address) {
    size_t hash = ((uintptr_t)address >> 4) * 0x9E3779B97F4A7C15u >> 52;
    function_list *bucket = &buckets[hash % BUCKETS];
    for (struct dynamic_function *f = atomic_load_explicit(bucket, memory_order_acquire); f;
         f = f->next)
        if (f->address == address && atomic_load_explicit(&f->mapped, memory_order_relaxed))
            return &f->fn;
    return first_call(thread, bucket, address);
}

void tli_hooks_unloaded(void) {
    tli_images_look_again();
    for (size_t i = 0; i < BUCKETS; i++)
        for (struct dynamic_function *f = atomic_load_explicit(&buckets[i], memory_order_acquire);
             f; f = f->next)
            if (!f->image || !atomic_load_explicit(&f->image->mapped, memory_order_relaxed))
                atomic_store_explicit(&f->mapped, false, memory_order_relaxed);
}

/* The old frames stay mapped: a signal handler may grow the stack between an interrupted push's
 * reading where they are and its writing there. Sizes double, so no more is kept than is used. */
static bool grow(struct tli_hooks *hooks) {
    uint64_t mask = tli_block_signals();
    size_t max = hooks->max ? hooks->max * 2 : FIRST_FRAMES;
    struct tli_hook_frame *frames = tli_map(max * sizeof *frames);
    for (size_t i = 0; frames && i < hooks->n; i++)
        frames[i] = hooks->frames[i];
    if (frames) {
        hooks->frames = frames;
        hooks->max = max;
    }
    tli_restore_signals(mask);
    return frames != NULL;
}

/* Takes the next place first, so that a handler that comes in between pushes above it. If that one
 * jumps out, the frame must be found to be gone: so `base` is there before the place is taken, and
 * once more after it, in case a handler that came before had the same place. While it is 0,
 * is_deeper() lets the frame stand; while there is no node, there is nothing else in it. Returns
 * the place. */
static size_t push(struct tli_hooks *hooks, struct tli_hook_frame frame) {
    size_t place = hooks->n;
    struct tli_hook_frame *frames = hooks->frames;
    __atomic_store_n(&frames[place].base, frame.base, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    __atomic_store_n(&hooks->n, place + 1, __ATOMIC_RELAXED);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    do {
        frames = __atomic_load_n(&hooks->frames, __ATOMIC_RELAXED);
        __atomic_store_n(&frames[place].base, frame.base, __ATOMIC_RELAXED);
        frames[place].stack = frame.stack;
        frames[place].prev = frame.prev;
        frames[place].in = frame.in;
        frames[place].payer = frame.payer;
        frames[place].timed = frame.timed;
        frames[place].call_site = frame.call_site;
        frames[place].hook = frame.hook;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
        __atomic_store_n(&frames[place].node, frame.node, __ATOMIC_RELAXED);
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    } while (frames != __atomic_load_n(&hooks->frames, __ATOMIC_RELAXED));
    return place;
}

static void set_timed(struct tli_hooks *hooks, size_t place, const struct tli_hook_frame *frame) {
    struct tli_hook_frame *frames;
    do {
        frames = __atomic_load_n(&hooks->frames, __ATOMIC_RELAXED);
        frames[place].timed = frame->timed;
        frames[place].payer = frame->payer;
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
    } while (frames != __atomic_load_n(&hooks->frames, __ATOMIC_RELAXED));
}

static void pop_down_to(struct tli_hooks *hooks, size_t n) {
    for (size_t i = n; i < hooks->n; i++)
        hooks->frames[i] = (struct tli_hook_frame){0};
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    hooks->n = n;
}

static void give_up(struct tli_suspended *stack) {
    for (size_t i = 0; i < stack->n; i++)
        stack->frames[i] = (struct tli_hook_frame){0};
    stack->n = 0;
}

void tli_hooks_drop_all(struct tli_hooks *hooks) {
    pop_down_to(hooks, 0);
    hooks->stack = (struct tli_stack){0};
    for (struct tli_suspended *s = hooks->suspended; s; s = s->next)
        give_up(s);
}

void tli_hooks_release(struct tli_hooks *hooks) {
    tli_unmap(hooks->frames, hooks->max * sizeof *hooks->frames);
    *hooks = (struct tli_hooks){0};
}

/* Goes back to the caller of frame n, dropping it and all above. If a handler has jumped out of the
 * push of frame n, that entry had not taken effect, and what came above it has the same caller.
 * Calls that never returned are no samples; who paid before the first of them that was timed does
 * so again. */
static void leave(struct tli_thread *thread, struct tally_tls *tls, size_t n) {
    const struct tli_hooks *hooks = &thread->hooks;
    size_t first = n;
    while (first < hooks->n && !hooks->frames[first].node)
        first++;
    if (first < hooks->n) {
        const struct tli_hook_frame *frame = &hooks->frames[first];
        size_t timed = first;
        while (timed < hooks->n && !hooks->frames[timed].payer)
            timed++;
        if (timed == hooks->n - 1)
            __tally_time_exit(&hooks->frames[timed].timed, hooks->frames[timed].node,
                              hooks->frames[timed].payer);
        else if (timed < hooks->n)
            tli_charge(tls, tli_payer(hooks->frames[timed].payer));
        tls->cur = frame->prev;
        tls->slot = frame->in;
    }
    pop_down_to(&thread->hooks, n);
}

/* ---- which stack ---- */

static bool is_on_running_stack(const struct tli_hooks *hooks, uintptr_t address) {
    return tli_is_on(&hooks->stack, address) &&
           hooks->stacks_made == atomic_load_explicit(&tli_stacks_made, memory_order_relaxed);
}

/* What was kept for `stack`; or else one to be used for it: a new one, or of a stack that is no
 * more, or that had no calls open. Null without memory. */
static struct tli_suspended *suspended_on(struct tli_thread *thread,
                                          const struct tli_stack *stack) {
    struct tli_suspended *idle = NULL;
    for (struct tli_suspended *s = thread->hooks.suspended; s; s = s->next) {
        if (s->stack.serial == stack->serial)
            return s;
        if (s->n == 0 || (s->stack.serial && s->stack.low - stack->low < stack->high - stack->low))
            idle = s;
    }
    if (!idle && (idle = tli_arena_alloc(&thread->arena, sizeof *idle))) {
        idle->next = thread->hooks.suspended;
        thread->hooks.suspended = idle;
    }
    return idle;
}

/* `with` is from now on what the thread was running on. */
static void exchange(struct tli_hooks *hooks, struct tli_suspended *with) {
    struct tli_suspended before = *with;
    with->frames = hooks->frames;
    with->n = hooks->n;
    with->max = hooks->max;
    with->stack = hooks->stack;
    hooks->frames = before.frames;
    hooks->n = before.n;
    hooks->max = before.max;
}

/* The innermost call open on this stack goes on. If there is none, whoever changed stacks last is
 * the caller of what comes. */
static void resume(struct tli_hooks *hooks, struct tally_tls *tls) {
    struct tally_node *node = hooks->n ? hooks->frames[hooks->n - 1].node : NULL;
    if (!node)
        return;
    size_t timed = hooks->n;
    while (timed && !hooks->frames[timed - 1].payer)
        timed--;
    tli_charge(tls, timed ? hooks->frames[timed - 1].node : tli_always_timed(node));
    tls->cur = node;
    tls->slot = &node->child[0];
}

/* Finds the shadow stack of the stack that `address` is on. */
static __attribute__((noinline, cold)) void
change_stacks(struct tli_thread *thread, struct tally_tls *tls, uintptr_t address) {
    struct tli_hooks *hooks = &thread->hooks;
    uint64_t made = atomic_load(&tli_stacks_made);
    struct tli_stack stack = tli_stack_at(address), of_signals = tli_signal_stack();
    bool is_same = stack.serial == hooks->stack.serial;
    if (!is_same && tli_is_on(&of_signals, address))
        return; /* a handler's calls stand above those it interrupted */
    uint64_t mask = tli_block_signals();
    struct tli_suspended *other = is_same ? NULL : suspended_on(thread, &stack);
    if (other) {
        if (other->stack.serial != stack.serial)
            give_up(other);
        exchange(hooks, other);
        resume(hooks, tls);
    }
    hooks->stack = stack;
    hooks->stacks_made = made;
    tli_restore_signals(mask);
}

/* ---- what is gone ---- */

static bool is_deeper(const struct tli_hook_frame *frame, uintptr_t stack) {
    return frame->base && frame->base < stack && stack - frame->base < LARGEST_UNWIND;
}

/* How many frames are still there when the function of `entry` is entered. */
static size_t frames_left(const struct tli_hooks *hooks, const struct tli_hook_frame *entry) {
    size_t n = hooks->n;
    while (n && is_deeper(&hooks->frames[n - 1], entry->stack))
        n--;
    uintptr_t base = n ? hooks->frames[n - 1].base : 0;
    for (size_t i = n; i && hooks->frames[i - 1].base == base; i--) {
        const struct tli_hook_frame *open = &hooks->frames[i - 1];
        if (open->call_site != entry->call_site
                ? base == entry->stack
                : open->hook == entry->hook && open->stack == entry->stack)
            n = i - 1;
    }
    return n;
}

/* A body that was inlined has the call site of what it was inlined into, but not its hook, which
 * only the same function called from the same place has. */
static uintptr_t base_of(const struct tli_hooks *hooks, const struct tli_hook_frame *entry) {
    uintptr_t base = hooks->n ? hooks->frames[hooks->n - 1].base : 0;
    for (size_t i = hooks->n; i && hooks->frames[i - 1].base == base; i--)
        if (hooks->frames[i - 1].call_site != entry->call_site ||
            hooks->frames[i - 1].hook == entry->hook)
            return entry->stack;
    return base ? base : entry->stack;
}

/* A handler's signal stack may lie above the stack it interrupted: that one is not gone. */
static bool changed_to_signal_stack(const struct tli_hook_frame *top, uintptr_t stack) {
    struct tli_stack of_signals = tli_signal_stack();
    return tli_is_on(&of_signals, stack) && !tli_is_on(&of_signals, top->stack);
}

/* Drops frames whose exits were lost, and makes the frame that is then on top the running one. */
static void drop_gone(struct tli_thread *thread, struct tally_tls *tls,
                      const struct tli_hook_frame *entry) {
    struct tli_hooks *hooks = &thread->hooks;
    size_t n = frames_left(hooks, entry);
    if (n == hooks->n || changed_to_signal_stack(&hooks->frames[hooks->n - 1], entry->stack))
        return;
    thread->exits_unmatched += hooks->n - n;
    leave(thread, tls, n);
}

void tli_hooks_unwound(struct tli_thread *thread, struct tally_tls *tls, uintptr_t stack) {
    struct tli_hooks *hooks = &thread->hooks;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    if (hooks->max == 0 && !hooks->suspended)
        return; /* never called in this thread */
    if (!is_on_running_stack(hooks, stack))
        change_stacks(thread, tls, stack);
    size_t n = hooks->n;
    if (stack - here >= LARGEST_UNWIND) { /* above, or far away: perhaps out of a handler */
        struct tli_stack left = tli_signal_stack();
        while (n && tli_is_on(&left, hooks->frames[n - 1].stack) && !tli_is_on(&left, stack))
            n--;
    }
    while (n && is_deeper(&hooks->frames[n - 1], stack))
        n--;
    if (n < hooks->n)
        leave(thread, tls, n);
}

/* ---- the hooks ---- */

/* A body that was inlined reports the call site of the frame it was inlined into. So does a
 * recursive call that comes from where its caller was called from; but it is deeper in the stack,
 * and its caller's caller is the same function. (The stack alone does not tell: alloca moves it.)
 * When in doubt it was inlined; being wrong costs the line of a call, never its caller. */
static bool was_inlined(const struct tli_hooks *hooks, const struct tli_hook_frame *entry) {
    if (hooks->n == 0)
        return false;
    const struct tli_hook_frame *caller = &hooks->frames[hooks->n - 1];
    const struct tally_node *node = caller->node;
    return node && /* else we are a handler, and came in the middle of its push */
           caller->call_site == entry->call_site &&
           (caller->stack == entry->stack || node->parent->fn != node->fn);
}

/* The place in the caller that the call came from. For an inlined call that is where its hook was
 * called: the debugging information there says at which line of the caller this was inlined. In a
 * function that was inlined into itself it would be taken for a place in the outer one. */
static uintptr_t call_address(const struct tli_hooks *hooks, const struct tli_hook_frame *entry,
                              const struct tally_function *fn) {
    if (!was_inlined(hooks, entry))
        return entry->call_site;
    return hooks->frames[hooks->n - 1].node->fn == fn ? 0 : entry->hook;
}

static struct tally_node *find(struct tli_thread *thread, struct tally_tls *tls, void *address,
                               const struct tli_hook_frame *entry) {
    struct tally_node *caller = tls->cur;
    const struct tally_function *fn = tli_function_at(thread, address);
    if (!fn)
        return NULL;
    struct tli_call call = {.fn = fn, .site = TALLY_NO_INDEX};
    if (tli_is_dynamic(caller->fn))
        call.address = call_address(&thread->hooks, entry, fn);
    else if (tls->slot >= caller->child && tls->slot < caller->child + caller->fn->n_sites &&
             caller != thread->root)
        call.site = (uint32_t)(tls->slot - caller->child);
    return tli_find_child(thread, caller, call);
}

/* `entry` says where: stack, call_site and hook. The rest of it is filled in here. */
static inline __attribute__((always_inline)) void hook_enter(void *function,
                                                             struct tli_hook_frame entry) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_thread *thread = tli_self;
    if (!thread && !(thread = tli_thread_begin()))
        return;
    if (__builtin_expect(!is_on_running_stack(&thread->hooks, entry.stack), 0))
        change_stacks(thread, tls, entry.stack);
    drop_gone(thread, tls, &entry);
    if (thread->hooks.n + 1 >= thread->hooks.max && !grow(&thread->hooks)) {
        thread->exits_unmatched++;
        return;
    }
    entry.base = base_of(&thread->hooks, &entry);
    entry.node = find(thread, tls, function, &entry);
    if (!entry.node)
        return;
    entry.prev = tls->cur;
    entry.in = tls->slot;
    /* From the push on, a handler may jump out, and then takes the frame at its word. */
    bool is_timed = entry.node->calls + 1 >= entry.node->due;
    if (is_timed) {
        entry.payer = tls->charged;
        entry.timed = (struct tally_timed){tls->cur, entry.node->self};
    }
    size_t place = push(&thread->hooks, entry);
    tli_count(&entry.node->calls);
    if (is_timed) {
        entry.payer = __tally_time_entry(&entry.timed, entry.node);
        if (entry.node->due != 0) /* else it is as it was foreseen */
            set_timed(&thread->hooks, place, &entry);
    }
    tls->cur = entry.node;
    tls->slot = &entry.node->child[0];
}

static bool is_frame_of(const struct tli_hook_frame *frame, const void *function) {
    if (!frame->node || !tli_is_dynamic(frame->node->fn))
        return false; /* not yet there; or where calls of all functions are without memory */
    const char *fn = (const char *)frame->node->fn;
    return ((const struct dynamic_function *)(fn - offsetof(struct dynamic_function, fn)))
               ->address == function;
}

static inline __attribute__((always_inline)) void hook_exit(void *function, uintptr_t stack) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_thread *thread = tli_self;
    if (!thread)
        return;
    if (__builtin_expect(!is_on_running_stack(&thread->hooks, stack), 0))
        change_stacks(thread, tls, stack);
    size_t n = thread->hooks.n;
    while (n && !is_frame_of(&thread->hooks.frames[n - 1], function))
        n--;
    if (n == 0)
        return; /* entered before this thread was known, or dropped */
    thread->exits_unmatched += thread->hooks.n - n;
    leave(thread, tls, n - 1);
}

void __cyg_profile_func_enter(void *function, void *call_site) {
    hook_enter(function, (struct tli_hook_frame){.stack = (uintptr_t)__builtin_dwarf_cfa(),
                                                 .call_site = (uintptr_t)call_site,
                                                 .hook = (uintptr_t)__builtin_return_address(0)});
}

void __cyg_profile_func_exit(void *function, void *call_site) {
    (void)call_site;
    hook_exit(function, (uintptr_t)__builtin_dwarf_cfa());
}
