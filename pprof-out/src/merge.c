/*
 * merge.c - the sum of several profiles; nothing else combines profiles.
 *
 * Role in the flow: `tally merge`, and everything that reads more than one file at once. Each
 * profile in turn is added to the result, things of equal contents becoming one:
 *
 *   mapping    same build id (or, without one, file name), size in pages and offset
 *   function   same names, file and line
 *   location   same mapping, lines and address, counted from the start of its mapping, because a
 *              library is loaded elsewhere in each run
 *   sample     same locations and labels: values are added, at the ends of int64 they stay there
 *
 * Samples whose values are all zero stay. The result belongs to the caller; the sources are only
 * read. On failure there is no result.
 */
#include "error.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

#define TLI_PAGE_BYTES UINT64_C(4096)

/* Where the things of one source stand in the result; index: id - 1 in the source. */
struct images {
    const struct tally_pprof_profile *source;
    struct tally_pprof_profile *result;
    const struct tally_pprof_mapping **mappings;
    const struct tally_pprof_function **functions;
    const struct tally_pprof_location **locations;
    struct tally_pprof_line *lines;            /* as many as one location may have */
    const struct tally_pprof_location **stack; /* as many as one sample may have */
};

/* ---- may they be merged? ---- */

static bool same_type(const struct tally_pprof_value_type *a,
                      const struct tally_pprof_value_type *b) {
    return strcmp(a->type, b->type) == 0 && strcmp(a->unit, b->unit) == 0;
}

static enum tally_pprof_status check_compatible(const struct tally_pprof_profile *a,
                                                const struct tally_pprof_profile *b, size_t index,
                                                struct tally_pprof_error *error) {
    if (a->n_sample_types != b->n_sample_types)
        return tli_fail(error, TALLY_PPROF_INCOMPATIBLE,
                        "profile 1 has %zu sample types and profile %zu has %zu", a->n_sample_types,
                        index + 1, b->n_sample_types);
    for (size_t i = 0; i < a->n_sample_types; i++)
        if (!same_type(&a->sample_types[i], &b->sample_types[i]))
            return tli_fail(error, TALLY_PPROF_INCOMPATIBLE,
                            "sample type %zu is %s/%s in profile 1 and %s/%s in profile %zu", i + 1,
                            a->sample_types[i].type, a->sample_types[i].unit,
                            b->sample_types[i].type, b->sample_types[i].unit, index + 1);
    if (!same_type(&a->period_type, &b->period_type))
        return tli_fail(error, TALLY_PPROF_INCOMPATIBLE,
                        "the period is in %s/%s in profile 1 and in %s/%s in profile %zu",
                        a->period_type.type, a->period_type.unit, b->period_type.type,
                        b->period_type.unit, index + 1);
    return TALLY_PPROF_OK;
}

/* ---- mappings ---- */

static uint64_t size_in_pages(const struct tally_pprof_mapping *mapping) {
    return (mapping->memory_limit - mapping->memory_start + TLI_PAGE_BYTES - 1) / TLI_PAGE_BYTES;
}

static bool same_mapping(const struct tally_pprof_mapping *a, const struct tally_pprof_mapping *b) {
    if (size_in_pages(a) != size_in_pages(b) || a->file_offset != b->file_offset)
        return false;
    if (a->build_id[0] != '\0' || b->build_id[0] != '\0')
        return strcmp(a->build_id, b->build_id) == 0;
    return strcmp(a->filename, b->filename) == 0;
}

static bool add_mapping(struct images *images, size_t index, size_t n_before) {
    const struct tally_pprof_mapping *from = images->source->mappings[index];
    struct tally_pprof_profile *result = images->result;
    struct tally_pprof_mapping *to = NULL;
    /* Only those of earlier profiles: what one profile tells apart stays apart. */
    for (size_t i = 0; i < n_before && to == NULL; i++)
        if (same_mapping(result->mappings[i], from))
            to = result->mappings[i];
    if (to == NULL) {
        to = tally_pprof_add_mapping(result, from);
    } else { /* said of all locations in it only if both say so */
        to->has_functions &= from->has_functions;
        to->has_filenames &= from->has_filenames;
        to->has_line_numbers &= from->has_line_numbers;
        to->has_inline_frames &= from->has_inline_frames;
    }
    images->mappings[index] = to;
    return to != NULL;
}

/* ---- everything else, from the ground up ---- */

static bool add_function(struct images *images, size_t index) {
    const struct tally_pprof_function *from = images->source->functions[index];
    images->functions[index] = tally_pprof_add_function(
        images->result, from->name, from->system_name, from->filename, from->start_line);
    return images->functions[index] != NULL;
}

static bool add_location(struct images *images, size_t index) {
    const struct tally_pprof_location *from = images->source->locations[index];
    struct tally_pprof_location like = *from;
    for (size_t i = 0; i < from->n_lines; i++) {
        images->lines[i] = from->lines[i];
        if (from->lines[i].function != NULL)
            images->lines[i].function = images->functions[from->lines[i].function->id - 1];
    }
    like.lines = images->lines;
    if (from->mapping != NULL) {
        like.mapping = images->mappings[from->mapping->id - 1];
        like.address += like.mapping->memory_start - from->mapping->memory_start;
    }
    images->locations[index] = tli_add_location(images->result, &like);
    return images->locations[index] != NULL;
}

static bool add_sample(struct images *images, size_t index) {
    const struct tally_pprof_sample *from = &images->source->samples[index];
    for (size_t i = 0; i < from->n_locations; i++)
        images->stack[i] = images->locations[from->locations[i]->id - 1];
    return tally_pprof_add_sample(images->result, images->stack, from->n_locations, from->values,
                                  from->labels, from->n_labels);
}

static bool add_all(struct images *images) {
    const struct tally_pprof_profile *source = images->source;
    size_t n_before = images->result->n_mappings;
    for (size_t i = 0; i < source->n_mappings; i++)
        if (!add_mapping(images, i, n_before))
            return false;
    for (size_t i = 0; i < source->n_functions; i++)
        if (!add_function(images, i))
            return false;
    for (size_t i = 0; i < source->n_locations; i++)
        if (!add_location(images, i))
            return false;
    for (size_t i = 0; i < source->n_samples; i++)
        if (!add_sample(images, i))
            return false;
    return true;
}

static bool make_images(struct images *images) {
    const struct tally_pprof_profile *source = images->source;
    size_t most_lines = 0, deepest = 0;
    for (size_t i = 0; i < source->n_locations; i++)
        if (source->locations[i]->n_lines > most_lines)
            most_lines = source->locations[i]->n_lines;
    for (size_t i = 0; i < source->n_samples; i++)
        if (source->samples[i].n_locations > deepest)
            deepest = source->samples[i].n_locations;
    images->mappings = calloc(source->n_mappings + 1, sizeof *images->mappings);
    images->functions = calloc(source->n_functions + 1, sizeof *images->functions);
    images->locations = calloc(source->n_locations + 1, sizeof *images->locations);
    images->lines = calloc(most_lines + 1, sizeof *images->lines);
    images->stack = calloc(deepest + 1, sizeof *images->stack);
    return images->mappings != NULL && images->functions != NULL && images->locations != NULL &&
           images->lines != NULL && images->stack != NULL;
}

static bool add_profile(struct tally_pprof_profile *result,
                        const struct tally_pprof_profile *source) {
    struct images images = {.source = source, .result = result};
    bool added = make_images(&images) && add_all(&images);
    free(images.mappings);
    free(images.functions);
    free(images.locations);
    free(images.lines);
    free(images.stack);
    return added;
}

/* ---- what a profile has one of ---- */

static bool take_first(struct tally_pprof_profile *result, const char **to, const char *from) {
    if ((*to)[0] == '\0')
        *to = tally_pprof_intern(result, from);
    return *to != NULL;
}

static bool add_comments(struct tally_pprof_profile *result,
                         const struct tally_pprof_profile *source) {
    for (size_t i = 0; i < source->n_comments; i++) {
        bool known = false;
        for (size_t j = 0; j < result->n_comments && !known; j++)
            known = strcmp(result->comments[j], source->comments[i]) == 0;
        if (!known && !tally_pprof_add_comment(result, source->comments[i]))
            return false;
    }
    return true;
}

static bool add_header(struct tally_pprof_profile *result,
                       const struct tally_pprof_profile *source) {
    if (result->time_ns == 0 || (source->time_ns != 0 && source->time_ns < result->time_ns))
        result->time_ns = source->time_ns;
    result->duration_ns = tli_saturating_add(result->duration_ns, source->duration_ns);
    result->period = source->period > result->period ? source->period : result->period;
    return take_first(result, &result->default_sample_type, source->default_sample_type) &&
           take_first(result, &result->drop_frames, source->drop_frames) &&
           take_first(result, &result->keep_frames, source->keep_frames) &&
           take_first(result, &result->doc_url, source->doc_url) && add_comments(result, source);
}

static bool start_result(struct tally_pprof_profile *result,
                         const struct tally_pprof_profile *first) {
    for (size_t i = 0; i < first->n_sample_types; i++)
        if (!tally_pprof_add_sample_type(result, first->sample_types[i].type,
                                         first->sample_types[i].unit))
            return false;
    result->period_type.type = tally_pprof_intern(result, first->period_type.type);
    result->period_type.unit = tally_pprof_intern(result, first->period_type.unit);
    result->period = first->period;
    return result->period_type.type != NULL && result->period_type.unit != NULL;
}

enum tally_pprof_status tally_pprof_merge(const struct tally_pprof_profile *const *profiles,
                                          size_t n, struct tally_pprof_profile **merged,
                                          struct tally_pprof_error *error) {
    *merged = NULL;
    if (n == 0)
        return tli_fail(error, TALLY_PPROF_INCOMPATIBLE, "no profiles to merge");
    for (size_t i = 0; i < n; i++) {
        enum tally_pprof_status status = check_compatible(profiles[0], profiles[i], i, error);
        if (status != TALLY_PPROF_OK)
            return status;
    }
    struct tally_pprof_profile *result = tally_pprof_new();
    bool done = result != NULL && start_result(result, profiles[0]);
    for (size_t i = 0; done && i < n; i++)
        done = add_header(result, profiles[i]) && add_profile(result, profiles[i]);
    if (!done) {
        tally_pprof_free(result);
        return tli_no_memory(error);
    }
    *merged = result;
    return tli_succeed(error);
}
