/*
 * progress.h - one line on the terminal that tells how far a long run has come.
 *
 * Nothing is shown when stderr is no terminal, and nothing in the first second: a short run stays
 * silent. One thread updates it; any thread may clear it, and may pause it, so that what it prints
 * itself comes on a line of its own.
 *
 * Whether a line is shown depends on the terminal and on the clock, but which functions are called
 * does not: profiles of two runs are to be the same, whoever looks on. So the line is made a
 * thousand times a run, and shown or not.
 */
#ifndef TALLY_DEMO_PROGRESS_H
#define TALLY_DEMO_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    bool enabled; /* to show lines */
    bool line_shown;
    const char *noun; /* what is counted, in the plural */
    uint64_t total;
    uint64_t step; /* of a thousand: the last one a line was made for */
    uint64_t start_ns;
    uint64_t next_show_ns;
};

struct progress progress_start(bool wanted, const char *noun, uint64_t total);

/* `done_bytes` is shown if it is not 0. */
void progress_update(struct progress *progress, uint64_t done, uint64_t done_bytes);

/* Takes the line away, so that something else can be printed, and keeps it away until it is
 * resumed. */
void progress_pause(struct progress *progress);
void progress_resume(void);

/* Takes the line away. */
void progress_clear(struct progress *progress);

#endif
