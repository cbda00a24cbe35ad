/*
 * expand.h - the plain bytes of a file, whatever it is compressed with; private.
 */
#ifndef TLI_EXPAND_H
#define TLI_EXPAND_H

#include "bytes.h"
#include "tally/pprof.h"

/* Reads `fd` to its end and appends what is in it to `plain`, within the limits, of which none is
 * 0. gzip and zstd are told by their first bytes. */
enum tally_pprof_status tli_expand(int fd, const struct tally_pprof_limits *limits,
                                   struct tli_bytes *plain, struct tally_pprof_error *error);

#endif
