/*
 * zstd_sink.h - a sink that compresses into another sink, as zstd, by libzstd.
 *
 * For archives: smaller and quicker than gzip, but google/pprof does not read it. Frames carry a
 * checksum. Used by the command line only, so libzstd takes its memory from malloc.
 */
#ifndef TLI_ZSTD_H
#define TLI_ZSTD_H

#include "sink.h"

struct tli_zstd {
    struct ZSTD_CCtx_s *context;
    struct tli_sink next;
    unsigned char *out;
    size_t out_bytes;
};

/* As with gzip.h: begin and end pair up, finish passes on what is held back. -errno on error. */
int tli_zstd_begin(struct tli_zstd *zstd, struct tli_sink next, int level);
struct tli_sink tli_zstd_sink(struct tli_zstd *zstd);
int tli_zstd_finish(struct tli_zstd *zstd);
void tli_zstd_end(struct tli_zstd *zstd);

#endif
