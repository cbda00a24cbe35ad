/*
 * snapshot.h - what the runtime hands to the writer of profiles: plain, constant data.
 *
 * A snapshot is a copy of all threads' calling-context trees, merged into one, with times already
 * in nanoseconds and the profiler's own cost taken off. It lives in the runtime's own memory and
 * is released after tally_export() returns. Contexts come in pre-order of depth: a parent always
 * stands before its children, so one pass over the array sees callers first.
 *
 * rt fills it in; pprof-out reads it. Neither knows more of the other.
 */
#ifndef TALLY_SNAPSHOT_H
#define TALLY_SNAPSHOT_H

#include "tally/abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * One calling context. Its stack is: this function, then site `site` of the parent's function, and
 * so on up. Contexts with parent == TALLY_NO_INDEX were called by no instrumented function.
 */
struct tally_context {
    const struct tally_function *fn; /* never null; fn->source may be null: see `address` */
    uint32_t parent;                 /* index into contexts, < own index; or TALLY_NO_INDEX */
    uint32_t site;                   /* index into the parent's fn->sites, or TALLY_NO_INDEX */
    uint64_t calls;
    uint64_t wall_ns; /* self: not in any instrumented callee */
    /* Calls of inlined bodies, fn->n_counters values; null when there are none. */
    const uint64_t *counters;
    /* Where the call came from, for contexts that the -finstrument-functions hooks made (their
     * fn->source is null and fn->address is all that is known); else 0. */
    uint64_t call_address;
    /* Of wall_ns where it is an estimate (adaptive timing), in ns²; 0 where each call was timed.
     * Variances of contexts add up as their times do. */
    uint64_t wall_variance;
};

/* A file mapped with execute permission; addresses above are looked up here. */
struct tally_module {
    uint64_t start, limit, offset; /* run-time addresses; file offset of start */
    uint64_t bias;                 /* run-time address minus address in the file's symbol table */
    const char *path;
    const char *build_id; /* hex; or "" */
};

/* What is known to be missing or untrue in the numbers. All zero in a perfect run. */
struct tally_losses {
    /* Calls put under "[contexts beyond the memory limit]", or, without any memory, nowhere. */
    uint64_t contexts_collapsed;
    uint64_t threads_unrecorded; /* threads for which no memory could be had */
    uint64_t exits_unmatched;    /* -finstrument-functions: entries whose exit never came */
    uint64_t clamped_ns;         /* probe cost taken off that exceeded what a context had */
    uint64_t clamped_contexts;
};

/* Summed over the threads that ran instrumented code: from the first such call of each to its end,
 * or to the moment of the snapshot. Also while recording is off. */
struct tally_threads_time {
    int64_t wall_ns;
    int64_t cpu_ns;       /* on a processor */
    int64_t run_queue_ns; /* ready, and waiting for one */
    int64_t unknown_ns;   /* waiting or blocked: of threads of which the kernel does not say, and of
                           * short ones, where asking would cost too much */
};

/* Sizes of objects fall into classes: none, then up to 1, 2, 4, … 2^47 bytes. */
#define TALLY_SIZE_CLASSES 49

/*
 * What was allocated at one place: a call of malloc or its kin by `context`, or by code that is not
 * instrumented and was called by it. Allocated minus freed is what is live. In a delta (see
 * tally_heap_mark) all of that is what it was more, or less, than then; the rest is of the whole
 * run.
 */
struct tally_allocation {
    uint32_t context;      /* index into contexts; TALLY_NO_INDEX: no instrumented function's */
    uint32_t site;         /* index into the context's fn->sites, or TALLY_NO_INDEX */
    uint64_t call_address; /* as that of a context */
    const char *kind;      /* of the program's own allocators; null: the heap */
    uint64_t size_bytes;   /* of each object, where they are told apart by that; else 0 */
    int64_t allocated_objects, allocated_bytes, freed_objects, freed_bytes;
    uint64_t temporary_objects; /* freed by their thread before it allocated again */
    uint64_t lifetime_ns, shortest_ns, longest_ns; /* of freed ones: the sum, and single ones */
    int64_t peak_objects, peak_bytes;              /* that were live at the process's peak */
    int64_t most_bytes; /* that were live at a time; of several threads the sum of each one's */
    const uint64_t *histogram; /* [TALLY_SIZE_CLASSES] objects, null: all are of `size_class` */
    uint32_t size_class;
};

enum tally_heap_mode { TALLY_HEAP_FULL, TALLY_HEAP_COUNTS, TALLY_HEAP_OFF };

struct tally_heap {
    enum tally_heap_mode mode;
    const char *note; /* why allocations are not seen; or "" */
    bool sizes;       /* objects are told apart by their size */
    bool timed;       /* lifetimes are known */
    const struct tally_allocation *allocations;
    size_t n_allocations;
    uint64_t peak_bytes;        /* that were live at a time */
    uint64_t table_bytes;       /* the table of live blocks took at most */
    uint64_t frees_unmatched;   /* of blocks nobody was seen to allocate */
    uint64_t blocks_unrecorded; /* for lack of memory; they count as freed at once */
};

/* What ran the program; "" and 0 where that is not known. */
struct tally_machine {
    const char *architecture; /* "x86_64" */
    const char *processor;    /* its name for itself */
    const char *kernel;       /* release */
    uint32_t processors;      /* online, each hardware thread being one */
};

struct tally_option_value {
    const char *name, *value; /* as text */
};

struct tally_snapshot {
    const struct tally_context *contexts;
    size_t n_contexts;
    const struct tally_module *modules;
    size_t n_modules;
    const struct tally_unit *units; /* linked by `next` */
    const char *const *argv;        /* command line; null-terminated */
    const char *executable;         /* absolute path, or "" */
    const char *working_directory;
    const char *ended_by;       /* "exit", "signal SIGTERM", "tally_write", … */
    const char *clock;          /* "tsc", "monotonic" */
    const char *clock_fallback; /* why it is not "tsc", if that was left to the runtime; or "" */
    enum tally_timing timing; /* TALLY_TIMING_ANY counts as exact; off: nothing of time is known */
    const struct tally_option_value *options;
    size_t n_options;
    int64_t start_time_ns; /* since the epoch */
    uint64_t duration_ns;  /* during which recording was on */
    uint64_t clock_hz;     /* ticks per second of `clock` */
    /* The probe's own cost per call, already taken off wall_ns, in picoseconds: of a timed call, in
     * its own time and in its caller's; of a call that is only counted. */
    uint64_t probe_inside_ps, probe_outside_ps, probe_counted_ps;
    uint64_t timed_calls;      /* that read the clock */
    uint64_t sampled_contexts; /* of which some calls were timed, and others estimated by them */
    uint64_t threads;          /* that ever ran instrumented code */
    struct tally_threads_time threads_time;
    int64_t pid;
    struct tally_machine machine;
    struct tally_losses losses;
    struct tally_heap heap;
};

/*
 * Memory for the writer: never the program's own malloc. Both are safe in a signal handler.
 * alloc returns memory aligned to 16 bytes, or null.
 */
struct tally_allocator {
    void *(*alloc)(void *context, size_t size_bytes);
    void (*free)(void *context, void *memory);
    void *context;
};

/*
 * Writes calls.pb.gz, run.json and, unless there is nothing to say of the heap, heap.pb.gz and its
 * kin into the directory open at `directory_fd` (they must not exist). Defined by pprof-out. Takes
 * no lock, calls no malloc, no stdio. Returns 0 or -errno; on an error what was written is the
 * caller's to remove.
 */
int tally_export(const struct tally_snapshot *snapshot, int directory_fd,
                 const struct tally_allocator *allocator);

/* Likewise what would be heap.pb.gz, to an open file. */
int tally_export_heap(const struct tally_snapshot *snapshot, int fd,
                      const struct tally_allocator *allocator);

#ifdef __cplusplus
}
#endif

#endif
