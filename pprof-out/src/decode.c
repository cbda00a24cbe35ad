/*
 * decode.c - plain protobuf into the model.
 *
 * Role in the flow: every file that is read comes through here, also from other tools, also broken
 * and hostile ones. The fields of a profile may stand in any order, and what is referred to often
 * stands behind, so the outermost fields are walked several times, which is cheap since a field
 * that is not wanted is skipped by its length:
 *
 *   survey     is it whole? counts; wire types
 *   strings    where each begins; they are interned when they are first used
 *   header     sample types, times, comments …
 *   mappings, functions  ──>  locations  ──>  samples     decode_tables.c
 *
 * Each sub-message is unpacked by protobuf-c into scratch memory that is used again for the next.
 * Memory in use is a multiple of the plain size, some 5 to 10 for real profiles and 25 for what is
 * made to need much: no count in the file is believed before the bytes that make it up have been
 * seen. Unpacking takes up to 80 times a sub-message, so one over 1.25 MiB is refused (strings,
 * which are not unpacked, over 16 MiB); and beyond a limit there is no memory (memory.h).
 *
 * Work is bounded like memory: a stack is a list of locations, and a location one of inlined
 * bodies, so 100 KB of each would be a stack of 10^10 frames. See TALLY_PPROF_MOST_FRAMES.
 *
 * Refused: ids that are 0, occur twice, or are referred to and not there; strings beyond the table
 * or with null bytes; samples with more or fewer values than types. Unknown fields are skipped.
 */
#include "decode.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A stack as deep as may be, of ids below 2^35. */
#define TLI_MOST_MESSAGE_BYTES ((size_t)5 * TALLY_PPROF_MOST_FRAMES)
#define TLI_MOST_STRING_BYTES ((size_t)16 * 1024 * 1024)
#define TLI_FRAMES_PER_BYTE 16
#define TLI_FREE_FRAMES (UINT64_C(1) << 24)

/* ---- the outermost fields ---- */

static bool has_expected_type(const struct tli_wire_field *field) {
    switch (field->number) {
    case SAMPLE_TYPE:
    case SAMPLE:
    case MAPPING:
    case LOCATION:
    case FUNCTION:
    case STRING:
    case PERIOD_TYPE:
        return field->type == TLI_WIRE_BYTES;
    case COMMENT: /* packed or not */
        return field->type == TLI_WIRE_BYTES || field->type == TLI_WIRE_VARINT;
    default:
        return field->number >= N_FIELDS || field->type == TLI_WIRE_VARINT;
    }
}

static size_t most_bytes(uint32_t number) {
    bool is_message = number == SAMPLE || number == MAPPING || number == LOCATION ||
                      number == FUNCTION || number == SAMPLE_TYPE || number == PERIOD_TYPE;
    return is_message ? TLI_MOST_MESSAGE_BYTES : TLI_MOST_STRING_BYTES;
}

static enum tally_pprof_status survey(struct decoder *decoder) {
    struct tli_wire wire = {decoder->bytes, decoder->end};
    struct tli_wire_field field;
    size_t n_messages = 0;
    enum tli_wire_result result;
    while ((result = tli_wire_next(&wire, &field)) == TLI_WIRE_FIELD) {
        if (!has_expected_type(&field)) {
            result = TLI_WIRE_CORRUPT;
            break;
        }
        if (field.number < N_FIELDS)
            decoder->counts[field.number]++;
        if (field.number < N_FIELDS && field.type == TLI_WIRE_BYTES)
            n_messages++;
        if (field.type == TLI_WIRE_BYTES && field.size > most_bytes(field.number))
            return TOO_LARGE("field %" PRIu32 " has %zu bytes, more than %zu", field.number,
                             field.size, most_bytes(field.number));
    }
    if (result != TLI_WIRE_END && n_messages == 0)
        return tli_fail(decoder->error, TALLY_PPROF_NOT_A_PROFILE, "not a pprof profile");
    if (result == TLI_WIRE_TRUNCATED)
        return tli_fail(decoder->error, TALLY_PPROF_TRUNCATED, "the profile ends in mid-field");
    if (result == TLI_WIRE_CORRUPT)
        return CORRUPT("broken field %zu bytes into the profile",
                       (size_t)(wire.at - decoder->bytes));
    if (decoder->counts[SAMPLE_TYPE] == 0 && decoder->counts[STRING] == 0)
        return tli_fail(decoder->error, TALLY_PPROF_NOT_A_PROFILE,
                        "not a pprof profile: neither sample types nor strings in it");
    if (decoder->counts[SAMPLE_TYPE] > TALLY_PPROF_MOST_SAMPLE_TYPES)
        return TOO_LARGE("%zu sample types, more than %d", decoder->counts[SAMPLE_TYPE],
                         TALLY_PPROF_MOST_SAMPLE_TYPES);
    return TALLY_PPROF_OK;
}

/* Calls the handler of each field's number, where there is one. The survey has found no fault. */
enum tally_pprof_status tli_decode_walk(struct decoder *decoder,
                                        handler *const handlers[N_FIELDS]) {
    struct tli_wire wire = {decoder->bytes, decoder->end};
    struct tli_wire_field field;
    while (tli_wire_next(&wire, &field) == TLI_WIRE_FIELD) {
        if (field.number >= N_FIELDS || handlers[field.number] == NULL)
            continue;
        enum tally_pprof_status status = handlers[field.number](decoder, &field);
        if (status != TALLY_PPROF_OK)
            return status;
        tli_pool_reset(&decoder->scratch);
    }
    return TALLY_PPROF_OK;
}

/* ---- sub-messages ---- */

static void *scratch_alloc(void *context, size_t size) {
    struct decoder *decoder = context;
    void *memory = tli_pool_alloc(&decoder->scratch, size);
    if (memory == NULL)
        decoder->is_out_of_memory = true;
    return memory;
}

void *tli_decode_scratch(struct decoder *decoder, size_t n, size_t thing_bytes) {
    return scratch_alloc(decoder, n * thing_bytes);
}

static void scratch_free(void *context, void *memory) {
    (void)context;
    (void)memory; /* the pool is reset after each field */
}

enum tally_pprof_status tli_decode_unpack(struct decoder *decoder,
                                          const struct tli_wire_field *field,
                                          const ProtobufCMessageDescriptor *descriptor,
                                          void *message) {
    ProtobufCMessage *unpacked =
        protobuf_c_message_unpack(descriptor, &decoder->allocator, field->size, field->bytes);
    if (unpacked == NULL && decoder->is_out_of_memory)
        return tli_no_memory(decoder->error);
    if (unpacked == NULL)
        return CORRUPT("broken %s", descriptor->short_name);
    memcpy(message, &unpacked, sizeof unpacked);
    return TALLY_PPROF_OK;
}

/* ---- strings ---- */

static enum tally_pprof_status on_string(struct decoder *decoder,
                                         const struct tli_wire_field *field) {
    if (memchr(field->bytes, '\0', field->size) != NULL)
        return CORRUPT("string %zu has a null byte in it", decoder->n_strings);
    if (decoder->n_strings == 0 && field->size != 0)
        return CORRUPT("string 0 is not the empty one");
    decoder->strings[decoder->n_strings++] = (struct string){field->bytes, field->size, NULL};
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status read_strings(struct decoder *decoder) {
    static handler *const handlers[N_FIELDS] = {[STRING] = on_string};
    decoder->strings = tli_grow(&decoder->profile->store->memory.allocator, NULL, 0,
                                decoder->counts[STRING] + 1, sizeof *decoder->strings);
    return decoder->strings == NULL ? tli_no_memory(decoder->error)
                                    : tli_decode_walk(decoder, handlers);
}

/* Index 0 is the empty string even where there is no table. */
static enum tally_pprof_status get_string(struct decoder *decoder, int64_t index,
                                          const char **string) {
    if (index == 0) {
        *string = tally_pprof_intern(decoder->profile, "");
        return TALLY_PPROF_OK;
    }
    if (index < 0 || (uint64_t)index >= decoder->n_strings)
        return CORRUPT("string index %" PRId64 " in a table of %zu", index, decoder->n_strings);
    struct string *from = &decoder->strings[index];
    if (from->interned == NULL)
        from->interned = tli_intern_bytes(decoder->profile, (const char *)from->bytes, from->size);
    *string = from->interned;
    return from->interned == NULL ? tli_no_memory(decoder->error) : TALLY_PPROF_OK;
}

/* The first fault of several, so that a handful of strings can be asked for in a row. */
enum tally_pprof_status tli_decode_strings(struct decoder *decoder, size_t n,
                                           const int64_t *indices, const char **strings) {
    enum tally_pprof_status status = TALLY_PPROF_OK;
    for (size_t i = 0; i < n && status == TALLY_PPROF_OK; i++)
        status = get_string(decoder, indices[i], &strings[i]);
    return status;
}

/* ---- header ---- */

static enum tally_pprof_status get_value_type(struct decoder *decoder,
                                              const struct tli_wire_field *field,
                                              struct tally_pprof_value_type *type) {
    Perftools__Profiles__ValueType *message = NULL;
    const char *strings[2];
    enum tally_pprof_status status =
        tli_decode_unpack(decoder, field, &perftools__profiles__value_type__descriptor, &message);
    if (status == TALLY_PPROF_OK)
        status = tli_decode_strings(decoder, 2, (int64_t[]){message->type, message->unit}, strings);
    if (status == TALLY_PPROF_OK)
        *type = (struct tally_pprof_value_type){strings[0], strings[1]};
    return status;
}

static enum tally_pprof_status on_sample_type(struct decoder *decoder,
                                              const struct tli_wire_field *field) {
    struct tally_pprof_value_type type;
    enum tally_pprof_status status = get_value_type(decoder, field, &type);
    if (status != TALLY_PPROF_OK)
        return status;
    return tally_pprof_add_sample_type(decoder->profile, type.type, type.unit)
               ? TALLY_PPROF_OK
               : tli_no_memory(decoder->error);
}

static enum tally_pprof_status on_period_type(struct decoder *decoder,
                                              const struct tli_wire_field *field) {
    return get_value_type(decoder, field, &decoder->profile->period_type);
}

static enum tally_pprof_status add_comment(struct decoder *decoder, uint64_t index) {
    const char *comment;
    if (decoder->profile->n_comments == TALLY_PPROF_MOST_COMMENTS)
        return TOO_LARGE("more than %d comments", TALLY_PPROF_MOST_COMMENTS);
    enum tally_pprof_status status = get_string(decoder, (int64_t)index, &comment);
    if (status != TALLY_PPROF_OK)
        return status;
    return tally_pprof_add_comment(decoder->profile, comment) ? TALLY_PPROF_OK
                                                              : tli_no_memory(decoder->error);
}

static enum tally_pprof_status on_comment(struct decoder *decoder,
                                          const struct tli_wire_field *field) {
    if (field->type == TLI_WIRE_VARINT)
        return add_comment(decoder, field->value);
    struct tli_wire wire = {field->bytes, field->bytes + field->size};
    while (wire.at < wire.end) {
        uint64_t index;
        if (tli_wire_varint(&wire, &index) != TLI_WIRE_FIELD)
            return CORRUPT("broken list of comments");
        enum tally_pprof_status status = add_comment(decoder, index);
        if (status != TALLY_PPROF_OK)
            return status;
    }
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status on_scalar(struct decoder *decoder,
                                         const struct tli_wire_field *field) {
    struct tally_pprof_profile *profile = decoder->profile;
    int64_t value = (int64_t)field->value;
    switch (field->number) {
    case DROP_FRAMES:
        return get_string(decoder, value, &profile->drop_frames);
    case KEEP_FRAMES:
        return get_string(decoder, value, &profile->keep_frames);
    case DEFAULT_SAMPLE_TYPE:
        return get_string(decoder, value, &profile->default_sample_type);
    case DOC_URL:
        return get_string(decoder, value, &profile->doc_url);
    case TIME:
        profile->time_ns = value;
        break;
    case DURATION:
        profile->duration_ns = value;
        break;
    case PERIOD:
        profile->period = value;
        break;
    }
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status read_header(struct decoder *decoder) {
    static handler *const handlers[N_FIELDS] = {
        [SAMPLE_TYPE] = on_sample_type,
        [PERIOD_TYPE] = on_period_type,
        [COMMENT] = on_comment,
        [DROP_FRAMES] = on_scalar,
        [KEEP_FRAMES] = on_scalar,
        [TIME] = on_scalar,
        [DURATION] = on_scalar,
        [PERIOD] = on_scalar,
        [DEFAULT_SAMPLE_TYPE] = on_scalar,
        [DOC_URL] = on_scalar,
    };
    return tli_decode_walk(decoder, handlers);
}

/* ---- all of it ---- */

static enum tally_pprof_status read_all(struct decoder *decoder) {
    enum tally_pprof_status status = survey(decoder);
    if (status == TALLY_PPROF_OK)
        status = read_strings(decoder);
    if (status == TALLY_PPROF_OK)
        status = read_header(decoder);
    if (status == TALLY_PPROF_OK)
        status = tli_decode_tables(decoder);
    if (status == TALLY_PPROF_OK)
        status = tli_decode_samples(decoder);
    return status;
}

static void end(struct decoder *decoder) {
    const struct tally_allocator *allocator = &decoder->profile->store->memory.allocator;
    if (decoder->strings != NULL)
        allocator->free(allocator->context, decoder->strings);
    tli_idmap_free(&decoder->mappings);
    tli_idmap_free(&decoder->functions);
    tli_idmap_free(&decoder->locations);
    tli_pool_free(&decoder->scratch);
}

enum tally_pprof_status tli_decode(const uint8_t *bytes, size_t size, size_t memory_limit,
                                   struct tally_pprof_profile **profile,
                                   struct tally_pprof_error *error) {
    *profile = NULL;
    if (size == 0)
        return tli_fail(error, TALLY_PPROF_EMPTY, "empty: there is nothing in it");
    struct decoder decoder = {
        .bytes = bytes,
        .end = bytes + size,
        .profile = tally_pprof_new(),
        .error = error,
        .allocator = {scratch_alloc, scratch_free, &decoder},
        .most_frames = TLI_FREE_FRAMES + TLI_FRAMES_PER_BYTE * (uint64_t)size,
    };
    if (decoder.profile == NULL)
        return tli_no_memory(error);
    struct tli_memory *memory = &decoder.profile->store->memory;
    memory->limit_bytes = memory_limit;
    decoder.scratch.allocator = &memory->allocator;
    enum tally_pprof_status status = read_all(&decoder);
    end(&decoder);
    memory->limit_bytes = SIZE_MAX;
    if (status == TALLY_PPROF_NO_MEMORY && memory->was_refused)
        status = tli_fail(error, TALLY_PPROF_TOO_LARGE, "takes more than %zu bytes of memory",
                          memory_limit);
    if (status != TALLY_PPROF_OK) {
        tally_pprof_free(decoder.profile);
        return status;
    }
    *profile = decoder.profile;
    return tli_succeed(error);
}

enum tally_pprof_status tally_pprof_decode(const uint8_t *bytes, size_t size,
                                           struct tally_pprof_profile **profile,
                                           struct tally_pprof_error *error) {
    return tli_decode(bytes, size, TLI_DEFAULT_MEMORY_BYTES, profile, error);
}
