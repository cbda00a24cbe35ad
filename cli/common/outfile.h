/*
 * outfile.h - files that commands write: named by -o or as an operand, written whole or not at all.
 *
 * A text file is written to a temporary file beside it and renamed when all of it is on its way to
 * the disk. "-" is standard output; a device or a pipe is written to. Profiles are written by
 * tally_pprof_write, which does the same.
 */
#ifndef TALLY_CLI_OUTFILE_H
#define TALLY_CLI_OUTFILE_H

#include "tally/pprof.h"

#include <stdio.h>

/* Refuses names that would mislead (a directory, *.tally). Returns 0 or STATUS_TROUBLE. */
int outfile_usable(const char *path);

/* By the name: .pb.zst, .pb, else gzip. */
enum tally_pprof_compression outfile_compression(const char *path);
/* By the contents of an existing file. */
enum tally_pprof_compression outfile_compression_of(const char *path);

struct outfile {
    const char *path;
    char *temporary; /* null for what is no file */
    FILE *stream;
};

/* Both return 0, or STATUS_TROUBLE with a message; after a failure nothing is left behind. */
int outfile_open(struct outfile *file, const char *path);
int outfile_close(struct outfile *file);

#endif
