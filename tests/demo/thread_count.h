/*
 * thread_count.h - how many threads this process has, for tests that none is left behind.
 */
#ifndef TALLY_TESTS_THREAD_COUNT_H
#define TALLY_TESTS_THREAD_COUNT_H

#include <stddef.h>

/* A sanitizer's own threads are among them. */
size_t threads_of_this_process(void);

/* A thread that was joined may be listed for a moment more: waits, within reason, for there to be
 * no more than expected, and returns how many there are. */
size_t threads_once_at_most(size_t expected);

#endif
