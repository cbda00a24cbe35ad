/*
 * decode_tables.c - the tables of a file and its samples into the model.
 *
 * Role in the flow: the second half of the decoder (decode.c walks the fields and calls the
 * handlers here). Mappings and functions come first, then locations, which refer to them, then
 * samples, which refer to locations. The ids of the file, which may be any numbers, end here: each
 * is looked up in a map (idmap.h), and the model counts its own.
 *
 * Each handler sees one sub-message in scratch memory; only the model keeps anything.
 */
#include "decode.h"

#include <inttypes.h>

/* ---- mappings, functions, locations ---- */

static enum tally_pprof_status add_id(struct decoder *decoder, struct tli_idmap *map, uint64_t id,
                                      const void *thing, const char *kind) {
    if (thing == NULL)
        return tli_no_memory(decoder->error);
    if (id == 0)
        return CORRUPT("a %s has the reserved id 0", kind);
    switch (tli_idmap_add(map, id, thing)) {
    case TLI_IDMAP_DUPLICATE:
        return CORRUPT("%s id %" PRIu64 " occurs twice", kind, id);
    case TLI_IDMAP_NO_MEMORY:
        return tli_no_memory(decoder->error);
    case TLI_IDMAP_ADDED:
        break;
    }
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status on_mapping(struct decoder *decoder,
                                          const struct tli_wire_field *field) {
    Perftools__Profiles__Mapping *message = NULL;
    const char *strings[2];
    enum tally_pprof_status status =
        tli_decode_unpack(decoder, field, &perftools__profiles__mapping__descriptor, &message);
    if (status == TALLY_PPROF_OK)
        status = tli_decode_strings(decoder, 2, (int64_t[]){message->filename, message->build_id},
                                    strings);
    if (status != TALLY_PPROF_OK)
        return status;
    struct tally_pprof_mapping like = {
        .memory_start = message->memory_start,
        .memory_limit = message->memory_limit,
        .file_offset = message->file_offset,
        .filename = strings[0],
        .build_id = strings[1],
        .has_functions = message->has_functions,
        .has_filenames = message->has_filenames,
        .has_line_numbers = message->has_line_numbers,
        .has_inline_frames = message->has_inline_frames,
    };
    return add_id(decoder, &decoder->mappings, message->id,
                  tally_pprof_add_mapping(decoder->profile, &like), "mapping");
}

static enum tally_pprof_status on_function(struct decoder *decoder,
                                           const struct tli_wire_field *field) {
    Perftools__Profiles__Function *message = NULL;
    const char *strings[3];
    enum tally_pprof_status status =
        tli_decode_unpack(decoder, field, &perftools__profiles__function__descriptor, &message);
    if (status == TALLY_PPROF_OK)
        status = tli_decode_strings(
            decoder, 3, (int64_t[]){message->name, message->system_name, message->filename},
            strings);
    if (status != TALLY_PPROF_OK)
        return status;
    return add_id(decoder, &decoder->functions, message->id,
                  tally_pprof_add_function(decoder->profile, strings[0], strings[1], strings[2],
                                           message->start_line),
                  "function");
}

static enum tally_pprof_status get_lines(struct decoder *decoder,
                                         const Perftools__Profiles__Location *message,
                                         struct tally_pprof_line *lines) {
    for (size_t i = 0; i < message->n_line; i++) {
        const Perftools__Profiles__Line *line = message->line[i];
        lines[i] = (struct tally_pprof_line){
            .function = tli_idmap_get(&decoder->functions, line->function_id),
            .line = line->line,
            .column = line->column,
        };
        if (lines[i].function == NULL && line->function_id != 0)
            return CORRUPT("location %" PRIu64 " refers to function %" PRIu64 ", which is missing",
                           message->id, line->function_id);
    }
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status on_location(struct decoder *decoder,
                                           const struct tli_wire_field *field) {
    Perftools__Profiles__Location *message = NULL;
    enum tally_pprof_status status =
        tli_decode_unpack(decoder, field, &perftools__profiles__location__descriptor, &message);
    if (status != TALLY_PPROF_OK)
        return status;
    struct tally_pprof_line *lines = tli_decode_scratch(decoder, message->n_line, sizeof *lines);
    if (lines == NULL)
        return tli_no_memory(decoder->error);
    struct tally_pprof_location like = {
        .mapping = tli_idmap_get(&decoder->mappings, message->mapping_id),
        .address = message->address,
        .lines = lines,
        .n_lines = message->n_line,
        .is_folded = message->is_folded,
    };
    if (like.mapping == NULL && message->mapping_id != 0)
        return CORRUPT("location %" PRIu64 " refers to mapping %" PRIu64 ", which is missing",
                       message->id, message->mapping_id);
    status = get_lines(decoder, message, lines);
    if (status != TALLY_PPROF_OK)
        return status;
    return add_id(decoder, &decoder->locations, message->id,
                  tli_add_location(decoder->profile, &like), "location");
}

enum tally_pprof_status tli_decode_tables(struct decoder *decoder) {
    static handler *const first[N_FIELDS] = {[MAPPING] = on_mapping, [FUNCTION] = on_function};
    static handler *const second[N_FIELDS] = {[LOCATION] = on_location};
    uint64_t seed = decoder->profile->store->seed;
    const struct tally_allocator *memory = &decoder->profile->store->memory.allocator;
    if (!tli_idmap_begin(&decoder->mappings, decoder->counts[MAPPING], seed, memory) ||
        !tli_idmap_begin(&decoder->functions, decoder->counts[FUNCTION], seed, memory) ||
        !tli_idmap_begin(&decoder->locations, decoder->counts[LOCATION], seed, memory))
        return tli_no_memory(decoder->error);
    enum tally_pprof_status status = tli_decode_walk(decoder, first);
    return status == TALLY_PPROF_OK ? tli_decode_walk(decoder, second) : status;
}

/* ---- samples ---- */

static enum tally_pprof_status get_stack(struct decoder *decoder,
                                         const Perftools__Profiles__Sample *message,
                                         const struct tally_pprof_location **stack) {
    uint64_t n_frames = 0;
    for (size_t i = 0; i < message->n_location_id; i++) {
        stack[i] = tli_idmap_get(&decoder->locations, message->location_id[i]);
        if (stack[i] == NULL)
            return CORRUPT("a sample refers to location %" PRIu64 ", which is missing",
                           message->location_id[i]);
        n_frames += stack[i]->n_lines > 0 ? stack[i]->n_lines : 1;
    }
    decoder->n_frames += n_frames;
    if (n_frames > TALLY_PPROF_MOST_FRAMES)
        return TOO_LARGE("a stack of %" PRIu64 " frames, more than %d", n_frames,
                         TALLY_PPROF_MOST_FRAMES);
    if (decoder->n_frames > decoder->most_frames)
        return TOO_LARGE("stacks of more than %" PRIu64 " frames in all", decoder->most_frames);
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status get_labels(struct decoder *decoder,
                                          const Perftools__Profiles__Sample *message,
                                          struct tally_pprof_label *labels) {
    for (size_t i = 0; i < message->n_label; i++) {
        const Perftools__Profiles__Label *from = message->label[i];
        const char *strings[3];
        enum tally_pprof_status status = tli_decode_strings(
            decoder, 3, (int64_t[]){from->key, from->str, from->num_unit}, strings);
        if (status != TALLY_PPROF_OK)
            return status;
        labels[i] = (struct tally_pprof_label){
            .key = strings[0],
            .str = from->str != 0 ? strings[1] : NULL,
            .num = from->num,
            .num_unit = strings[2],
        };
    }
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status on_sample(struct decoder *decoder,
                                         const struct tli_wire_field *field) {
    Perftools__Profiles__Sample *message = NULL;
    enum tally_pprof_status status =
        tli_decode_unpack(decoder, field, &perftools__profiles__sample__descriptor, &message);
    if (status != TALLY_PPROF_OK)
        return status;
    if (message->n_value != decoder->profile->n_sample_types)
        return CORRUPT("a sample has %zu values, the profile %zu sample types", message->n_value,
                       decoder->profile->n_sample_types);
    const struct tally_pprof_location **stack =
        tli_decode_scratch(decoder, message->n_location_id, sizeof *stack);
    struct tally_pprof_label *labels =
        tli_decode_scratch(decoder, message->n_label, sizeof *labels);
    if (stack == NULL || labels == NULL)
        return tli_no_memory(decoder->error);
    status = get_stack(decoder, message, stack);
    if (status == TALLY_PPROF_OK)
        status = get_labels(decoder, message, labels);
    if (status != TALLY_PPROF_OK)
        return status;
    return tally_pprof_add_sample(decoder->profile, stack, message->n_location_id, message->value,
                                  labels, message->n_label)
               ? TALLY_PPROF_OK
               : tli_no_memory(decoder->error);
}

enum tally_pprof_status tli_decode_samples(struct decoder *decoder) {
    static handler *const handlers[N_FIELDS] = {[SAMPLE] = on_sample};
    enum tally_pprof_status status = tli_decode_walk(decoder, handlers);
    if (status == TALLY_PPROF_OK && decoder->profile->store->is_cut)
        return TOO_LARGE("equal samples add up to more than 64 bits can hold");
    return status;
}
