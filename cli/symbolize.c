/*
 * symbolize.c - see symbolize.h; the look-up in ELF files is symbols.c.
 *
 * A profile cannot be changed in its locations, so a copy is built: everything as it was, but
 * locations without functions with those that were found. Two locations that become equal, and
 * samples that thereby do, are one in the copy; sums stay the same.
 */
#include "symbolize.h"

#include "say.h"
#include "symbols.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct source {
    struct symbols *symbols; /* null: the file cannot be used */
    size_t wanted, resolved;
    bool files, lines, inlined; /* what was found */
};

struct copy {
    const struct tally_pprof_profile *from;
    struct tally_pprof_profile *to;
    struct source *sources;                        /* by mapping id - 1 */
    struct tally_pprof_mapping **mappings;         /* likewise */
    const struct tally_pprof_location **locations; /* by location id - 1 */
    const struct tally_pprof_function **functions; /* by function id - 1 */
};

static const char *text_of(const char *text) {
    return text ? text : "";
}

static bool is_wanted(const struct tally_pprof_location *location) {
    return location->n_lines == 0;
}

static bool changed_since(const struct tally_pprof_profile *profile, const struct stat *facts) {
    int64_t changed_ns = (int64_t)facts->st_mtim.tv_sec * 1000000000 + facts->st_mtim.tv_nsec;
    return profile->time_ns != 0 && changed_ns > profile->time_ns + profile->duration_ns;
}

/* Opens the file of a mapping, or says why its addresses stay as they are. */
static void open_source(const struct tally_pprof_profile *profile,
                        const struct tally_pprof_mapping *mapping, struct source *source) {
    const char *path = text_of(mapping->filename), *build_id = text_of(mapping->build_id);
    const char *cause = NULL;
    struct stat facts;
    if (path[0] != '/' || path[1] == '/')
        return; /* [vdso], //anon and the like are no files */
    if (stat(path, &facts) != 0)
        cause = strerror(errno);
    else if (!S_ISREG(facts.st_mode))
        cause = "not a regular file";
    else if ((source->symbols = symbols_open(path, &cause))) {
        const char *found = symbols_build_id(source->symbols);
        if (*build_id ? strcmp(found, build_id) != 0 : changed_since(profile, &facts)) {
            cause = *build_id ? "another build than the one profiled (build id differs)"
                              : "changed after the profile was taken";
            symbols_close(source->symbols);
            source->symbols = NULL;
        }
    }
    if (!source->symbols)
        say_note("%s: %s; its %zu address%s stay%s without names", path, cause, source->wanted,
                 source->wanted == 1 ? "" : "es", source->wanted == 1 ? "s" : "");
}

static struct source *open_sources(const struct tally_pprof_profile *profile, size_t *wanted) {
    struct source *sources = need_array(profile->n_mappings, sizeof *sources);
    *wanted = 0;
    for (size_t i = 0; i < profile->n_locations; i++) {
        const struct tally_pprof_location *location = profile->locations[i];
        if (!is_wanted(location))
            continue;
        ++*wanted;
        if (location->mapping)
            sources[location->mapping->id - 1].wanted++;
    }
    for (size_t i = 0; i < profile->n_mappings; i++)
        if (sources[i].wanted)
            open_source(profile, profile->mappings[i], &sources[i]);
    return sources;
}

static void close_sources(struct source *sources, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (sources[i].symbols)
            symbols_close(sources[i].symbols);
    free(sources);
}

static void copy_head(struct copy *copy) {
    const struct tally_pprof_profile *from = copy->from;
    struct tally_pprof_profile *to = copy->to;
    for (size_t i = 0; i < from->n_sample_types; i++)
        if (!tally_pprof_add_sample_type(to, from->sample_types[i].type,
                                         text_of(from->sample_types[i].unit)))
            need(NULL);
    for (size_t i = 0; i < from->n_comments; i++)
        if (!tally_pprof_add_comment(to, from->comments[i]))
            need(NULL);
    to->default_sample_type = need((void *)tally_pprof_intern(to, from->default_sample_type));
    to->drop_frames = need((void *)tally_pprof_intern(to, text_of(from->drop_frames)));
    to->keep_frames = need((void *)tally_pprof_intern(to, text_of(from->keep_frames)));
    to->doc_url = need((void *)tally_pprof_intern(to, text_of(from->doc_url)));
    to->period_type.type = need((void *)tally_pprof_intern(to, text_of(from->period_type.type)));
    to->period_type.unit = need((void *)tally_pprof_intern(to, text_of(from->period_type.unit)));
    to->period = from->period;
    to->time_ns = from->time_ns;
    to->duration_ns = from->duration_ns;
}

static void copy_functions(struct copy *copy) {
    for (size_t i = 0; i < copy->from->n_functions; i++) {
        const struct tally_pprof_function *function = copy->from->functions[i];
        copy->functions[i] = need((void *)tally_pprof_add_function(
            copy->to, text_of(function->name), text_of(function->system_name),
            text_of(function->filename), function->start_line));
    }
}

/* The frames found for a location, as lines of the copy; *n is 0 if none were. */
static struct tally_pprof_line *resolve(struct copy *copy,
                                        const struct tally_pprof_location *location, size_t *n) {
    const struct tally_pprof_mapping *mapping = location->mapping;
    struct source *source = mapping ? &copy->sources[mapping->id - 1] : NULL;
    uint64_t address;
    *n = 0;
    if (!source || !source->symbols ||
        !symbols_address(source->symbols,
                         location->address - mapping->memory_start + mapping->file_offset,
                         &address))
        return NULL;
    struct symbol_frame *frames = symbols_find(source->symbols, address, n);
    struct tally_pprof_line *lines = need_array(*n, sizeof *lines);
    for (size_t i = 0; i < *n; i++) {
        lines[i].function = need((void *)tally_pprof_add_function(
            copy->to, frames[i].name, frames[i].system_name, frames[i].file, frames[i].start_line));
        lines[i].line = frames[i].line;
        source->files = source->files || *frames[i].file;
        source->lines = source->lines || frames[i].line;
        source->inlined = source->inlined || *frames[i].file;
    }
    source->resolved += *n > 0;
    symbols_free_frames(frames, *n);
    return lines;
}

static void copy_locations(struct copy *copy) {
    for (size_t i = 0; i < copy->from->n_locations; i++) {
        const struct tally_pprof_location *location = copy->from->locations[i];
        size_t n = location->n_lines;
        struct tally_pprof_line *lines;
        if (is_wanted(location)) {
            lines = resolve(copy, location, &n);
        } else {
            lines = need_array(n, sizeof *lines);
            for (size_t j = 0; j < n; j++) {
                lines[j] = location->lines[j];
                if (lines[j].function)
                    lines[j].function = copy->functions[lines[j].function->id - 1];
            }
        }
        struct tally_pprof_mapping *mapping =
            location->mapping ? copy->mappings[location->mapping->id - 1] : NULL;
        struct tally_pprof_location *made = (struct tally_pprof_location *)need(
            (void *)tally_pprof_add_location(copy->to, mapping, location->address, lines, n));
        made->is_folded = location->is_folded;
        copy->locations[i] = made;
        free(lines);
    }
}

static void copy_samples(struct copy *copy) {
    const struct tally_pprof_location **stack = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < copy->from->n_samples; i++) {
        const struct tally_pprof_sample *sample = &copy->from->samples[i];
        for (size_t j = 0; j < sample->n_locations; j++) {
            stack = need_room(stack, &capacity, j, sizeof *stack);
            stack[j] = copy->locations[sample->locations[j]->id - 1];
        }
        if (!tally_pprof_add_sample(copy->to, stack, sample->n_locations, sample->values,
                                    sample->labels, sample->n_labels))
            need(NULL);
    }
    free(stack);
}

static void set_flags(struct copy *copy, struct symbolize_result *result) {
    for (size_t i = 0; i < copy->from->n_mappings; i++) {
        const struct source *source = &copy->sources[i];
        struct tally_pprof_mapping *mapping = copy->mappings[i];
        result->resolved += source->resolved;
        if (!source->resolved)
            continue;
        mapping->has_functions = true;
        mapping->has_filenames = mapping->has_filenames || source->files;
        mapping->has_line_numbers = mapping->has_line_numbers || source->lines;
        mapping->has_inline_frames = mapping->has_inline_frames || source->inlined;
    }
}

static struct tally_pprof_profile *symbolized(const struct tally_pprof_profile *profile,
                                              struct source *sources,
                                              struct symbolize_result *result) {
    struct copy copy = {
        .from = profile,
        .to = need(tally_pprof_new()),
        .sources = sources,
        .mappings = need_array(profile->n_mappings, sizeof *copy.mappings),
        .locations = need_array(profile->n_locations, sizeof *copy.locations),
        .functions = need_array(profile->n_functions, sizeof *copy.functions),
    };
    copy_head(&copy);
    for (size_t i = 0; i < profile->n_mappings; i++)
        copy.mappings[i] = need(tally_pprof_add_mapping(copy.to, profile->mappings[i]));
    copy_functions(&copy);
    copy_locations(&copy);
    set_flags(&copy, result);
    copy_samples(&copy);
    free(copy.mappings);
    free(copy.locations);
    free(copy.functions);
    return copy.to;
}

void symbolize_profile(struct tally_pprof_profile **profile, struct symbolize_result *result) {
    struct symbolize_result counts = {0};
    struct source *sources = open_sources(*profile, &counts.wanted);
    size_t n_sources = (*profile)->n_mappings;
    bool possible = false;
    for (size_t i = 0; i < n_sources; i++)
        possible = possible || sources[i].symbols;
    if (possible) {
        struct tally_pprof_profile *copy = symbolized(*profile, sources, &counts);
        tally_pprof_free(*profile);
        *profile = copy;
    }
    close_sources(sources, n_sources);
    if (result)
        *result = counts;
}
