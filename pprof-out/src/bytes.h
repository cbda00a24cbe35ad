/*
 * bytes.h - a run of bytes that grows, up to a limit.
 *
 * Holds what is read from a file, what comes out of decompression, and what is encoded in memory.
 * Set to zero but for `limit` it is empty; `bytes` is malloc'd and the owner frees it.
 */
#ifndef TLI_BYTES_H
#define TLI_BYTES_H

#include "sink.h"

#include <stddef.h>
#include <stdint.h>

struct tli_bytes {
    uint8_t *bytes;
    size_t size, capacity, limit;
};

/* Room for at least one more byte, up to `limit` bytes in all; 0, -ENOMEM, or -EFBIG at the
 * limit. */
int tli_bytes_make_room(struct tli_bytes *bytes);
/* Appends what it is given. */
struct tli_sink tli_bytes_sink(struct tli_bytes *bytes);

#endif
