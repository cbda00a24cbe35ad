/*
 * decode.h - what the two halves of the decoder share; private to decode*.c.
 *
 *   decode.c         the outermost fields, strings, what a profile has one of
 *   decode_tables.c  mappings, functions, locations and samples, and their references by id
 *
 * and, for file.c, tli_decode: tally_pprof_decode with another limit to the memory.
 */
#ifndef TLI_DECODE_H
#define TLI_DECODE_H

#include "error.h"
#include "idmap.h"
#include "model.h"
#include "profile.pb-c.h"
#include "wire.h"

#define TLI_DEFAULT_MEMORY_BYTES ((size_t)8 << 30)

enum tally_pprof_status tli_decode(const uint8_t *bytes, size_t size, size_t memory_limit,
                                   struct tally_pprof_profile **profile,
                                   struct tally_pprof_error *error);

/* Field numbers of Profile. */
enum field {
    SAMPLE_TYPE = 1,
    SAMPLE,
    MAPPING,
    LOCATION,
    FUNCTION,
    STRING,
    DROP_FRAMES,
    KEEP_FRAMES,
    TIME,
    DURATION,
    PERIOD_TYPE,
    PERIOD,
    COMMENT,
    DEFAULT_SAMPLE_TYPE,
    DOC_URL,
    N_FIELDS
};

struct string {
    const uint8_t *bytes;
    size_t size;
    const char *interned; /* null until it is first used */
};

struct decoder {
    const uint8_t *bytes, *end;
    struct tally_pprof_profile *profile;
    struct tally_pprof_error *error;
    size_t counts[N_FIELDS];
    struct string *strings;
    size_t n_strings;
    struct tli_idmap mappings, functions, locations;
    struct tli_pool scratch;
    ProtobufCAllocator allocator; /* of scratch */
    bool is_out_of_memory;
    uint64_t n_frames, most_frames; /* of all samples' stacks */
};

typedef enum tally_pprof_status handler(struct decoder *decoder,
                                        const struct tli_wire_field *field);

#define TOO_LARGE(...) tli_fail(decoder->error, TALLY_PPROF_TOO_LARGE, __VA_ARGS__)
#define CORRUPT(...) tli_fail(decoder->error, TALLY_PPROF_CORRUPT, __VA_ARGS__)

/* Calls the handler of each field's number, where there is one. Scratch memory is reset after
 * each. */
enum tally_pprof_status tli_decode_walk(struct decoder *decoder, handler *const handlers[N_FIELDS]);
/* Unpacks a sub-message into scratch memory; *(the message type **)message points to it. */
enum tally_pprof_status tli_decode_unpack(struct decoder *decoder,
                                          const struct tli_wire_field *field,
                                          const ProtobufCMessageDescriptor *descriptor,
                                          void *message);
void *tli_decode_scratch(struct decoder *decoder, size_t n, size_t thing_bytes);
/* The strings of n indices, interned. */
enum tally_pprof_status tli_decode_strings(struct decoder *decoder, size_t n,
                                           const int64_t *indices, const char **strings);

/* ---- decode_tables.c ---- */
enum tally_pprof_status tli_decode_tables(struct decoder *decoder);
enum tally_pprof_status tli_decode_samples(struct decoder *decoder);

#endif
