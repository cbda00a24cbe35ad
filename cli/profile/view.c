/*
 * view.c - merging functions, filters and stacks. See view.h.
 *
 * Functions are merged by sorting: every function of the profile, and every location without one,
 * is an entry; equal neighbours become one view_function. That also makes an index comparison a
 * comparison by name, which is what breaks ties everywhere.
 */
#include "view.h"

#include "pattern.h"
#include "say.h"
#include "shown.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct view_private {
    uint32_t *of_function;     /* by function id - 1 */
    uint32_t *of_location;     /* by location id - 1: of locations without lines */
    char **names;              /* of locations without lines */
    bool *hidden;              /* by view function */
    bool *all_hidden;          /* by location id - 1: the mapping matches */
    bool *kept;                /* by sample */
    struct view_frame *frames; /* scratch of view_stack */
    size_t capacity;
};

struct entry {
    const char *name, *system_name, *file;
    int64_t start_line;
    uint32_t *index; /* where its view function's index goes */
};

static const char *text_of(const char *text) {
    return text ? text : "";
}

/* Whether some frame of the location has no function and is named by the address instead. */
static bool is_nameless(const struct tally_pprof_location *location) {
    for (size_t i = 0; i < location->n_lines; i++)
        if (!location->lines[i].function)
            return true;
    return location->n_lines == 0;
}

static size_t frames_of(const struct tally_pprof_location *location) {
    return location->n_lines ? location->n_lines : 1;
}

static char *address_name(const struct tally_pprof_location *location) {
    const struct tally_pprof_mapping *mapping = location->mapping;
    if (!mapping || !*text_of(mapping->filename))
        return need_print("0x%" PRIx64, location->address);
    return need_print("[%s+0x%" PRIx64 "]", text_base(mapping->filename),
                      location->address - mapping->memory_start + mapping->file_offset);
}

static int compare_entries(const void *one, const void *other) {
    const struct entry *a = one, *b = other;
    int order = strcmp(a->name, b->name);
    if (order == 0)
        order = strcmp(a->file, b->file);
    if (order == 0)
        order = strcmp(a->system_name, b->system_name);
    return order;
}

static struct entry *collect(struct view *view, size_t *n_entries) {
    const struct tally_pprof_profile *profile = view->profile;
    struct view_private *own = view->own;
    struct entry *entries =
        need_array(profile->n_functions + profile->n_locations, sizeof *entries);
    size_t n = 0;
    for (size_t i = 0; i < profile->n_functions; i++) {
        const struct tally_pprof_function *function = profile->functions[i];
        entries[n++] =
            (struct entry){text_of(function->name), text_of(function->system_name),
                           text_of(function->filename), function->start_line, &own->of_function[i]};
        if (!*entries[n - 1].name)
            entries[n - 1].name =
                *entries[n - 1].system_name ? entries[n - 1].system_name : "(no name)";
    }
    for (size_t i = 0; i < profile->n_locations; i++)
        if (is_nameless(profile->locations[i])) {
            own->names[i] = address_name(profile->locations[i]);
            entries[n++] = (struct entry){own->names[i], "", "", 0, &own->of_location[i]};
        }
    *n_entries = n;
    return entries;
}

static void merge_functions(struct view *view) {
    size_t n;
    struct entry *entries = collect(view, &n);
    qsort(entries, n, sizeof *entries, compare_entries);
    view->functions = need_array(n, sizeof *view->functions);
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || compare_entries(&entries[i - 1], &entries[i]) != 0)
            view->functions[view->n_functions++] = (struct view_function){
                .name = entries[i].name,
                .system_name = entries[i].system_name,
                .file = entries[i].file,
                .start_line = entries[i].start_line,
                .inlined = true,
            };
        *entries[i].index = (uint32_t)(view->n_functions - 1);
        struct view_function *function = &view->functions[view->n_functions - 1];
        if (entries[i].start_line &&
            (!function->start_line || entries[i].start_line < function->start_line))
            function->start_line = entries[i].start_line;
    }
    free(entries);
}

static void name_functions(struct view *view, bool utf8) {
    size_t n = view->n_functions;
    const struct view_function **functions = need_array(n, sizeof *functions);
    char **shown = need_array(n, sizeof *shown);
    for (size_t i = 0; i < n; i++)
        functions[i] = &view->functions[i];
    shown_names(functions, n, utf8, shown);
    for (size_t i = 0; i < n; i++)
        view->functions[i].shown = shown[i];
    free(functions);
    free(shown);
}

/* The view function of a line of a location. */
static uint32_t function_of(const struct view *view, const struct tally_pprof_location *location,
                            size_t line) {
    if (line < location->n_lines && location->lines[line].function)
        return view->own->of_function[location->lines[line].function->id - 1];
    return view->own->of_location[location->id - 1];
}

static void find_inlined(struct view *view) {
    for (size_t i = 0; i < view->profile->n_locations; i++) {
        const struct tally_pprof_location *location = view->profile->locations[i];
        size_t outermost = frames_of(location) - 1;
        view->functions[function_of(view, location, outermost)].inlined = false;
    }
}

static bool matches(struct view *view, struct pattern *pattern,
                    const struct tally_pprof_location *location, const bool *by_function) {
    if (location->mapping && pattern_matches(pattern, text_of(location->mapping->filename)))
        return true;
    size_t n = frames_of(location);
    for (size_t i = 0; i < n; i++)
        if (by_function[function_of(view, location, i)])
            return true;
    return false;
}

static bool matches_function(struct pattern *pattern, const struct view_function *function) {
    return pattern_matches(pattern, function->name) || pattern_matches(pattern, function->file);
}

static bool *match_functions(const struct view *view, struct pattern *pattern) {
    bool *matched = need_array(view->n_functions, sizeof *matched);
    for (size_t i = 0; i < view->n_functions; i++) {
        const struct view_function *function = &view->functions[i];
        matched[i] = matches_function(pattern, function) ||
                     (function->twin && matches_function(pattern, function->twin));
    }
    return matched;
}

/* by location id - 1: whether it matches; null for no pattern. */
static bool *match_locations(struct view *view, struct pattern *pattern) {
    if (!pattern)
        return NULL;
    bool *by_function = match_functions(view, pattern);
    bool *matched = need_array(view->profile->n_locations, sizeof *matched);
    for (size_t i = 0; i < view->profile->n_locations; i++)
        matched[i] = matches(view, pattern, view->profile->locations[i], by_function);
    free(by_function);
    return matched;
}

static void hide(struct view *view, struct pattern *pattern) {
    struct view_private *own = view->own;
    if (!pattern)
        return;
    own->hidden = match_functions(view, pattern);
    own->all_hidden = need_array(view->profile->n_locations, sizeof *own->all_hidden);
    for (size_t i = 0; i < view->profile->n_locations; i++) {
        const struct tally_pprof_mapping *mapping = view->profile->locations[i]->mapping;
        own->all_hidden[i] = mapping && pattern_matches(pattern, text_of(mapping->filename));
    }
}

/* 0 where there is no such value. */
static wide number_of(const struct view *view, size_t sample, int value) {
    return value < 0 ? 0 : view->profile->samples[sample].values[value];
}

static void keep(struct view *view, struct pattern *focus, struct pattern *ignore) {
    bool *focused = match_locations(view, focus), *ignored = match_locations(view, ignore);
    for (size_t i = 0; i < view->profile->n_samples; i++) {
        const struct tally_pprof_sample *sample = &view->profile->samples[i];
        bool kept = !focused;
        for (size_t j = 0; j < sample->n_locations && focused; j++)
            kept = kept || focused[sample->locations[j]->id - 1];
        for (size_t j = 0; j < sample->n_locations && ignored; j++)
            kept = kept && !ignored[sample->locations[j]->id - 1];
        view->own->kept[i] = kept;
        wide value = number_of(view, i, (int)view->value);
        view->total += value;
        view->whole += value < 0 ? -value : value;
        view->total_count += number_of(view, i, view->count);
    }
    free(focused);
    free(ignored);
    for (size_t i = 0; i < view->profile->n_samples; i++) {
        struct view_stack stack;
        if (!view_stack(view, i, &stack))
            continue;
        view->n_kept++;
        view->kept += stack.value;
        view->kept_count += stack.count;
    }
}

/* Takes back what filters have left in the view. */
static void keep_none(struct view *view) {
    free(view->own->hidden);
    free(view->own->all_hidden);
    view->own->hidden = view->own->all_hidden = NULL;
    view->total = view->total_count = view->whole = view->kept = view->kept_count = 0;
    view->n_kept = 0;
}

int view_filter(struct view *view, const struct view_options *options) {
    struct pattern *focus = NULL, *ignore = NULL, *hidden = NULL;
    int status = pattern_new("--focus", options->focus, &focus);
    if (status == STATUS_OK)
        status = pattern_new("--ignore", options->ignore, &ignore);
    if (status == STATUS_OK)
        status = pattern_new("--hide", options->hide, &hidden);
    if (status == STATUS_OK) {
        keep_none(view);
        hide(view, hidden);
        keep(view, focus, ignore);
    }
    pattern_free(focus);
    pattern_free(ignore);
    pattern_free(hidden);
    return status;
}

static int choose_value(struct view *view, const char *wanted, const char *file) {
    const struct tally_pprof_profile *profile = view->profile;
    int index = tally_pprof_sample_index(profile, wanted);
    if (index < 0 && !wanted && profile->n_sample_types)
        index = (int)profile->n_sample_types - 1; /* the default named does not exist */
    if (index < 0 && profile->n_sample_types == 0)
        return say_error(file, "has no sample types");
    if (index < 0) {
        char *names = values_names(profile);
        int status = say_error(file, "has no sample type '%s'; it has %s", wanted, names);
        free(names);
        return status;
    }
    view->value = (size_t)index;
    view->type = profile->sample_types[index].type;
    view->unit = text_of(profile->sample_types[index].unit);
    view->count = values_count_of(profile, view->value, &view->counted);
    view->variance = values_variance_of(profile, view->value);
    return STATUS_OK;
}

int view_new(const struct tally_pprof_profile *profile, const struct view_options *options,
             const char *file, bool utf8, struct view **result) {
    struct view *view = need_array(1, sizeof *view);
    struct view_private *own = view->own = need_array(1, sizeof *own);
    view->profile = profile;
    int status = choose_value(view, options->sample, file);
    if (status == STATUS_OK) {
        own->of_function = need_array(profile->n_functions, sizeof *own->of_function);
        own->of_location = need_array(profile->n_locations, sizeof *own->of_location);
        own->names = need_array(profile->n_locations, sizeof *own->names);
        own->kept = need_array(profile->n_samples, sizeof *own->kept);
        merge_functions(view);
        name_functions(view, utf8);
        find_inlined(view);
        status = view_filter(view, options);
    }
    if (status == STATUS_OK)
        *result = view;
    else
        view_free(view);
    return status;
}

void view_free(struct view *view) {
    struct view_private *own = view->own;
    for (size_t i = 0; i < view->n_functions; i++)
        free(view->functions[i].shown);
    for (size_t i = 0; own->names && i < view->profile->n_locations; i++)
        free(own->names[i]);
    free(view->functions);
    free(own->of_function);
    free(own->of_location);
    free(own->names);
    free(own->hidden);
    free(own->all_hidden);
    free(own->kept);
    free(own->frames);
    free(own);
    free(view);
}

static bool frame_hidden(const struct view *view, const struct view_frame *frame) {
    const struct view_private *own = view->own;
    return own->hidden && (own->hidden[frame->function] || own->all_hidden[frame->location]);
}

bool view_stack(struct view *view, size_t index, struct view_stack *stack) {
    const struct tally_pprof_sample *sample = &view->profile->samples[index];
    struct view_private *own = view->own;
    bool leaf_hidden = false;
    *stack = (struct view_stack){0};
    if (!own->kept[index])
        return false;
    for (size_t i = 0; i < sample->n_locations; i++) {
        const struct tally_pprof_location *location = sample->locations[i];
        size_t n = frames_of(location);
        for (size_t j = 0; j < n; j++) {
            struct view_frame frame = {
                .function = function_of(view, location, j),
                .location = (uint32_t)(location->id - 1),
                .line = j < location->n_lines ? location->lines[j].line : 0,
            };
            if (frame_hidden(view, &frame)) {
                leaf_hidden = leaf_hidden || (i == 0 && j == 0);
                continue;
            }
            own->frames = need_room(own->frames, &own->capacity, stack->n, sizeof *own->frames);
            own->frames[stack->n++] = frame;
        }
    }
    stack->frames = own->frames;
    bool is_uncounted = leaf_hidden && view->counted && view->counted->is_calls;
    stack->count = is_uncounted ? 0 : number_of(view, index, view->count);
    stack->value = view_is_of_count(view) ? stack->count : number_of(view, index, (int)view->value);
    stack->variance = number_of(view, index, view->variance);
    return stack->n > 0;
}

uint32_t view_function_of(const struct view *view, const struct tally_pprof_function *function) {
    return view->own->of_function[function->id - 1];
}

bool view_is_of_count(const struct view *view) {
    return view->count == (int)view->value;
}

bool view_is_of_calls(const struct view *view) {
    return view_is_of_count(view) && view->counted->is_calls;
}
