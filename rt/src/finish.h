/*
 * finish.h - writing the profile: when the program ends, however it does, and when it asks.
 *
 *   return from main, exit   the runtime's destructor
 *   _exit, _Exit             interposed (start.c); quick_exit by a handler of its own
 *   exec                     interposed (exec.c)
 *   a signal that kills      a handler, where the program has none (signals.c)
 *   tally_write              api.c
 */
#ifndef TLI_FINISH_H
#define TLI_FINISH_H

#include <stdbool.h>

/*
 * Writes everything recorded so far; `ended_by` says what led here. A null path means the option
 * `out`. Returns 0, 1 if there was nothing to write, or -errno after saying so on standard error.
 */
int tli_write_profile(const char *path, const char *ended_by);

/* The heap's part alone, to a file; of what changed since it was marked, or of all. 0 or -errno. */
int tli_write_heap(const char *path, bool since_mark);

/* The same, at the end of the program: only the first call in a process does anything. */
void tli_finish(const char *ended_by);

#endif
