/*
 * gzip.h - a sink that compresses into another sink, as gzip, by zlib.
 *
 *   bytes ──> deflate (window and hash chains from the allocator) ──> 64 KiB ──> next sink
 *
 * Every byte zlib needs comes from the allocator, about 300 KiB in all. The caller owns the struct;
 * begin and end pair up, whatever happened between. Errors are -errno of the next sink, or -ENOMEM.
 */
#ifndef TLI_GZIP_H
#define TLI_GZIP_H

#include "sink.h"
#include "tally/snapshot.h"

#include <zlib.h>

struct tli_gzip {
    z_stream stream;
    const struct tally_allocator *allocator;
    struct tli_sink next;
    unsigned char *out;
};

int tli_gzip_begin(struct tli_gzip *gzip, const struct tally_allocator *allocator,
                   struct tli_sink next, int level);
/* Likewise with the memory of the one before, of which nothing need have been finished. */
int tli_gzip_begin_again(struct tli_gzip *gzip, struct tli_sink next);
/* What writes into `gzip`. */
struct tli_sink tli_gzip_sink(struct tli_gzip *gzip);
/* Passes on what is held back, and the trailer. */
int tli_gzip_finish(struct tli_gzip *gzip);
void tli_gzip_end(struct tli_gzip *gzip);

#endif
