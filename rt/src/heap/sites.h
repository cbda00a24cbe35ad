/*
 * sites.h - allocation sites: what was allocated where, one for each context, call site and kind.
 *
 * A site is a leaf of the calling-context tree: to the tree, allocating is a call of a function
 * that is known by no name and no address, its kind. So a site is found as a callee is, by the slot
 * of the call: one load and one compare.
 *
 *   context ── slot k ──> tli_heap_site { node { fn = kind, parent = context, site = k }, counts }
 *
 * `own` is written by the thread whose tree this is, `others` by whoever holds `lock`: threads that
 * free what this one allocated, and all of them at sites that are no thread's. Of mappings it is
 * all in `others`, behind a lock of theirs (ranges.h).
 *
 * What was live when the process had most (the peak) is kept without looking at all sites then. The
 * peaks are numbered; when a count changes that has not changed since the last peak, it is first
 * noted what it was:
 *
 *   noted_at < tli_heap_peak_number    unchanged since then: what is live now was live at the peak
 *   noted_at = tli_heap_peak_number    at_peak
 */
#ifndef TLI_HEAP_SITES_H
#define TLI_HEAP_SITES_H

#include "heap/blocks.h"
#include "tally/snapshot.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct tli_thread;

struct tli_heap_amount {
    int64_t objects, bytes; /* of others' frees they are negative */
};

struct tli_heap_amounts {
    uint64_t allocated_objects, allocated_bytes, freed_objects, freed_bytes;
};

struct tli_heap_counts {
    struct tli_heap_amounts total;
    uint64_t temporary_objects;           /* of the freed ones */
    uint64_t lifetime, shortest, longest; /* ticks, of the freed ones */
    uint64_t noted_at;
    struct tli_heap_amount at_peak;
};

struct tli_heap_site {
    struct tally_node node; /* first: a site is found as one. Of it only fn, parent, site, next. */
    struct tli_thread *owner; /* null: no thread's */
    bool by_address;          /* the context is known by its address alone, and so are its sites */
    uint8_t size_class;       /* of all objects, while there is no histogram */
    uint64_t *histogram;      /* [TALLY_SIZE_CLASSES] objects */
    int64_t most_bytes;       /* that were live at a time */
    struct tli_heap_amounts *marked; /* see tally_heap_mark */
    struct tli_heap_counts own;
    char apart[64]; /* others' cache lines from ours */
    atomic_uint lock;
    struct tli_heap_counts others;
    uintptr_t call_address; /* last: see tli_call_address in tree.h */
};

/* A kind of allocation is a tally_function to the tree. */
struct tli_heap_kind {
    struct tally_function fn;     /* source and address are null */
    const char *name;             /* null: the heap itself */
    uint64_t size_bytes;          /* of objects of this kind, if they are told apart by it */
    struct tli_heap_site outside; /* under no instrumented function; no thread's */
    struct tli_heap_kind *next;   /* with the same hash */
    struct tli_heap_kind *older;  /* of all; the last is null */
};

/* What happened to a block, as record.c says it. Of one that was freed the address is known, and
 * `born` is when it died. */
struct tli_heap_event {
    struct tli_block block; /* address 0: nothing is to be done */
    int what;
    bool of_pool;
    uint64_t died; /* if allocated and freed */
};

enum { TLI_HEAP_WAITING = 16 };

/* Of a thread: what it needs to allocate without asking others. */
struct tli_heap_share {
    int64_t live_bytes; /* allocated minus freed by this thread, also of others' blocks */
    int64_t look_above; /* when live_bytes exceeds this, there may be a new peak */
    uintptr_t latest;   /* the last block it allocated, as long as it has not been freed */
    /* What recording takes, in ticks times 256, as measured on some. */
    uint64_t cost, n_measured, until_measured;
    struct tli_heap_event waiting[TLI_HEAP_WAITING]; /* what signal handlers did meanwhile */
};

extern struct tli_heap_share tli_heap_outside_share; /* of threads that are not known */

extern struct tli_heap_kind tli_heap_malloc, tli_heap_mapping;
struct tli_heap_kind *tli_heap_kinds(void);  /* all that there are */
extern struct tli_heap_site tli_heap_silent; /* while recording is off; not reported */

/* The kind of this name and size, the same one each time. Null without memory. */
struct tli_heap_kind *tli_heap_kind(const char *name, uint64_t size_bytes);

/* The site of the allocation that is under way and returns to `from`. Never null. */
struct tli_heap_site *tli_heap_site(struct tli_heap_kind *kind, const void *from);

/* The site, which has allocated so many objects of one class, allocates another. */
void tli_heap_begin_histogram(struct tli_heap_site *site, uint64_t objects);

/* Nothing was allocated or freed here. */
void tli_heap_site_forget(struct tli_heap_site *site);
/* Calls `visit` for each site that is, or is below a context, in the thread's tree. */
void tli_heap_sites_visit(struct tli_thread *thread, void (*visit)(struct tli_heap_site *site));
size_t tli_heap_sites_made(void);

/* ---- peak.c: how many bytes are live in the process, and when they are most. ---- */

extern uint64_t tli_heap_peak_number; /* how often there was one */
uint64_t tli_heap_peak_bytes(void);
/* The calling thread, whose share this is, has allocated, or freed if negative. */
void tli_heap_add_live(struct tli_heap_share *share, int64_t bytes);
/* Whether this is a new peak, whatever the calling thread's share says. */
void tli_heap_look(struct tli_heap_share *share);
/* A thread has been added, and others must not rely on being alone. */
void tli_heap_look_again(void);
void tli_heap_peak_forget(void);

#endif
