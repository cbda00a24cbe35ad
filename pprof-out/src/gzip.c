/*
 * gzip.c - the compressing sink; see gzip.h.
 *
 * Role in the flow: between the protobuf writer and the file, in the profiled process as well as
 * in the command line. zlib's deflate keeps no global state and, given zalloc and zfree, calls no
 * malloc, so this may run in a signal handler. The gzip header carries no name and no time: the
 * same profile gives the same bytes.
 */
#include "gzip.h"
#include "table.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#define TLI_GZIP_OUT_BYTES (64 * 1024)
#define TLI_GZIP_WINDOW_BITS (15 + 16) /* the largest window; + 16: gzip, not zlib, around it */
#define TLI_GZIP_MEMORY_LEVEL 8

static void *allocate(void *context, unsigned n, unsigned size_bytes) {
    return tli_grow(context, NULL, 0, n, size_bytes);
}

static void release(void *context, void *memory) {
    const struct tally_allocator *allocator = context;
    allocator->free(allocator->context, memory);
}

int tli_gzip_begin(struct tli_gzip *gzip, const struct tally_allocator *allocator,
                   struct tli_sink next, int level) {
    memset(gzip, 0, sizeof *gzip);
    gzip->allocator = allocator;
    gzip->next = next;
    gzip->stream.zalloc = allocate;
    gzip->stream.zfree = release;
    gzip->stream.opaque = (void *)allocator;
    gzip->out = tli_grow(allocator, NULL, 0, TLI_GZIP_OUT_BYTES, 1);
    if (gzip->out == NULL)
        return -ENOMEM;
    if (deflateInit2(&gzip->stream, level, Z_DEFLATED, TLI_GZIP_WINDOW_BITS, TLI_GZIP_MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return -ENOMEM;
    return 0;
}

int tli_gzip_begin_again(struct tli_gzip *gzip, struct tli_sink next) {
    gzip->next = next;
    return deflateReset(&gzip->stream) == Z_OK ? 0 : -EINVAL;
}

static int deflate_all(struct tli_gzip *gzip, int flush) {
    z_stream *stream = &gzip->stream;
    do {
        stream->next_out = gzip->out;
        stream->avail_out = TLI_GZIP_OUT_BYTES;
        if (deflate(stream, flush) == Z_STREAM_ERROR)
            return -EINVAL;
        int error =
            gzip->next.write(gzip->next.context, gzip->out, TLI_GZIP_OUT_BYTES - stream->avail_out);
        if (error != 0)
            return error;
    } while (stream->avail_out == 0);
    return 0;
}

static int compress_bytes(void *context, const void *bytes, size_t size) {
    struct tli_gzip *gzip = context;
    const unsigned char *at = bytes;
    while (size > 0) {
        unsigned part = size < UINT_MAX ? (unsigned)size : UINT_MAX;
        gzip->stream.next_in = (unsigned char *)at;
        gzip->stream.avail_in = part;
        int error = deflate_all(gzip, Z_NO_FLUSH);
        if (error != 0)
            return error;
        at += part;
        size -= part;
    }
    return 0;
}

struct tli_sink tli_gzip_sink(struct tli_gzip *gzip) {
    return (struct tli_sink){compress_bytes, gzip};
}

int tli_gzip_finish(struct tli_gzip *gzip) {
    gzip->stream.next_in = NULL;
    gzip->stream.avail_in = 0;
    return deflate_all(gzip, Z_FINISH);
}

void tli_gzip_end(struct tli_gzip *gzip) {
    if (gzip->stream.state != NULL)
        deflateEnd(&gzip->stream);
    if (gzip->out != NULL)
        release((void *)gzip->allocator, gzip->out);
    gzip->out = NULL;
}
