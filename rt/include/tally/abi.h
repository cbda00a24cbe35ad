/*
 * abi.h - the contract between compiled code and the runtime.
 *
 * The compiler plugin emits constant data of the shapes below and inline code that works on
 * `struct tally_tls` and `struct tally_node`; the runtime owns both at run time. Both sides include
 * this file and nothing else of each other. Any change to a layout or to the meaning of a field
 * raises TALLY_ABI_VERSION; objects of one version do not link with a runtime of another, because
 * each instrumented object refers to the symbol TALLY_ABI_SYMBOL, which only its own runtime has.
 *
 *   tally_unit (one per translation unit, registered by a constructor)
 *   tally_function ──> tally_source          what a function is: names, file, line
 *        ├── scopes[]  ──> tally_source      bodies inlined into it; scope 0 is the function itself
 *        ├── sites[]   ──> a scope + line    calls that may reach instrumented code
 *        └── counters[] ─> a scope           inlined bodies whose runs are counted
 *
 *   tally_node (one per calling context, made by the runtime)
 *        fn calls self … | child[n_sites] | cell[n_cells]
 *
 * Units: clock values are ticks of the clock named by tally_tls.clock.
 */
#ifndef TALLY_ABI_H
#define TALLY_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TALLY_ABI_VERSION 4
#define TALLY_ABI_SYMBOL "__tally_runtime_of_abi_version_4_is_required"

/* Which calls are timed: of a function as it was compiled, or of a run. All are counted. */
enum tally_timing {
    TALLY_TIMING_ANY,      /* as the run says */
    TALLY_TIMING_EXACT,    /* each */
    TALLY_TIMING_ADAPTIVE, /* in contexts of many short calls a random sample; else each */
    TALLY_TIMING_OFF,      /* none */
};

/* What the program's author wrote: shared by every copy (inlined, cloned) of the function. */
struct tally_source {
    const char *name;         /* as in the source, without parameters */
    const char *linkage_name; /* as the linker sees it; equal to name in C */
    const char *file;         /* as given to the compiler, made absolute when -g tells how; or "" */
    uint32_t line;            /* of the declaration; 0 if unknown */
    uint32_t reserved;
};

/* A body of code inside a function: scope 0 is the function itself, others were inlined. */
struct tally_scope {
    const struct tally_source *source;
    uint32_t parent;    /* index of the scope it was inlined into; TALLY_NO_INDEX for scope 0 */
    uint32_t call_line; /* line, in the parent's file, of the call that was inlined; 0 if unknown */
};

/* A call that may reach instrumented code. */
struct tally_site {
    uint32_t scope;
    uint32_t line; /* in the scope's file; 0 if unknown */
};

/* A counter of the calls of a scope's body. A call of itself that became a jump is one, too: it has
 * a scope of its own, as if the body had been inlined there. Bodies that run equally often by the
 * way the code goes share a cell, and need none if that is as often as the function is called. */
struct tally_counter {
    uint32_t scope;
    uint32_t cell; /* TALLY_NO_INDEX: see the node's `calls` */
};

/* One compiled function: one per emitted copy, constant for the life of its object. */
struct tally_function {
    const struct tally_source *source;
    const void *address; /* of the first instruction */
    const struct tally_scope *scopes;
    const struct tally_site *sites;
    const struct tally_counter *counters;
    uint32_t n_scopes;
    uint32_t n_sites;
    uint32_t n_counters;
    uint32_t n_cells;
    uint16_t timing;  /* enum tally_timing; what its code can do */
    uint16_t retired; /* 1: the runtime's copy, of code that is no longer there; see retire.h */
};

/* One translation unit. `next` is the runtime's. */
struct tally_unit {
    const void *abi; /* address of TALLY_ABI_SYMBOL: what makes a mismatch fail at link time */
    struct tally_unit *next;
    const char *file;      /* main source file */
    const char *producer;  /* the compiler; or "" */
    const char *options;   /* the plugin's own options, as given; or "" */
    const char *flags;     /* the compiler's that change its code, see plugin/flags.h; or "" */
    uint32_t n_functions;  /* instrumented in this unit */
    uint32_t optimization; /* 0..3 */
};

#define TALLY_NO_INDEX UINT32_MAX

/* Call sites plus counters of one function; the plugin gives the rest no slot of their own. */
#define TALLY_MAX_SLOTS 65535

/*
 * One calling context. The owner thread writes it without atomics; others read it relaxed.
 *
 *   calls, self     only grow, except that `self` may shrink by what a signal handler used, and by
 *                   what was found out to be a callee's
 *   due             the number of the next call that is timed, counted from 1: all are while it is
 *                   0 or 1, none if it is UINT64_MAX
 *   child[k]        a cache: the node that call site k reached last. Never null: it starts at
 *                   `vacant`, which read as a node is one of no function, so that the hot path has
 *                   one test, and whoever is entered by a slot can tell whose it is.
 *   parent/children the tree itself; never changed once linked
 *   frame           where the stack was when the context was last entered, 0 until then; tells
 *                   whether it is still there
 */
struct tally_node {
    struct tally_node *parent;
    struct tally_node *children;   /* first child; if folded: the ancestor that has the children */
    struct tally_node *next;       /* next child of the same parent */
    struct tally_sampling *sample; /* see sampling.h; null while every call is treated alike */
    uint64_t *paused;              /* see recording.h; null until recording paused while it lived */
    uint32_t site;                 /* the parent's call site; TALLY_NO_INDEX if unknown */
    uint16_t folded;               /* 1: a recursive call, see tree.h */
    uint16_t has_folded;           /* 1: its children are also those of folded nodes */
    const struct tally_function *vacant; /* of nobody; what empty slots read as `fn` */
    /* From here on, what each call touches. */
    uint64_t self; /* ticks that were charged to this context; see tally_tls.charged */
    const struct tally_function *fn;
    uint64_t calls;
    uint64_t due;
    uintptr_t frame;
    struct tally_node *child[]; /* [fn->n_sites], then uint64_t cell[fn->n_cells] */
};

/* What a timed call may keep in its frame; the runtime's. */
struct tally_timed {
    struct tally_node *caller; /* who ran before */
    uint64_t began;            /* what had been charged to the context by then */
};

/* Per-thread state of the hot path, in initial-exec TLS: one load from the thread pointer away. */
struct tally_tls {
    struct tally_node **slot;   /* where the caller keeps the child for the call it is making */
    struct tally_node *cur;     /* innermost instrumented context of this thread, but after its call
                                   has returned the one that it called */
    struct tally_node *charged; /* … of those whose present call is timed: time is charged to it */
    uint64_t last;              /* clock when that began */
    uint64_t clock;             /* which one; see clock.h */
    /* A function that is left by a jump (tail call) says here who calls whom; see enter.c. */
    struct tally_node *tail_node;    /* the context that jumps */
    uint64_t tail_site;              /* its call site */
    struct tally_node **tail_return; /* what `slot` must be again when the callee returns */
    const void *tail_callee;         /* the address it jumps to */
};

/*
 * What instrumented code does (the pass emits this inline; hotpath.h is the same in C):
 *
 *   entry   in = slot; n = *in;
 *           if (n->fn != &fn) { n = __tally_enter_slow(in, &fn); in = slot; }
 *           n->calls++; n->frame = stack pointer;
 *           payer = n->calls >= n->due ? __tally_time_entry(&timed, n) : null; cur = n
 *   call k  slot = &n->child[k]; the call; cur = n
 *   exit    if (payer) __tally_time_exit(&timed, n, payer);
 *           slot = in
 *   tail k  exit, then: tail_node = n; tail_site = k; tail_return = in; tail_callee = callee;
 *           slot = &__tally_tail_slot
 *   after a landing pad, a call that returns twice or one that changes stacks:
 *           __tally_resume(n, payer ? n : what `charged` was at entry)
 *   after a call of an allocator of the program's own, k being a site at the line of that call:
 *           slot = &n->child[k]; __tally_allocated(kind, block, size)
 *   before a call that gives such a block back: __tally_freed(block). Null blocks are none.
 *
 * Functions compiled for one timing only leave out what that never needs.
 */

#ifdef __cplusplus
}
#endif

#endif
