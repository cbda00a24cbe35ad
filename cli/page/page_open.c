/*
 * page_open.c - laying the profiles of two runs side by side. See page_model.h.
 */
#include "page_model.h"

#include "comparable.h"
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void page_note(struct page *page, const char *format, ...) {
    va_list values;
    char *text = NULL;
    va_start(values, format);
    if (vasprintf(&text, format, values) < 0)
        need(NULL);
    va_end(values);
    page->notes = need_room(page->notes, &page->notes_capacity, page->n_notes, sizeof *page->notes);
    page->notes[page->n_notes++] = text;
}

enum side page_compared_side(const struct page *page, size_t side) {
    return page->n_sides == 1 ? SIDE_NEW : (enum side)side;
}

const json_t *page_run_json(const struct page *page, size_t side) {
    return page->runs[side].n ? page->runs[side].inputs[0].run : NULL;
}

/* ---- profiles side by side ---- */

static const char *text_of(const char *text) {
    return text ? text : "";
}

static bool is_same_type(const struct tally_pprof_value_type *a,
                         const struct tally_pprof_value_type *b) {
    return strcmp(a->type, b->type) == 0 && strcmp(text_of(a->unit), text_of(b->unit)) == 0;
}

/* Index of a type like it, or -1. */
static int type_like(const struct tally_pprof_profile *profile,
                     const struct tally_pprof_value_type *type) {
    for (size_t i = 0; i < profile->n_sample_types; i++)
        if (is_same_type(&profile->sample_types[i], type))
            return (int)i;
    return -1;
}

static bool share_a_type(const struct tally_pprof_profile *a, const struct tally_pprof_profile *b) {
    for (size_t i = 0; i < a->n_sample_types; i++)
        if (type_like(b, &a->sample_types[i]) >= 0)
            return true;
    return false;
}

/* The profile of `run` that goes with one of `other`: of the same kind; and where one of the two is
 * a file, whose name means little, the first of the same values. */
static struct input *counterpart(struct page_run *run, const struct page_run *other, size_t index) {
    const struct tally_pprof_profile *profile = other->inputs[index].profile;
    for (size_t i = 0; i < run->n; i++)
        if (strcmp(run->kinds[i], other->kinds[index]) == 0)
            return &run->inputs[i];
    for (size_t i = 0; i < run->n && !(run->is_directory && other->is_directory); i++)
        if (share_a_type(run->inputs[i].profile, profile))
            return &run->inputs[i];
    return NULL;
}

/* The type of the page's profile that is type `index` of the last side's; or -1. */
static int type_at(const struct page_profile *profile, size_t side, int index) {
    for (size_t i = 0; i < profile->n_types; i++)
        if ((int)profile->types[i].index[side] == index)
            return (int)i;
    return -1;
}

/* Says which values only the one side has. */
static void note_types_of_one(struct page *page, const char *kind, const char *label,
                              const struct tally_pprof_profile *profile,
                              const struct tally_pprof_profile *other) {
    for (size_t i = 0; i < profile->n_sample_types; i++) {
        const struct tally_pprof_value_type *type = &profile->sample_types[i];
        if (values_variance_is_of(profile, i) < 0 && type_like(other, type) < 0)
            page_note(page, "%s: only %s has %s (%s); it is left out.", kind, label, type->type,
                      text_of(type->unit));
    }
}

/* The types that all sides have. */
static void choose_types(struct page *page, struct page_profile *profile,
                         struct input *const *inputs) {
    size_t last = page->n_sides - 1;
    const struct tally_pprof_profile *old = inputs[0]->profile, *new = inputs[last]->profile;
    profile->types = need_array(new->n_sample_types, sizeof *profile->types);
    for (size_t i = 0; i < new->n_sample_types; i++) {
        const struct tally_pprof_value_type *type = &new->sample_types[i];
        int in_old = page->n_sides > 1 ? type_like(old, type) : (int)i;
        if (in_old < 0 || values_variance_is_of(new, i) >= 0)
            continue;
        struct page_type *shown = &profile->types[profile->n_types++];
        *shown = (struct page_type){.name = type->type, .unit = text_of(type->unit)};
        shown->index[0] = (size_t)in_old;
        shown->index[last] = i;
    }
    if (page->n_sides > 1) {
        note_types_of_one(page, profile->kind, page->runs[0].label, old, new);
        note_types_of_one(page, profile->kind, page->runs[1].label, new, old);
    }
}

static void relate_types(struct page_profile *profile, const struct tally_pprof_profile *newest,
                         size_t side) {
    int chosen = type_at(profile, side, tally_pprof_sample_index(newest, NULL));
    profile->shown_first = chosen >= 0 ? (size_t)chosen : profile->n_types - 1;
    profile->calls = -1;
    for (size_t i = 0; i < profile->n_types; i++) {
        const struct value_count *words;
        struct page_type *type = &profile->types[i];
        type->count = type_at(profile, side, values_count_of(newest, type->index[side], &words));
        if (type->count == (int)i && words->is_calls)
            profile->calls = (int)i;
    }
}

/* One view for all values; where calls are counted it has to know them, since filters do not move
 * them (view.h). */
static int open_views(const struct page *page, struct input *const *inputs,
                      struct page_profile *profile) {
    int status = STATUS_OK;
    const struct view_options value = {
        .sample = profile->types[profile->calls >= 0 ? profile->calls : 0].name};
    for (size_t side = 0; side < page->n_sides && status == STATUS_OK; side++)
        status = view_new(inputs[side]->profile, &value, inputs[side]->file, true,
                          &profile->views[side]);
    return status;
}

/* What the profile is called: of two files of different names there is no name for both. */
static const char *kind_of(const struct page *page, size_t index) {
    const struct page_run *old = &page->runs[0], *newest = &page->runs[page->n_sides - 1];
    const char *kind = newest->kinds[index];
    bool is_of_directory = old->is_directory || newest->is_directory;
    return is_of_directory || strcmp(old->kinds[0], kind) == 0 ? kind : "profile";
}

static int add_profile(struct page *page, size_t index) {
    size_t last = page->n_sides - 1;
    struct page_run *newest = &page->runs[last];
    struct input *inputs[N_SIDES] = {&newest->inputs[index], &newest->inputs[index]};
    const char *kind = newest->kinds[index];
    if (page->n_sides > 1) {
        inputs[0] = counterpart(&page->runs[0], newest, index);
        if (!inputs[0]) {
            page_note(page, "%s has no %s profile that goes with that of %s; it is left out.",
                      page->runs[0].label, kind, newest->label);
            return STATUS_OK;
        }
    }
    struct page_profile *profile = &page->profiles[page->n_profiles];
    *profile = (struct page_profile){.kind = kind_of(page, index)};
    choose_types(page, profile, inputs);
    if (profile->n_types == 0) {
        free(profile->types);
        return STATUS_OK;
    }
    page->n_profiles++;
    relate_types(profile, inputs[last]->profile, last);
    return open_views(page, inputs, profile);
}

static int nothing_to_show(const struct page *page) {
    const struct page_run *newest = &page->runs[page->n_sides - 1];
    if (page->n_sides == 1)
        return say_error(newest->label, "has no sample types");
    char *old = values_names(page->runs[0].inputs[0].profile);
    char *new = values_names(newest->inputs[0].profile);
    int status = say_error(newest->label, "has %s, %s has %s: there is nothing to compare", new,
                           page->runs[0].label, old);
    free(old);
    free(new);
    return status;
}

/* What of OLD has no counterpart in NEW. */
static void note_unpaired(struct page *page) {
    struct page_run *old = &page->runs[0], *new = &page->runs[1];
    for (size_t i = 0; i < old->n; i++)
        if (!counterpart(new, old, i))
            page_note(page, "%s has no %s profile that goes with that of %s; it is left out.",
                      new->label, old->kinds[i], old->label);
}

static bool has_times(const struct page_run *run) {
    for (size_t i = 0; i < run->n; i++)
        for (size_t type = 0; type < run->inputs[i].profile->n_sample_types; type++)
            if (strcmp(text_of(run->inputs[i].profile->sample_types[type].unit), "nanoseconds") ==
                0)
                return true;
    return false;
}

/* Why the two may not be comparable; of foreign profiles nothing is known. */
static void note_differences(struct page *page) {
    const json_t *old = page_run_json(page, 0), *new = page_run_json(page, 1);
    struct comparable found;
    if (!old && !new)
        return;
    comparable_find(old, new, has_times(&page->runs[0]) && has_times(&page->runs[1]), &found);
    for (size_t i = 0; i < found.n; i++)
        page_note(page, "The two may not be comparable: %s.", found.differences[i].sentence);
    comparable_free(&found);
}

static void compare(struct page *page) {
    struct view **views[N_SIDES];
    for (size_t side = 0; side < page->n_sides; side++) {
        views[side] = need_array(page->n_profiles, sizeof *views[side]);
        for (size_t i = 0; i < page->n_profiles; i++)
            views[side][i] = page->profiles[i].views[side];
    }
    struct compared_views none = {0}, last = {views[page->n_sides - 1], page->n_profiles};
    struct compared_views first =
        page->n_sides > 1 ? (struct compared_views){views[0], last.n} : none;
    page->comparison = comparison_new(&first, &last, true);
    for (size_t side = 0; side < page->n_sides; side++) {
        for (size_t i = 0; i < page->n_profiles; i++)
            page->profiles[i].of[side] = page->comparison->of[page_compared_side(page, side)][i];
        free(views[side]);
    }
}

static int filter(const struct page *page, const struct view_options *filters) {
    int status = STATUS_OK;
    for (size_t side = 0; side < page->n_sides; side++)
        for (size_t i = 0; i < page->n_profiles && status == STATUS_OK; i++)
            status = comparison_filter(page->comparison, page_compared_side(page, side), i,
                                       page->profiles[i].views[side], filters);
    return status;
}

int page_open(const struct page_options *options, char *const *operands, size_t n_operands,
              struct page *page) {
    *page = (struct page){.n_sides = n_operands > 1 ? 2 : 1};
    int status = STATUS_OK;
    for (size_t side = 0; side < page->n_sides && status == STATUS_OK; side++)
        status = page_run_open(options, n_operands ? operands[side] : NULL, &page->runs[side]);
    if (status == STATUS_OK && page->n_sides > 1)
        note_differences(page);
    const struct page_run *newest = &page->runs[page->n_sides - 1];
    page->profiles = need_array(newest->n, sizeof *page->profiles);
    for (size_t i = 0; i < newest->n && status == STATUS_OK; i++)
        status = add_profile(page, i);
    if (status == STATUS_OK && page->n_profiles == 0)
        status = nothing_to_show(page);
    if (status == STATUS_OK && page->n_sides > 1)
        note_unpaired(page);
    if (status == STATUS_OK) {
        compare(page);
        status = filter(page, &options->filters);
    }
    if (status != STATUS_OK)
        page_close(page);
    return status;
}

void page_close(struct page *page) {
    if (page->comparison)
        comparison_free(page->comparison);
    for (size_t i = 0; i < page->n_profiles; i++) {
        for (size_t side = 0; side < page->n_sides; side++)
            if (page->profiles[i].views[side])
                view_free(page->profiles[i].views[side]);
        free(page->profiles[i].types);
    }
    for (size_t side = 0; side < page->n_sides; side++)
        page_run_close(&page->runs[side]);
    for (size_t i = 0; i < page->n_notes; i++)
        free(page->notes[i]);
    free(page->notes);
    free(page->profiles);
    *page = (struct page){0};
}
