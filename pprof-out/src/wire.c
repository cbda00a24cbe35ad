/*
 * wire.c - walks the outermost fields of a protobuf message; see wire.h.
 *
 * Role in the flow: below the decoder only. Never reads beyond the end it was given; every field it
 * returns lies whole within the bytes. Groups, which proto3 does not have, count as corrupt, and so
 * do varints of more than ten bytes or of more than 64 bits.
 */
#include "wire.h"

#define TLI_VARINT_MAX_BYTES 10
#define TLI_MAX_FIELD_NUMBER ((UINT32_C(1) << 29) - 1)

enum tli_wire_result tli_wire_varint(struct tli_wire *wire, uint64_t *value) {
    *value = 0;
    for (int i = 0; i < TLI_VARINT_MAX_BYTES; i++) {
        if (wire->at == wire->end)
            return TLI_WIRE_TRUNCATED;
        uint8_t byte = *wire->at++;
        if (i == TLI_VARINT_MAX_BYTES - 1 && byte > 1)
            return TLI_WIRE_CORRUPT;
        *value |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80)
            return TLI_WIRE_FIELD;
    }
    return TLI_WIRE_CORRUPT;
}

static enum tli_wire_result take(struct tli_wire *wire, struct tli_wire_field *field,
                                 uint64_t size) {
    if (size > (uint64_t)(wire->end - wire->at))
        return TLI_WIRE_TRUNCATED;
    field->bytes = wire->at;
    field->size = (size_t)size;
    wire->at += size;
    return TLI_WIRE_FIELD;
}

enum tli_wire_result tli_wire_next(struct tli_wire *wire, struct tli_wire_field *field) {
    uint64_t tag;
    if (wire->at == wire->end)
        return TLI_WIRE_END;
    enum tli_wire_result result = tli_wire_varint(wire, &tag);
    if (result != TLI_WIRE_FIELD)
        return result;
    if (tag >> 3 == 0 || tag >> 3 > TLI_MAX_FIELD_NUMBER)
        return TLI_WIRE_CORRUPT;
    field->number = (uint32_t)(tag >> 3);
    field->type = (enum tli_wire_type)(tag & 7);
    switch (field->type) {
    case TLI_WIRE_VARINT:
        return tli_wire_varint(wire, &field->value);
    case TLI_WIRE_FIXED64:
        return take(wire, field, 8);
    case TLI_WIRE_FIXED32:
        return take(wire, field, 4);
    case TLI_WIRE_BYTES:
        result = tli_wire_varint(wire, &field->value);
        return result == TLI_WIRE_FIELD ? take(wire, field, field->value) : result;
    }
    return TLI_WIRE_CORRUPT;
}
