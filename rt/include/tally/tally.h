/*
 * tally.h - what a profiled program may ask of Tally.
 *
 * Nothing here is needed to get a profile: a program that is compiled and linked with Tally writes
 * one when it ends. These calls are for programs that want to say when, or where not.
 *
 * All functions may be called from any thread at any time, also from several at once, and from
 * signal handlers unless said otherwise. They return 0, or -errno on failure.
 */
#ifndef TALLY_TALLY_H
#define TALLY_TALLY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TALLY_VERSION "0.1.0"

/* Marks a function that is not to be instrumented:  TALLY_SKIP static int hot(int x) { … }  */
#if defined(__clang__)
#define TALLY_SKIP __attribute__((annotate("tally:skip"), no_instrument_function))
#elif defined(__GNUC__)
#define TALLY_SKIP __attribute__((no_instrument_function))
#else
#define TALLY_SKIP
#endif

/*
 * Recording is on from the start, unless TALLY_OPTIONS says enabled=false. While it is off the
 * program runs as before, but calls and time do not appear in the profile. A call that is under
 * way when recording changes counts in the interval in which it began.
 * Starting what is started, or stopping what is stopped, does nothing and returns 0.
 * Not for signal handlers. -ENOMEM leaves recording as it was.
 */
int tally_start(void);
int tally_stop(void);

/*
 * Writes the profile of everything recorded so far into the directory `path`, or where the `out`
 * option says if path is null. What an earlier run left there moves to PATH.old; what this process
 * wrote there itself is replaced. Recording goes on.
 * -EBUSY: another thread is writing just now.
 */
int tally_write(const char *path);

/*
 * What an allocator of the program's own hands out (a pool, an arena), reported in pools.pb.gz as
 * allocated by whoever calls the function that says so, of the kind named. `block` is known by its
 * address, like one of malloc, until tally_free of it, or free. Both for any thread; the second is
 * to be called before the block is given back. A block that is handed out again need not be freed
 * before. One whose address is no multiple of 8 cannot be kept: it counts as freed at once, and as
 * a loss. -EINVAL: no block, or a size beyond 2^47.
 */
int tally_alloc(const char *kind, const void *block, size_t size_bytes);
int tally_free(const void *block);

/*
 * Writes a heap profile of this moment to the file `path`, as heap.pb.gz is written at the end;
 * what is there is replaced. tally_heap_mark notes what was allocated and freed until now, and
 * tally_heap_write_since writes what changed since: what was allocated, and by how much more, or
 * less, is live. Not for signal handlers. -ENOTSUP: the heap is not recorded.
 */
int tally_heap_write(const char *path);
int tally_heap_mark(void);
int tally_heap_write_since(const char *path);

/*
 * What all threads together have called, and allocated on the heap, until now: the totals that
 * calls.pb.gz and heap.pb.gz would have if they were written at this moment. So calls of inlined
 * functions count; what is done while recording is off does not, nor what the parent of a fork did.
 * What a piece of work costs is the difference of two readings.
 * Exact for the calling thread and for threads that do nothing meanwhile. Reading adds nothing to
 * any count, and no time to the program's; but it visits each context, so it is for tests and
 * benchmarks, not for inner loops. Not for signal handlers. On failure nothing is stored.
 * -EBUSY: another thread is writing just now. -ENOTSUP: the heap is not recorded.
 */
int tally_count_calls(uint64_t *calls);
int tally_count_allocated(uint64_t *objects, uint64_t *bytes);

/* The version of the runtime the program is linked to, as "0.1.0". */
const char *tally_version(void);

#ifdef __cplusplus
}
#endif

#endif
