/*
 * values.c - see values.h.
 */
#include "values.h"

#include "say.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static const struct value_count calls = {"call", "calls", "per call", true};
static const struct value_count objects = {"object", "objects", "per object", false};
static const struct value_count freed = {"object", "objects", "mean lifetime", false};

static const char *text_of(const char *text) {
    return text ? text : "";
}

/* Index of the type that is called STEM (of that length) and END, and is a count; or -1. */
static int count_called(const struct tally_pprof_profile *profile, const char *stem, size_t length,
                        const char *end) {
    for (size_t i = 0; i < profile->n_sample_types; i++) {
        const struct tally_pprof_value_type *type = &profile->sample_types[i];
        if (strncmp(type->type, stem, length) == 0 && strcmp(type->type + length, end) == 0 &&
            strcmp(text_of(type->unit), "count") == 0)
            return (int)i;
    }
    return -1;
}

int values_count_of(const struct tally_pprof_profile *profile, size_t of,
                    const struct value_count **words) {
    static const char space[] = "_space", of_objects[] = "_objects";
    const char *type = profile->sample_types[of].type;
    int count;
    *words = &objects;
    if (text_ends_with(type, of_objects)) {
        count = count_called(profile, type, strlen(type), "");
    } else if (text_ends_with(type, space)) {
        count = count_called(profile, type, strlen(type) - strlen(space), of_objects);
    } else if (strcmp(type, "lifetime") == 0) {
        *words = &freed;
        count = count_called(profile, "freed", strlen("freed"), of_objects);
    } else {
        *words = &calls;
        count = count_called(profile, "calls", strlen("calls"), "");
    }
    if (count < 0)
        *words = NULL;
    return count;
}

static bool is_variance_of(const struct tally_pprof_value_type *variance,
                           const struct tally_pprof_value_type *type) {
    const char *unit = text_of(type->unit);
    size_t name_length = strlen(type->type), unit_length = strlen(unit);
    return strncmp(variance->type, type->type, name_length) == 0 &&
           strcmp(variance->type + name_length, "_variance") == 0 &&
           strncmp(text_of(variance->unit), unit, unit_length) == 0 &&
           strcmp(text_of(variance->unit) + unit_length, "^2") == 0;
}

int values_variance_of(const struct tally_pprof_profile *profile, size_t of) {
    for (size_t i = 0; i < profile->n_sample_types; i++)
        if (is_variance_of(&profile->sample_types[i], &profile->sample_types[of]))
            return (int)i;
    return -1;
}

int values_variance_is_of(const struct tally_pprof_profile *profile, size_t variance) {
    for (size_t i = 0; i < profile->n_sample_types; i++)
        if (is_variance_of(&profile->sample_types[variance], &profile->sample_types[i]))
            return (int)i;
    return -1;
}

char *values_names(const struct tally_pprof_profile *profile) {
    char *names = need_copy("");
    for (size_t i = 0; i < profile->n_sample_types; i++) {
        char *longer = need_print("%s%s%s", names, i ? ", " : "", profile->sample_types[i].type);
        free(names);
        names = longer;
    }
    return names;
}
