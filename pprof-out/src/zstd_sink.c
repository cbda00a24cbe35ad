/*
 * zstd_sink.c - the sink for .pb.zst; see zstd_sink.h.
 *
 * Role in the flow: between the encoder and the file, when an archive is asked for. Streams, so a
 * profile of any size needs libzstd's working memory and one output block.
 */
#include "zstd_sink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

int tli_zstd_begin(struct tli_zstd *zstd, struct tli_sink next, int level) {
    memset(zstd, 0, sizeof *zstd);
    zstd->next = next;
    zstd->out_bytes = ZSTD_CStreamOutSize();
    zstd->out = malloc(zstd->out_bytes);
    zstd->context = ZSTD_createCCtx();
    if (zstd->out == NULL || zstd->context == NULL)
        return -ENOMEM;
    if (ZSTD_isError(ZSTD_CCtx_setParameter(zstd->context, ZSTD_c_compressionLevel, level)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(zstd->context, ZSTD_c_checksumFlag, 1)))
        return -EINVAL;
    return 0;
}

/* Until the input is used up and, at the end, nothing is held back any more. */
static int compress_all(struct tli_zstd *zstd, const void *bytes, size_t size,
                        ZSTD_EndDirective directive) {
    ZSTD_inBuffer in = {bytes, size, 0};
    for (;;) {
        ZSTD_outBuffer out = {zstd->out, zstd->out_bytes, 0};
        size_t held_back = ZSTD_compressStream2(zstd->context, &out, &in, directive);
        if (ZSTD_isError(held_back))
            return -ENOMEM; /* with valid parameters, nothing else can fail */
        int error = zstd->next.write(zstd->next.context, zstd->out, out.pos);
        if (error != 0)
            return error;
        if (in.pos == in.size && (directive == ZSTD_e_continue || held_back == 0))
            return 0;
    }
}

static int compress_bytes(void *context, const void *bytes, size_t size) {
    return compress_all(context, bytes, size, ZSTD_e_continue);
}

struct tli_sink tli_zstd_sink(struct tli_zstd *zstd) {
    return (struct tli_sink){compress_bytes, zstd};
}

int tli_zstd_finish(struct tli_zstd *zstd) {
    return compress_all(zstd, NULL, 0, ZSTD_e_end);
}

void tli_zstd_end(struct tli_zstd *zstd) {
    ZSTD_freeCCtx(zstd->context);
    free(zstd->out);
}
