/*
 * encode.c - a profile of the model as protobuf.
 *
 * Role in the flow: fills in one generated message after the other and hands it to the streaming
 * writer (writer.h), the same that the export of a running program uses. Ids are those of the
 * model, and what refers to them comes after them. A profile without a default sample type is
 * written with its last one, which is what readers take anyway and strict ones insist on.
 *
 * Memory: arrays for one message at a time, and the string table; all by malloc.
 */
#include "encode.h"

#include "bytes.h"
#include "error.h"
#include "model.h"
#include "writer.h"

#include <errno.h>
#include <stdlib.h>

/* The parts of one message; as many as the largest of the profile has. */
struct parts {
    Perftools__Profiles__Line *lines, **line_pointers;
    Perftools__Profiles__Label *labels, **label_pointers;
    uint64_t *stack;
};

static Perftools__Profiles__ValueType value_type(struct tli_writer *writer,
                                                 const struct tally_pprof_value_type *from) {
    Perftools__Profiles__ValueType to = PERFTOOLS__PROFILES__VALUE_TYPE__INIT;
    to.type = tli_writer_string(writer, from->type);
    to.unit = tli_writer_string(writer, from->unit);
    return to;
}

/* Each of these goes out as a piece of its own: repeated fields add up in the file. */
static void put_sample_types(struct tli_writer *writer, const struct tally_pprof_profile *profile) {
    for (size_t i = 0; i < profile->n_sample_types; i++) {
        Perftools__Profiles__ValueType type = value_type(writer, &profile->sample_types[i]);
        Perftools__Profiles__ValueType *types[] = {&type};
        Perftools__Profiles__Profile piece = PERFTOOLS__PROFILES__PROFILE__INIT;
        piece.n_sample_type = 1;
        piece.sample_type = types;
        tli_writer_put_header(writer, &piece);
    }
}

static void put_comments(struct tli_writer *writer, const struct tally_pprof_profile *profile) {
    for (size_t i = 0; i < profile->n_comments; i++) {
        int64_t comment = tli_writer_string(writer, profile->comments[i]);
        Perftools__Profiles__Profile piece = PERFTOOLS__PROFILES__PROFILE__INIT;
        piece.n_comment = 1;
        piece.comment = &comment;
        tli_writer_put_header(writer, &piece);
    }
}

static void put_header(struct tli_writer *writer, const struct tally_pprof_profile *profile) {
    put_sample_types(writer, profile);
    put_comments(writer, profile);
    Perftools__Profiles__ValueType period_type = value_type(writer, &profile->period_type);
    Perftools__Profiles__Profile header = PERFTOOLS__PROFILES__PROFILE__INIT;
    if (period_type.type != 0 || period_type.unit != 0)
        header.period_type = &period_type;
    header.period = profile->period;
    header.time_nanos = profile->time_ns;
    header.duration_nanos = profile->duration_ns;
    header.drop_frames = tli_writer_string(writer, profile->drop_frames);
    header.keep_frames = tli_writer_string(writer, profile->keep_frames);
    header.doc_url = tli_writer_string(writer, profile->doc_url);
    int index = tally_pprof_sample_index(profile, NULL);
    if (index >= 0)
        header.default_sample_type = tli_writer_string(writer, profile->sample_types[index].type);
    tli_writer_put_header(writer, &header);
}

static void put_mapping(struct tli_writer *writer, const struct tally_pprof_mapping *from) {
    Perftools__Profiles__Mapping to = PERFTOOLS__PROFILES__MAPPING__INIT;
    to.id = from->id;
    to.memory_start = from->memory_start;
    to.memory_limit = from->memory_limit;
    to.file_offset = from->file_offset;
    to.filename = tli_writer_string(writer, from->filename);
    to.build_id = tli_writer_string(writer, from->build_id);
    to.has_functions = from->has_functions;
    to.has_filenames = from->has_filenames;
    to.has_line_numbers = from->has_line_numbers;
    to.has_inline_frames = from->has_inline_frames;
    tli_writer_put_mapping(writer, &to);
}

static void put_function(struct tli_writer *writer, const struct tally_pprof_function *from) {
    Perftools__Profiles__Function to = PERFTOOLS__PROFILES__FUNCTION__INIT;
    to.id = from->id;
    to.name = tli_writer_string(writer, from->name);
    to.system_name = tli_writer_string(writer, from->system_name);
    to.filename = tli_writer_string(writer, from->filename);
    to.start_line = from->start_line;
    tli_writer_put_function(writer, &to);
}

static void put_location(struct tli_writer *writer, const struct parts *parts,
                         const struct tally_pprof_location *from) {
    for (size_t i = 0; i < from->n_lines; i++) {
        const struct tally_pprof_line *line = &from->lines[i];
        Perftools__Profiles__Line *to = &parts->lines[i];
        perftools__profiles__line__init(to);
        to->function_id = line->function != NULL ? line->function->id : 0;
        to->line = line->line;
        to->column = line->column;
        parts->line_pointers[i] = to;
    }
    Perftools__Profiles__Location to = PERFTOOLS__PROFILES__LOCATION__INIT;
    to.id = from->id;
    to.mapping_id = from->mapping != NULL ? from->mapping->id : 0;
    to.address = from->address;
    to.is_folded = from->is_folded;
    to.n_line = from->n_lines;
    to.line = parts->line_pointers;
    tli_writer_put_location(writer, &to);
}

static void put_sample(struct tli_writer *writer, const struct parts *parts,
                       const struct tally_pprof_sample *from, size_t n_values) {
    for (size_t i = 0; i < from->n_locations; i++)
        parts->stack[i] = from->locations[i]->id;
    for (size_t i = 0; i < from->n_labels; i++) {
        const struct tally_pprof_label *label = &from->labels[i];
        Perftools__Profiles__Label *to = &parts->labels[i];
        perftools__profiles__label__init(to);
        to->key = tli_writer_string(writer, label->key);
        to->str = tli_writer_string(writer, label->str);
        to->num = label->num;
        to->num_unit = tli_writer_string(writer, label->num_unit);
        parts->label_pointers[i] = to;
    }
    Perftools__Profiles__Sample to = PERFTOOLS__PROFILES__SAMPLE__INIT;
    to.n_location_id = from->n_locations;
    to.location_id = parts->stack;
    to.n_value = n_values;
    to.value = from->values;
    to.n_label = from->n_labels;
    to.label = parts->label_pointers;
    tli_writer_put_sample(writer, &to);
}

static void put_all(struct tli_writer *writer, const struct parts *parts,
                    const struct tally_pprof_profile *profile) {
    put_header(writer, profile);
    for (size_t i = 0; i < profile->n_mappings; i++)
        put_mapping(writer, profile->mappings[i]);
    for (size_t i = 0; i < profile->n_functions; i++)
        put_function(writer, profile->functions[i]);
    for (size_t i = 0; i < profile->n_locations; i++)
        put_location(writer, parts, profile->locations[i]);
    for (size_t i = 0; i < profile->n_samples && writer->error == 0; i++)
        put_sample(writer, parts, &profile->samples[i], profile->n_sample_types);
}

static size_t larger(size_t a, size_t b) {
    return a > b ? a : b;
}

static bool make_parts(struct parts *parts, const struct tally_pprof_profile *profile) {
    size_t most_lines = 1, most_labels = 1, deepest = 1;
    for (size_t i = 0; i < profile->n_locations; i++)
        most_lines = larger(most_lines, profile->locations[i]->n_lines);
    for (size_t i = 0; i < profile->n_samples; i++) {
        most_labels = larger(most_labels, profile->samples[i].n_labels);
        deepest = larger(deepest, profile->samples[i].n_locations);
    }
    parts->lines = calloc(most_lines, sizeof *parts->lines);
    parts->line_pointers = calloc(most_lines, sizeof *parts->line_pointers);
    parts->labels = calloc(most_labels, sizeof *parts->labels);
    parts->label_pointers = calloc(most_labels, sizeof *parts->label_pointers);
    parts->stack = calloc(deepest, sizeof *parts->stack);
    return parts->lines != NULL && parts->line_pointers != NULL && parts->labels != NULL &&
           parts->label_pointers != NULL && parts->stack != NULL;
}

static void free_parts(struct parts *parts) {
    free(parts->lines);
    free(parts->line_pointers);
    free(parts->labels);
    free(parts->label_pointers);
    free(parts->stack);
}

int tli_encode_to(const struct tally_pprof_profile *profile, struct tli_sink sink) {
    struct parts parts = {0};
    struct tli_writer writer;
    tli_writer_begin(&writer, &tli_malloc_allocator, sink);
    if (!make_parts(&parts, profile))
        writer.error = -ENOMEM;
    else
        put_all(&writer, &parts, profile);
    int error = tli_writer_finish(&writer);
    tli_writer_end(&writer);
    free_parts(&parts);
    return error;
}

enum tally_pprof_status tally_pprof_encode(const struct tally_pprof_profile *profile,
                                           uint8_t **bytes, size_t *size,
                                           struct tally_pprof_error *error) {
    struct tli_bytes result = {.limit = SIZE_MAX};
    int failed = tli_encode_to(profile, tli_bytes_sink(&result));
    if (failed != 0) {
        free(result.bytes);
        *bytes = NULL;
        *size = 0;
        return tli_fail_errno(error, failed);
    }
    *bytes = result.bytes;
    *size = result.size;
    return tli_succeed(error);
}
