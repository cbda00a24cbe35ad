/*
 * writer.c - the streaming writer; see writer.h for the order of calls.
 *
 * Role in the flow: below the export of a snapshot and below the encoder of a model, above gzip.
 * A message is wrapped in a Profile that has nothing else, which packs to the field's tag, the
 * length and the message: exactly one piece of the file. Most messages fit into the buffer and are
 * packed straight into it; one that is larger than the whole buffer goes through protobuf-c's
 * virtual buffer instead, so there is no limit to a message's size.
 *
 * Invariant: n_buffered <= TLI_WRITER_BUFFER_BYTES. One thread at a time; signal-safe.
 */
#include "writer.h"

#include "text.h"

#include <errno.h>
#include <string.h>

#define TLI_WRITER_BUFFER_BYTES (64 * 1024)
#define TLI_WRITER_FIRST_STRINGS 256

static void flush_buffer(struct tli_writer *writer) {
    if (writer->error == 0 && writer->n_buffered > 0)
        writer->error =
            writer->sink.write(writer->sink.context, writer->buffer, writer->n_buffered);
    writer->n_buffered = 0;
}

static void append(ProtobufCBuffer *base, size_t size, const uint8_t *bytes) {
    struct tli_writer *writer = (struct tli_writer *)base;
    while (size > 0) {
        size_t room = TLI_WRITER_BUFFER_BYTES - writer->n_buffered;
        size_t part = size < room ? size : room;
        memcpy(writer->buffer + writer->n_buffered, bytes, part);
        writer->n_buffered += part;
        bytes += part;
        size -= part;
        if (writer->n_buffered == TLI_WRITER_BUFFER_BYTES)
            flush_buffer(writer);
    }
}

void tli_writer_put_bytes(struct tli_writer *writer, const void *bytes, size_t size) {
    append(&writer->base, size, bytes);
}

void tli_writer_begin(struct tli_writer *writer, const struct tally_allocator *allocator,
                      struct tli_sink sink) {
    memset(writer, 0, sizeof *writer);
    writer->base.append = append;
    writer->allocator = allocator;
    writer->sink = sink;
    writer->table.allocator = allocator;
    writer->buffer = tli_grow(allocator, NULL, 0, TLI_WRITER_BUFFER_BYTES, 1);
    writer->strings =
        tli_grow(allocator, NULL, 0, TLI_WRITER_FIRST_STRINGS, sizeof *writer->strings);
    writer->strings_capacity = TLI_WRITER_FIRST_STRINGS;
    if (writer->buffer == NULL || writer->strings == NULL) {
        writer->error = -ENOMEM;
        return;
    }
    writer->strings[writer->n_strings++] = ""; /* index 0, by the format */
}

void tli_writer_begin_again(struct tli_writer *writer) {
    tli_table_clear(&writer->table);
    writer->n_strings = 1;
    writer->n_buffered = 0;
    writer->error = 0;
}

static bool same_string(const void *context, uint32_t index, const void *key) {
    const struct tli_writer *writer = context;
    return strcmp(writer->strings[index], key) == 0;
}

static bool append_string(struct tli_writer *writer, const char *string) {
    if (writer->n_strings == writer->strings_capacity) {
        const char **strings = tli_grow(writer->allocator, writer->strings, writer->n_strings,
                                        2 * (size_t)writer->n_strings, sizeof *strings);
        if (strings == NULL)
            return false;
        writer->strings = strings;
        writer->strings_capacity *= 2;
    }
    writer->strings[writer->n_strings++] = string;
    return true;
}

int64_t tli_writer_string(struct tli_writer *writer, const char *string) {
    if (string == NULL || string[0] == '\0' || writer->error != 0)
        return 0;
    uint64_t hash = tli_hash_bytes(0, string, strlen(string));
    uint32_t index = tli_table_find(&writer->table, hash, same_string, writer, string);
    if (index != TLI_ABSENT)
        return index;
    index = writer->n_strings;
    if (!tli_table_insert(&writer->table, hash, index) || !append_string(writer, string)) {
        writer->error = -ENOMEM;
        return 0;
    }
    return index;
}

void tli_writer_put_header(struct tli_writer *writer, const Perftools__Profiles__Profile *header) {
    if (writer->error != 0)
        return;
    size_t size = perftools__profiles__profile__get_packed_size(header);
    if (size > TLI_WRITER_BUFFER_BYTES) {
        perftools__profiles__profile__pack_to_buffer(header, &writer->base);
        return;
    }
    if (size > TLI_WRITER_BUFFER_BYTES - writer->n_buffered)
        flush_buffer(writer);
    writer->n_buffered +=
        perftools__profiles__profile__pack(header, writer->buffer + writer->n_buffered);
}

void tli_writer_put_sample(struct tli_writer *writer, Perftools__Profiles__Sample *sample) {
    Perftools__Profiles__Profile piece = PERFTOOLS__PROFILES__PROFILE__INIT;
    piece.n_sample = 1;
    piece.sample = &sample;
    tli_writer_put_header(writer, &piece);
}

void tli_writer_put_mapping(struct tli_writer *writer, Perftools__Profiles__Mapping *mapping) {
    Perftools__Profiles__Profile piece = PERFTOOLS__PROFILES__PROFILE__INIT;
    piece.n_mapping = 1;
    piece.mapping = &mapping;
    tli_writer_put_header(writer, &piece);
}

void tli_writer_put_location(struct tli_writer *writer, Perftools__Profiles__Location *location) {
    Perftools__Profiles__Profile piece = PERFTOOLS__PROFILES__PROFILE__INIT;
    piece.n_location = 1;
    piece.location = &location;
    tli_writer_put_header(writer, &piece);
}

void tli_writer_put_function(struct tli_writer *writer, Perftools__Profiles__Function *function) {
    Perftools__Profiles__Profile piece = PERFTOOLS__PROFILES__PROFILE__INIT;
    piece.n_function = 1;
    piece.function = &function;
    tli_writer_put_header(writer, &piece);
}

static void put_string(struct tli_writer *writer, const char *string) {
    Perftools__Profiles__Profile piece = PERFTOOLS__PROFILES__PROFILE__INIT;
    piece.n_string_table = 1;
    piece.string_table = (char **)&string;
    tli_writer_put_header(writer, &piece);
}

/* Every byte that is no part of a well-formed sequence becomes one U+FFFD. */
static void put_broken_string(struct tli_writer *writer, const char *string, size_t size) {
    const size_t grows_by = strlen(TLI_TEXT_REPLACEMENT);
    char *whole = tli_grow(writer->allocator, NULL, 0, size + 1, grows_by), *to = whole;
    if (whole == NULL) {
        writer->error = -ENOMEM;
        return;
    }
    for (size_t at = 0; at < size;) {
        size_t good = tli_utf8_sequence(string + at, size - at);
        memcpy(to, good ? string + at : TLI_TEXT_REPLACEMENT, good ? good : grows_by);
        to += good ? good : grows_by;
        at += good ? good : 1;
    }
    *to = '\0';
    put_string(writer, whole);
    writer->allocator->free(writer->allocator->context, whole);
}

int tli_writer_finish(struct tli_writer *writer) {
    for (uint32_t i = 0; i < writer->n_strings && writer->error == 0; i++) {
        const char *string = writer->strings[i];
        size_t size = strlen(string);
        if (tli_utf8_valid_bytes(string, size) == size)
            put_string(writer, string);
        else
            put_broken_string(writer, string, size);
    }
    flush_buffer(writer);
    return writer->error;
}

void tli_writer_end(struct tli_writer *writer) {
    const struct tally_allocator *allocator = writer->allocator;
    if (writer->buffer != NULL)
        allocator->free(allocator->context, writer->buffer);
    if (writer->strings != NULL)
        allocator->free(allocator->context, writer->strings);
    tli_table_free(&writer->table);
}
