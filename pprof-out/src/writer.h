/*
 * writer.h - writes a profile one message at a time; the only thing here that encodes.
 *
 *   tli_writer_begin
 *     tli_writer_string      "main" ──> 7                 any time; the table comes last
 *     tli_writer_put_…       function, location, sample, mapping, in any order
 *     tli_writer_put_header  once, best first: what a profile has one of, and its sample types
 *   tli_writer_finish        the string table; then nothing is held back
 *   tli_writer_end           gives back memory, whatever happened
 *
 * Messages are the generated structs, filled in by the caller and packed by protobuf-c at once
 * into a 64 KiB buffer that goes to the sink when it is full. Strings are not copied: they must
 * live until finish. Equal strings get one index. What is not UTF-8 in them is written as U+FFFD,
 * because protobuf readers refuse a file over one bad byte.
 *
 * The first error sticks and makes every later call do nothing; finish returns it (-errno).
 * Memory comes from the allocator only; no malloc, no stdio, no lock.
 */
#ifndef TLI_WRITER_H
#define TLI_WRITER_H

#include "profile.pb-c.h"
#include "sink.h"
#include "table.h"

struct tli_writer {
    ProtobufCBuffer base; /* first: what protobuf-c appends to */
    const struct tally_allocator *allocator;
    struct tli_sink sink;
    uint8_t *buffer;
    size_t n_buffered;
    struct tli_table table; /* of strings */
    const char **strings;
    uint32_t n_strings, strings_capacity;
    int error;
};

void tli_writer_begin(struct tli_writer *writer, const struct tally_allocator *allocator,
                      struct tli_sink sink);
/* Likewise with the memory of the one before. */
void tli_writer_begin_again(struct tli_writer *writer);
/* Null and "" are 0. */
int64_t tli_writer_string(struct tli_writer *writer, const char *string);
void tli_writer_put_header(struct tli_writer *writer, const Perftools__Profiles__Profile *header);
void tli_writer_put_sample(struct tli_writer *writer, Perftools__Profiles__Sample *sample);
void tli_writer_put_mapping(struct tli_writer *writer, Perftools__Profiles__Mapping *mapping);
void tli_writer_put_location(struct tli_writer *writer, Perftools__Profiles__Location *location);
void tli_writer_put_function(struct tli_writer *writer, Perftools__Profiles__Function *function);
/* Bytes of a message that the caller encodes. */
void tli_writer_put_bytes(struct tli_writer *writer, const void *bytes, size_t size);
int tli_writer_finish(struct tli_writer *writer);
void tli_writer_end(struct tli_writer *writer);

#endif
