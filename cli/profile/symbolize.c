/*
 * symbolize.c - see symbolize.h; the look-up in ELF files is symbols.c.
 *
 * A profile cannot be changed in its locations, so a copy is built: everything as it was, but
 * locations without functions, or with one known by its address alone, with those that were found.
 * Two locations that become equal, and samples that thereby do, are one in the copy; sums stay the
 * same.
 */
#include "symbolize.h"

#include "format.h"
#include "say.h"
#include "structors.h"
#include "symbols.h"
#include "text.h"

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
    enum structor *structors;                      /* likewise: whose call or entry it is */
};

static const char *text_of(const char *text) {
    return text ? text : "";
}

static uint64_t file_offset_of(const struct tally_pprof_location *location) {
    const struct tally_pprof_mapping *mapping = location->mapping;
    return location->address - mapping->memory_start + mapping->file_offset;
}

/* Whether the location is in a function that tally_export knew by its address alone, and named by
 * that: "[app+0x1139]" is the function at this offset of the location's file. */
static bool bare_function_of(const struct tally_pprof_location *location, uint64_t *file_offset) {
    if (!location->mapping || location->n_lines != 1 || !location->lines[0].function)
        return false;
    const char *name = text_of(location->lines[0].function->name), *end = strrchr(name, '+');
    const char *file = text_base(text_of(location->mapping->filename));
    size_t length = strlen(file);
    if (*name != '[' || end != name + 1 + length || memcmp(name + 1, file, length) != 0)
        return false;
    char *rest;
    *file_offset = strtoull(end + 1, &rest, 16);
    return strcmp(rest, "]") == 0;
}

static bool is_wanted(const struct tally_pprof_location *location) {
    uint64_t file_offset;
    return location->n_lines == 0 || bare_function_of(location, &file_offset);
}

static bool changed_since(const struct tally_pprof_profile *profile, const struct stat *facts) {
    int64_t changed_ns = (int64_t)facts->st_mtim.tv_sec * 1000000000 + facts->st_mtim.tv_nsec;
    return profile->time_ns != 0 && changed_ns > (wide)profile->time_ns + profile->duration_ns;
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

static struct tally_pprof_line *copy_lines(struct copy *copy,
                                           const struct tally_pprof_location *location) {
    struct tally_pprof_line *lines = need_array(location->n_lines, sizeof *lines);
    for (size_t i = 0; i < location->n_lines; i++) {
        const struct tally_pprof_function *function = location->lines[i].function;
        lines[i] = location->lines[i];
        if (function)
            lines[i].function = need((void *)tally_pprof_add_function(
                copy->to, text_of(function->name), text_of(function->system_name),
                text_of(function->filename), function->start_line));
    }
    return lines;
}

static struct tally_pprof_line found_line(struct copy *copy, struct source *source,
                                          const struct symbol_frame *frame) {
    source->files = source->files || *frame->file;
    source->lines = source->lines || frame->line;
    return (struct tally_pprof_line){
        .function = need((void *)tally_pprof_add_function(copy->to, frame->name, frame->system_name,
                                                          frame->file, frame->start_line)),
        .line = frame->line,
    };
}

static struct symbol_frame *frames_at(const struct source *source, uint64_t file_offset,
                                      size_t *n) {
    uint64_t address;
    *n = 0;
    if (!source->symbols || !symbols_address(source->symbols, file_offset, &address))
        return NULL;
    return symbols_find(source->symbols, address, n);
}

/* Of an address alone: the function there, and every body inlined there. */
static void resolve_address(struct copy *copy, struct source *source,
                            struct tally_pprof_location *location) {
    size_t n;
    struct symbol_frame *frames = frames_at(source, file_offset_of(location), &n);
    struct tally_pprof_line *lines = need_array(n, sizeof *lines);
    for (size_t i = 0; i < n; i++)
        lines[i] = found_line(copy, source, &frames[i]);
    location->lines = lines;
    location->n_lines = n;
    symbols_free_frames(frames, n);
}

/* The line in the function at `entry` of other code; *line stays as it is if it is none of its. */
static bool find_line_in(const struct source *source, uint64_t entry, uint64_t file_offset,
                         int64_t *line) {
    uint64_t function, address;
    return file_offset != entry && symbols_address(source->symbols, entry, &function) &&
           symbols_address(source->symbols, file_offset, &address) &&
           symbols_line_in(source->symbols, function, address, line);
}

/* Of a call by the function at `entry`, or that entry itself. The function is the one frame there
 * is, whatever code lies at the address; that gives the line in it. Where the function does not
 * stand at the address (one that is not instrumented called back in its place, a thunk is in
 * between, it was inlined and nothing says so) the location becomes its entry. */
static void resolve_in_function(struct copy *copy, struct source *source,
                                struct tally_pprof_location *location, uint64_t entry) {
    size_t n;
    struct symbol_frame *frames = frames_at(source, entry, &n);
    if (n == 0)
        return;
    struct symbol_frame *function = &frames[n - 1];
    copy->structors[location->id - 1] = structor_take(function->system_name);
    if (!find_line_in(source, entry, file_offset_of(location), &function->line))
        location->address += entry - file_offset_of(location);
    struct tally_pprof_line *line = need_array(1, sizeof *line);
    *line = found_line(copy, source, function);
    location->lines = line;
    location->n_lines = 1;
    symbols_free_frames(frames, n);
}

/* Gives the location the lines found for it, or none. */
static void resolve(struct copy *copy, struct tally_pprof_location *location) {
    const struct tally_pprof_mapping *mapping = location->mapping;
    uint64_t entry;
    bool is_bare = bare_function_of(location, &entry);
    location->lines = NULL;
    location->n_lines = 0;
    if (!mapping)
        return;
    struct source *source = &copy->sources[mapping->id - 1];
    if (is_bare)
        resolve_in_function(copy, source, location, entry);
    else
        resolve_address(copy, source, location);
    source->resolved += location->n_lines > 0;
}

static void copy_locations(struct copy *copy) {
    for (size_t i = 0; i < copy->from->n_locations; i++) {
        const struct tally_pprof_location *from = copy->from->locations[i];
        struct tally_pprof_location to = *from;
        if (is_wanted(from))
            resolve(copy, &to);
        if (!is_wanted(from) || to.n_lines == 0) {
            to.lines = copy_lines(copy, from);
            to.n_lines = from->n_lines;
        }
        struct tally_pprof_mapping *mapping =
            from->mapping ? copy->mappings[from->mapping->id - 1] : NULL;
        struct tally_pprof_location *made = (struct tally_pprof_location *)need(
            (void *)tally_pprof_add_location(copy->to, mapping, to.address, to.lines, to.n_lines));
        made->is_folded = from->is_folded;
        copy->locations[i] = made;
        free((void *)to.lines);
    }
}

/* Whether frame `caller` of a stack only hands on to the one it called: they are made of one
 * constructor or destructor of the source, and work on one object. */
static bool hands_on(const struct copy *copy, const struct tally_pprof_sample *sample,
                     size_t caller) {
    if (caller == 0 || caller >= sample->n_locations)
        return false;
    size_t outer = sample->locations[caller]->id - 1, inner = sample->locations[caller - 1]->id - 1;
    return copy->structors[outer] && copy->structors[outer] < copy->structors[inner] &&
           copy->locations[outer]->lines[0].function == copy->locations[inner]->lines[0].function;
}

/* What hands on is one call, the outermost, by whoever makes or destroys the object. */
static void copy_samples(struct copy *copy) {
    const struct tally_pprof_location **stack = NULL;
    size_t capacity = 0, n_types = copy->from->n_sample_types;
    int calls = tally_pprof_sample_index(copy->from, "calls");
    int64_t *values = need_array(n_types, sizeof *values);
    for (size_t i = 0; i < copy->from->n_samples; i++) {
        const struct tally_pprof_sample *sample = &copy->from->samples[i];
        size_t n = 0;
        for (size_t j = 0; j < sample->n_locations; j++) {
            if (hands_on(copy, sample, j))
                continue;
            stack = need_room(stack, &capacity, n, sizeof *stack);
            stack[n++] = copy->locations[sample->locations[j]->id - 1];
        }
        memcpy(values, sample->values, n_types * sizeof *values);
        if (calls >= 0 && hands_on(copy, sample, 1))
            values[calls] = 0;
        if (!tally_pprof_add_sample(copy->to, stack, n, values, sample->labels, sample->n_labels))
            need(NULL);
    }
    free(values);
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
        .structors = need_array(profile->n_locations, sizeof *copy.structors),
    };
    copy_head(&copy);
    for (size_t i = 0; i < profile->n_mappings; i++)
        copy.mappings[i] = need(tally_pprof_add_mapping(copy.to, profile->mappings[i]));
    copy_locations(&copy);
    set_flags(&copy, result);
    copy_samples(&copy);
    free(copy.mappings);
    free(copy.locations);
    free(copy.structors);
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
