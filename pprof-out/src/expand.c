/*
 * expand.c - reads a file as gzip, as zstd, or as it is.
 *
 * Role in the flow: between the file and the decoder. The file is read and expanded in pieces of
 * 64 KiB, so pipes work and only the plain bytes are kept:
 *
 *   1f 8b         gzip, one or more members         zlib      checks the CRC
 *   28 b5 2f fd   zstd, one or more frames          libzstd   checks the checksum, if there is one
 *   else          plain
 *
 * A small file that expands without end stops soon: what comes out may be a number of times of what
 * went in so far, and has a limit of its own. Trailing bytes that belong to no member
 * or frame count as corrupt, since a profile never has any.
 */
#include "expand.h"

#include "error.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define TLI_PIECE_BYTES ((size_t)64 * 1024)
#define TLI_MAGIC_BYTES 4
#define TLI_FREE_BYTES ((size_t)16 << 20) /* that a file of any size may expand to */
#define TLI_GUNZIP_WINDOW_BITS (15 + 16)  /* + 16: gzip and nothing else */

struct input {
    int fd;
    uint8_t *piece; /* [TLI_PIECE_BYTES] */
    size_t n_piece, total;
    const struct tally_pprof_limits *limits; /* none is 0 */
    struct tally_pprof_error *error;
};

/* ---- input ---- */

/* Reads more behind the first `have` bytes of the piece; n_piece == have at the end. */
static enum tally_pprof_status read_more(struct input *input, size_t have) {
    ssize_t n;
    do
        n = read(input->fd, input->piece + have, TLI_PIECE_BYTES - have);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return tli_fail_errno(input->error, -errno);
    input->n_piece = have + (size_t)n;
    input->total += (size_t)n;
    if (input->total > input->limits->compressed_bytes)
        return tli_fail(input->error, TALLY_PPROF_TOO_LARGE, "more than %zu bytes",
                        input->limits->compressed_bytes);
    return TALLY_PPROF_OK;
}

/* The next piece; n_piece is 0 at the end. */
static enum tally_pprof_status next_piece(struct input *input) {
    return read_more(input, 0);
}

/* The first piece, long enough to tell what it is unless the file is shorter. */
static enum tally_pprof_status first_piece(struct input *input) {
    size_t have;
    enum tally_pprof_status status;
    input->n_piece = 0;
    do {
        have = input->n_piece;
        status = read_more(input, have);
    } while (status == TALLY_PPROF_OK && input->n_piece < TLI_MAGIC_BYTES && input->n_piece > have);
    return status;
}

/* ---- output ---- */

/* What may have come out by now. */
static size_t plain_limit(const struct input *input) {
    size_t limit;
    if (__builtin_mul_overflow(input->total, input->limits->expansion, &limit) ||
        __builtin_add_overflow(limit, TLI_FREE_BYTES, &limit))
        limit = SIZE_MAX;
    return limit < input->limits->plain_bytes ? limit : input->limits->plain_bytes;
}

static enum tally_pprof_status fail_plain(struct input *input, const struct tli_bytes *plain,
                                          int minus_errno) {
    if (minus_errno == -EFBIG && plain->limit < input->limits->plain_bytes)
        return tli_fail(input->error, TALLY_PPROF_TOO_LARGE,
                        "expands to more than %zu times its size", input->limits->expansion);
    if (minus_errno == -EFBIG)
        return tli_fail(input->error, TALLY_PPROF_TOO_LARGE, "expands to more than %zu bytes",
                        plain->limit);
    return tli_fail_errno(input->error, minus_errno);
}

/* ---- gzip ---- */

/* Expands the piece at hand. `is_inside`: a member has begun and not ended. */
static enum tally_pprof_status gunzip_piece(struct input *input, struct tli_bytes *plain,
                                            z_stream *stream, bool *is_inside) {
    stream->next_in = input->piece;
    stream->avail_in = (unsigned)input->n_piece;
    bool is_full = false;
    plain->limit = plain_limit(input);
    while (stream->avail_in > 0 || is_full) {
        int error = tli_bytes_make_room(plain);
        if (error != 0)
            return fail_plain(input, plain, error);
        size_t room = plain->capacity - plain->size;
        unsigned part = room < TLI_PIECE_BYTES ? (unsigned)room : (unsigned)TLI_PIECE_BYTES;
        stream->next_out = plain->bytes + plain->size;
        stream->avail_out = part;
        int result = inflate(stream, Z_NO_FLUSH);
        plain->size += part - stream->avail_out;
        is_full = stream->avail_out == 0 && result == Z_OK;
        *is_inside = result != Z_STREAM_END;
        if (result == Z_MEM_ERROR)
            return tli_no_memory(input->error);
        if (result == Z_STREAM_END)
            inflateReset(stream);
        else if (result != Z_OK && result != Z_BUF_ERROR)
            return tli_fail(input->error, TALLY_PPROF_CORRUPT, "corrupt gzip data: %s",
                            stream->msg != NULL ? stream->msg : "a dictionary is asked for");
    }
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status gunzip(struct input *input, struct tli_bytes *plain) {
    z_stream stream = {0};
    bool is_inside = true;
    if (inflateInit2(&stream, TLI_GUNZIP_WINDOW_BITS) != Z_OK)
        return tli_no_memory(input->error);
    enum tally_pprof_status status = TALLY_PPROF_OK;
    while (status == TALLY_PPROF_OK && input->n_piece > 0) {
        status = gunzip_piece(input, plain, &stream, &is_inside);
        if (status == TALLY_PPROF_OK)
            status = next_piece(input);
    }
    inflateEnd(&stream);
    if (status == TALLY_PPROF_OK && is_inside)
        return tli_fail(input->error, TALLY_PPROF_TRUNCATED, "the gzip data end too early");
    return status;
}

/* ---- zstd ---- */

static enum tally_pprof_status unzstd_piece(struct input *input, struct tli_bytes *plain,
                                            ZSTD_DStream *stream, bool *is_inside) {
    ZSTD_inBuffer in = {input->piece, input->n_piece, 0};
    bool is_full = false;
    plain->limit = plain_limit(input);
    while (in.pos < in.size || is_full) {
        int error = tli_bytes_make_room(plain);
        if (error != 0)
            return fail_plain(input, plain, error);
        ZSTD_outBuffer out = {plain->bytes, plain->capacity, plain->size};
        size_t result = ZSTD_decompressStream(stream, &out, &in);
        if (ZSTD_isError(result))
            return tli_fail(input->error, TALLY_PPROF_CORRUPT, "corrupt zstd data: %s",
                            ZSTD_getErrorName(result));
        plain->size = out.pos;
        is_full = out.pos == out.size && result != 0;
        *is_inside = result != 0;
    }
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status unzstd(struct input *input, struct tli_bytes *plain) {
    ZSTD_DStream *stream = ZSTD_createDStream();
    bool is_inside = true;
    if (stream == NULL)
        return tli_no_memory(input->error);
    enum tally_pprof_status status = TALLY_PPROF_OK;
    while (status == TALLY_PPROF_OK && input->n_piece > 0) {
        status = unzstd_piece(input, plain, stream, &is_inside);
        if (status == TALLY_PPROF_OK)
            status = next_piece(input);
    }
    ZSTD_freeDStream(stream);
    if (status == TALLY_PPROF_OK && is_inside)
        return tli_fail(input->error, TALLY_PPROF_TRUNCATED, "the zstd data end too early");
    return status;
}

/* ---- plain, and the choice ---- */

static enum tally_pprof_status copy(struct input *input, struct tli_bytes *plain) {
    enum tally_pprof_status status = TALLY_PPROF_OK;
    struct tli_sink sink = tli_bytes_sink(plain);
    plain->limit = input->limits->plain_bytes;
    while (status == TALLY_PPROF_OK && input->n_piece > 0) {
        int error = sink.write(sink.context, input->piece, input->n_piece);
        if (error != 0)
            return fail_plain(input, plain, error);
        status = next_piece(input);
    }
    return status;
}

static bool begins_with(const struct input *input, const char *magic, size_t size) {
    return input->n_piece >= size && memcmp(input->piece, magic, size) == 0;
}

static enum tally_pprof_status expand(struct input *input, struct tli_bytes *plain) {
    enum tally_pprof_status status = first_piece(input);
    if (status != TALLY_PPROF_OK)
        return status;
    if (input->n_piece == 0)
        return tli_fail(input->error, TALLY_PPROF_EMPTY, "empty: there is nothing in it");
    if (begins_with(input, "\x1f\x8b", 2))
        return gunzip(input, plain);
    if (begins_with(input, "\x28\xb5\x2f\xfd", 4))
        return unzstd(input, plain);
    return copy(input, plain);
}

enum tally_pprof_status tli_expand(int fd, const struct tally_pprof_limits *limits,
                                   struct tli_bytes *plain, struct tally_pprof_error *error) {
    struct input input = {.fd = fd, .limits = limits, .error = error};
    input.piece = malloc(TLI_PIECE_BYTES);
    if (input.piece == NULL)
        return tli_no_memory(error);
    enum tally_pprof_status status = expand(&input, plain);
    free(input.piece);
    return status;
}
