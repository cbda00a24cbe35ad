/*
 * output.h - where a profile goes, and how it gets there whole or not at all.
 *
 *   1. mkdir  app.tally.tmp-PID          2. write the files into it
 *   3. if app.tally is there and is ours: remove app.tally.old, rename app.tally to app.tally.old
 *   4. rename app.tally.tmp-PID to app.tally
 *
 * What this process wrote to the same path before is replaced instead of 3 and 4: app.tally.old is
 * what an earlier run left.
 *
 * A failure at any step removes the temporary directory and leaves what was there as it was.
 * Only a directory with a run.json, or an empty one, is moved away; only one with nothing but
 * profiles in it is removed. Anything else is never touched.
 * System calls only: safe in signal handlers and in programs that interpose libc's functions.
 */
#ifndef TLI_OUTPUT_H
#define TLI_OUTPUT_H

#include <stddef.h>

enum { TLI_PATH_SIZE = 4096 };

/* Expands the option `out` (or `pattern`, if not null) into an absolute path. The children of a
 * fork get their process id in it, unless the pattern has %p. 0 or -ENAMETOOLONG. */
int tli_output_path(const char *pattern, char path[TLI_PATH_SIZE]);

/* Steps 1 to 4; `fill` writes the files and returns 0 or -errno, which is passed on. */
int tli_output_write(const char *path, int (*fill)(int directory_fd, void *context), void *context);

/* Likewise a single file, which replaces what is there. */
int tli_output_write_file(const char *path, int (*fill)(int fd, void *context), void *context);

#endif
