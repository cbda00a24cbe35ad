/*
 * expand.h - the plain bytes of a file, whatever it is compressed with; private.
 */
#ifndef TLI_EXPAND_H
#define TLI_EXPAND_H

#include "bytes.h"
#include "tally/pprof.h"

/* Reads `fd` to its end and appends what is in it to `plain`, whose limit holds for what comes out;
 * `compressed_limit` for what goes in. gzip and zstd are told by their first bytes. */
enum tally_pprof_status tli_expand(int fd, size_t compressed_limit, struct tli_bytes *plain,
                                   struct tally_pprof_error *error);

#endif
