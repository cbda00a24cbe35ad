/*
 * bytes.c - growing runs of bytes; see bytes.h.
 *
 * Role in the flow: between files and the decoder, and at the end of the encoder. The capacity
 * doubles, but never beyond the limit, so a file that claims to be small and is not costs no more
 * than its limit.
 */
#include "bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TLI_FIRST_BYTES ((size_t)64 * 1024)

int tli_bytes_make_room(struct tli_bytes *bytes) {
    if (bytes->size < bytes->capacity)
        return 0;
    if (bytes->size == bytes->limit)
        return -EFBIG;
    size_t capacity = TLI_FIRST_BYTES;
    if (bytes->capacity > 0)
        capacity = bytes->capacity > SIZE_MAX / 2 ? SIZE_MAX : 2 * bytes->capacity;
    if (capacity > bytes->limit)
        capacity = bytes->limit;
    uint8_t *memory = realloc(bytes->bytes, capacity);
    if (memory == NULL)
        return -ENOMEM;
    bytes->bytes = memory;
    bytes->capacity = capacity;
    return 0;
}

static int append(void *context, const void *from, size_t size) {
    struct tli_bytes *bytes = context;
    const uint8_t *at = from;
    while (size > 0) {
        int error = tli_bytes_make_room(bytes);
        if (error != 0)
            return error;
        size_t room = bytes->capacity - bytes->size, part = size < room ? size : room;
        memcpy(bytes->bytes + bytes->size, at, part);
        bytes->size += part;
        at += part;
        size -= part;
    }
    return 0;
}

struct tli_sink tli_bytes_sink(struct tli_bytes *bytes) {
    return (struct tli_sink){append, bytes};
}
