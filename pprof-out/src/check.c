/*
 * check.c - whether a profile keeps the rules of the format.
 *
 * Role in the flow: before anything is written, and for whoever wants to know of a file that was
 * read. The rules are those of google/pprof's CheckValid (a profile that breaks one is refused by
 * every Go tool) and of perf_data_converter's builder.cc, which is stricter about sample types and
 * labels. The decoder has already refused what cannot be represented in the model at all, such as
 * a reference to an id that is not there; a profile that was changed by hand may still have any of
 * these faults.
 *
 * Reads only; stops at the first fault and names it by its place.
 */
#include "error.h"

#include <inttypes.h>
#include <string.h>

#define INVALID(...) tli_fail(error, TALLY_PPROF_INVALID, __VA_ARGS__)

static enum tally_pprof_status check_sample_types(const struct tally_pprof_profile *profile,
                                                  struct tally_pprof_error *error) {
    if (profile->n_sample_types == 0)
        return INVALID("no sample types");
    for (size_t i = 0; i < profile->n_sample_types; i++) {
        const char *type = profile->sample_types[i].type;
        if (type[0] == '\0')
            return INVALID("sample type %zu has no name", i);
        for (size_t j = 0; j < i; j++)
            if (strcmp(profile->sample_types[j].type, type) == 0)
                return INVALID("sample type \"%s\" occurs twice", type);
    }
    if (profile->default_sample_type[0] != '\0' &&
        tally_pprof_sample_index(profile, profile->default_sample_type) < 0)
        return INVALID("default sample type \"%s\" is not among the sample types",
                       profile->default_sample_type);
    return TALLY_PPROF_OK;
}

static bool has_mapping(const struct tally_pprof_profile *profile,
                        const struct tally_pprof_mapping *mapping) {
    return mapping->id - 1 < profile->n_mappings && profile->mappings[mapping->id - 1] == mapping;
}

static bool has_function(const struct tally_pprof_profile *profile,
                         const struct tally_pprof_function *function) {
    return function->id - 1 < profile->n_functions &&
           profile->functions[function->id - 1] == function;
}

static bool has_location(const struct tally_pprof_profile *profile,
                         const struct tally_pprof_location *location) {
    return location->id - 1 < profile->n_locations &&
           profile->locations[location->id - 1] == location;
}

/* Ids run from 1 in the order of the arrays: then none is 0 and none occurs twice. */
static enum tally_pprof_status check_ids(const struct tally_pprof_profile *profile,
                                         struct tally_pprof_error *error) {
    for (size_t i = 0; i < profile->n_mappings; i++)
        if (profile->mappings[i] == NULL || profile->mappings[i]->id != i + 1)
            return INVALID("mapping %zu is missing or has the wrong id", i + 1);
    for (size_t i = 0; i < profile->n_functions; i++)
        if (profile->functions[i] == NULL || profile->functions[i]->id != i + 1)
            return INVALID("function %zu is missing or has the wrong id", i + 1);
    for (size_t i = 0; i < profile->n_locations; i++)
        if (profile->locations[i] == NULL || profile->locations[i]->id != i + 1)
            return INVALID("location %zu is missing or has the wrong id", i + 1);
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status check_location(const struct tally_pprof_profile *profile,
                                              const struct tally_pprof_location *location,
                                              struct tally_pprof_error *error) {
    if (location->mapping != NULL && !has_mapping(profile, location->mapping))
        return INVALID("location %" PRIu64 " has a mapping of another profile", location->id);
    for (size_t i = 0; i < location->n_lines; i++) {
        const struct tally_pprof_function *function = location->lines[i].function;
        if (function == NULL)
            return INVALID("line %zu of location %" PRIu64 " has no function", i, location->id);
        if (!has_function(profile, function))
            return INVALID("line %zu of location %" PRIu64 " has a function of another profile", i,
                           location->id);
    }
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status check_sample(const struct tally_pprof_profile *profile, size_t index,
                                            struct tally_pprof_error *error) {
    const struct tally_pprof_sample *sample = &profile->samples[index];
    if (sample->values == NULL)
        return INVALID("sample %zu has no values", index);
    for (size_t i = 0; i < sample->n_locations; i++) {
        const struct tally_pprof_location *location = sample->locations[i];
        if (location == NULL)
            return INVALID("frame %zu of sample %zu has no location", i, index);
        if (!has_location(profile, location))
            return INVALID("frame %zu of sample %zu has a location of another profile", i, index);
    }
    for (size_t i = 0; i < sample->n_labels; i++) {
        const struct tally_pprof_label *label = &sample->labels[i];
        if (label->str != NULL && label->num != 0)
            return INVALID("label \"%s\" of sample %zu has both a string and a number", label->key,
                           index);
    }
    return TALLY_PPROF_OK;
}

static enum tally_pprof_status check_doc_url(const struct tally_pprof_profile *profile,
                                             struct tally_pprof_error *error) {
    const char *url = profile->doc_url;
    if (url[0] != '\0' && strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        return INVALID("doc_url \"%.100s\" is not an http or https address", url);
    return TALLY_PPROF_OK;
}

enum tally_pprof_status tally_pprof_check(const struct tally_pprof_profile *profile,
                                          struct tally_pprof_error *error) {
    enum tally_pprof_status status = check_sample_types(profile, error);
    if (status == TALLY_PPROF_OK)
        status = check_doc_url(profile, error);
    if (status == TALLY_PPROF_OK)
        status = check_ids(profile, error);
    for (size_t i = 0; status == TALLY_PPROF_OK && i < profile->n_locations; i++)
        status = check_location(profile, profile->locations[i], error);
    for (size_t i = 0; status == TALLY_PPROF_OK && i < profile->n_samples; i++)
        status = check_sample(profile, i, error);
    return status == TALLY_PPROF_OK ? tli_succeed(error) : status;
}
