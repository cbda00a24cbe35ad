/*
 * thread.h - threads as the runtime sees them.
 *
 *   registry ─> tli_thread ─> tli_thread ─> …      grows only; entries are adopted, never removed
 *                 live (tls set)  │  vacant (thread ended; its tree goes on counting under the next
 *                                 │  thread that adopts it)
 *
 * Since all threads' trees are added up in a profile, a new thread simply takes over the tree of
 * one that ended: memory is bounded by the most threads alive at once, and starting one is cheap.
 * A tli_thread's tree and arena are written by its owner only.
 */
#ifndef TLI_THREAD_H
#define TLI_THREAD_H

#include "arena.h"
#include "edge_x86_64.h"
#include "heap/sites.h"
#include "stacks.h"
#include "thread_time.h"
#include "tree.h"

#include <stdatomic.h>

enum { TLI_CACHE_SIZE = 1024 }; /* power of two */

/* The shadow stacks of the -finstrument-functions hooks, see hooks.c. */
struct tli_hooks {
    struct tli_hook_frame *frames; /* of the stack that the thread runs on */
    size_t n, max;
    struct tli_stack stack; /* that one */
    uint64_t stacks_made;   /* when it was looked up */
    struct tli_suspended *suspended;
};
void tli_hooks_drop_all(struct tli_hooks *hooks); /* the calls that were open are gone */
void tli_hooks_release(struct tli_hooks *hooks);
/* Libraries were unloaded; their functions' addresses may be others' next. Not for handlers. */
void tli_hooks_unloaded(void);

struct tli_thread;
/* The function known by its address alone; the same one each time. Null without memory. */
const struct tally_function *tli_function_at(struct tli_thread *thread, const void *address);

/* What a slot held when it was last used to call some function. */
struct tli_reached {
    struct tally_node **slot; /* null, or of a context; never of those outside of the tree */
    struct tally_node *node;
};

struct tli_thread {
    struct tli_reached reached[REACHED_MASK + 1]; /* first: read by enter_x86_64.S */
    struct tli_thread *next;
    _Atomic(struct tally_tls *) tls; /* of the owner, who may be gone; null when vacant */
    struct tli_arena arena;
    struct tally_node *root;
    struct tally_node *beyond;
    struct tli_hooks hooks;
    struct tli_life life;
    uint64_t exits_unmatched; /* of the hooks */
    struct tli_heap_share heap;
    uint64_t random;          /* state of sampling.c's generator; never 0 */
    /* Nodes lately found by the slow path, by hash of (slot, function). Entries are only hints. */
    struct tally_node *cache[TLI_CACHE_SIZE];
};

/* Where the node is remembered that was last reached by a call of `fn` through `slot`. */
static inline struct tli_reached *tli_reached(struct tli_thread *thread, struct tally_node **slot,
                                              const struct tally_function *fn) {
    uint64_t hash = ((uintptr_t)slot + (uintptr_t)fn) * REACHED_FACTOR;
    return &thread->reached[(hash >> REACHED_SHIFT) & REACHED_MASK];
}

/* Code goes on whose stack pointer is `stack`, as after longjmp: calls that were made since from
 * deeper in that stack, or in handlers on a signal stack, are over. Hooks only. Owner thread only.
 */
void tli_hooks_unwound(struct tli_thread *thread, struct tally_tls *tls, uintptr_t stack);

/* Null until the thread's first entry. Initial-exec: any other model calls into libc. */
extern _Thread_local struct tli_thread *tli_self __attribute__((tls_model("initial-exec")));
extern struct tally_node *tli_bootstrap_slot; /* what a thread's slot is before that */
/* What it is while nobody knows from where in the running context calls are made. */
extern struct tally_node *tli_siteless_slot;

/* Makes the calling thread known; blocks signals meanwhile. Returns null if there is no memory. */
struct tli_thread *tli_thread_begin(void);

/* The node for a call made by `caller`, found or made (enter.c). Never null. Owner thread only. */
struct tally_node *tli_find_child(struct tli_thread *thread, struct tally_node *caller,
                                  struct tli_call call);
struct tally_node *tli_root_make(struct tli_thread *thread); /* null without memory */
/* The call of `fn`, which is about to be made or is under way, as the thread's state tells it. */
struct tli_call tli_call_under_way(struct tli_thread *thread, const struct tally_function *fn);

/* Time since a thread's last transition, not yet in any node: its innermost context's. */
struct tli_pending {
    struct tally_node *node; /* null if the thread has ended, or is in the middle of one */
    uint64_t ticks;
};
struct tli_pending tli_thread_pending(struct tli_thread *thread);

/* After fork, in the child: only the calling thread is left. */
void tli_threads_forget_others(void);

size_t tli_nodes_made(void);      /* of all threads */
uint64_t tli_calls_nowhere(void); /* for which not even a node beyond the limit could be had */

struct tli_thread *tli_threads(void);  /* head of the registry */
uint64_t tli_threads_started(void);    /* that ever ran instrumented code */
uint64_t tli_threads_unrecorded(void); /* that could not be given a tree */

#endif
