/*
 * wire.h - the outermost layer of a profile in protobuf: one field after the other.
 *
 *   tag (field number << 3 | wire type)  value          0: a varint
 *                                        8 bytes        1
 *                                        length, bytes  2: a string or a message
 *                                        4 bytes        5
 *
 * protobuf-c can only unpack a message whole, which for a large profile costs many times its size
 * in memory. Walking the outermost fields here, and giving protobuf-c one sub-message at a time,
 * keeps the cost at one sub-message, and says exactly where a file is broken.
 */
#ifndef TLI_WIRE_H
#define TLI_WIRE_H

#include <stddef.h>
#include <stdint.h>

struct tli_wire {
    const uint8_t *at, *end;
};

enum tli_wire_type {
    TLI_WIRE_VARINT = 0,
    TLI_WIRE_FIXED64 = 1,
    TLI_WIRE_BYTES = 2,
    TLI_WIRE_FIXED32 = 5,
};

struct tli_wire_field {
    uint32_t number;
    enum tli_wire_type type;
    uint64_t value;       /* of a varint */
    const uint8_t *bytes; /* [size], for TLI_WIRE_BYTES */
    size_t size;
};

enum tli_wire_result { TLI_WIRE_FIELD, TLI_WIRE_END, TLI_WIRE_TRUNCATED, TLI_WIRE_CORRUPT };

enum tli_wire_result tli_wire_next(struct tli_wire *wire, struct tli_wire_field *field);
/* A bare varint; TLI_WIRE_FIELD if there is one. */
enum tli_wire_result tli_wire_varint(struct tli_wire *wire, uint64_t *value);

#endif
