/*
 * thread_time.h - what threads did with their time: they ran, waited for a processor, or neither.
 *
 *   first instrumented call                                    end, or the profile
 *     |<--------------------------- wall --------------------------->|
 *     |       on a processor       |  in a run queue  |  blocked, asleep
 *
 * Wall times of contexts hold all three. The kernel tells the first two of a thread, from which the
 * third follows; here they are summed over threads, alive or not, for `tally info`.
 *
 * A life is written by its thread, in tli_thread; any thread reads it, and sums up without stopping
 * the others: one that begins or ends meanwhile may be missing. Nanoseconds throughout.
 */
#ifndef TLI_THREAD_TIME_H
#define TLI_THREAD_TIME_H

#include "tally/snapshot.h"

#include <stdatomic.h>
#include <stdbool.h>

struct tli_life {
    _Atomic int tid; /* 0: nobody's; set last, and taken back first */
    /* At the first instrumented call; run_queue_ns is negative if the kernel does not say. */
    _Atomic int64_t wall_ns, cpu_ns, run_queue_ns;
};

/* Of the calling thread. */
void tli_life_begin(struct tli_life *life);
void tli_life_end(struct tli_life *life); /* adds it to the sums */
/* The thread is gone without a word, as others are in the child of a fork. */
void tli_life_forget(struct tli_life *life);

/* After fork, in the child: nothing was summed up yet, and the caller's life begins anew. */
void tli_lives_restart(struct tli_life *of_caller);

/* All threads that have ended, and those alive until now. */
struct tally_threads_time tli_threads_time(void);

/* The time in run queues from the text of a schedstat file; -1 if it does not say. */
int64_t tli_run_queue_ns(const char *text, size_t length);

#endif
