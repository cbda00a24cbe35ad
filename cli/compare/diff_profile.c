/*
 * diff_profile.c - the difference of two profiles as a pprof file.
 *
 * It is what `go tool pprof -diff_base OLD NEW -proto` writes: all samples of NEW, and those of OLD
 * with their values negated and the label pprof::base=true, by which pprof knows a difference when
 * it reads one, and takes OLD as what percentages refer to. But here integers stay integers, and
 * functions of OLD have the name, file and line they have in NEW, so that pprof, which goes by
 * these, pairs them as this diff does.
 */
#include "diff_out.h"

#include "outfile.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

/* OLD on its way into the difference. */
struct copier {
    const struct diff *diff;
    const struct tally_pprof_profile *from;
    struct tally_pprof_profile *to;
    struct tally_pprof_mapping **mappings; /* by id - 1, likewise below */
    const struct tally_pprof_function **functions;
    const struct tally_pprof_location **locations;
};

/* Name, file and line of the function as NEW has it. */
static void copy_function(const struct copier *copier, const struct tally_pprof_function *from) {
    const struct diff *diff = copier->diff;
    uint32_t in_view = view_function_of(diff_view(diff, SIDE_OLD, 0, 0), from);
    const struct compared_function *function =
        &diff->comparison->functions[diff_functions(diff, SIDE_OLD, 0, 0)[in_view]];
    const struct view_function *new = function->in[SIDE_NEW];
    copier->functions[from->id - 1] = tally_pprof_add_function(
        copier->to, new ? new->name : from->name, new ? new->system_name : from->system_name,
        new ? new->file : from->filename, new ? new->start_line : from->start_line);
    if (!copier->functions[from->id - 1])
        need(NULL);
}

static void copy_location(const struct copier *copier, const struct tally_pprof_location *from) {
    struct tally_pprof_line *lines = need_array(from->n_lines, sizeof *lines);
    for (size_t i = 0; i < from->n_lines; i++) {
        lines[i] = from->lines[i];
        if (lines[i].function)
            lines[i].function = copier->functions[lines[i].function->id - 1];
    }
    const struct tally_pprof_mapping *mapping =
        from->mapping ? copier->mappings[from->mapping->id - 1] : NULL;
    copier->locations[from->id - 1] =
        tally_pprof_add_location(copier->to, mapping, from->address, lines, from->n_lines);
    free(lines);
    if (!copier->locations[from->id - 1])
        need(NULL);
}

static void copy_sample(const struct copier *copier, const struct tally_pprof_sample *from) {
    const struct tally_pprof_location **locations =
        need_array(from->n_locations, sizeof *locations);
    struct tally_pprof_label *labels = need_array(from->n_labels + 1, sizeof *labels);
    int64_t *values = need_array(copier->from->n_sample_types, sizeof *values);
    for (size_t i = 0; i < from->n_locations; i++)
        locations[i] = copier->locations[from->locations[i]->id - 1];
    for (size_t i = 0; i < copier->from->n_sample_types; i++)
        values[i] = from->values[i] == INT64_MIN ? INT64_MAX : -from->values[i];
    for (size_t i = 0; i < from->n_labels; i++)
        labels[i] = from->labels[i];
    labels[from->n_labels] = (struct tally_pprof_label){.key = "pprof::base", .str = "true"};
    if (!tally_pprof_add_sample(copier->to, locations, from->n_locations, values, labels,
                                from->n_labels + 1))
        need(NULL);
    free(locations);
    free(labels);
    free(values);
}

static void copy_types(struct copier *copier) {
    const struct tally_pprof_profile *from = copier->from;
    struct tally_pprof_profile *to = copier->to;
    for (size_t i = 0; i < from->n_sample_types; i++)
        if (!tally_pprof_add_sample_type(to, from->sample_types[i].type,
                                         from->sample_types[i].unit))
            need(NULL);
    to->period_type = (struct tally_pprof_value_type){
        tally_pprof_intern(to, from->period_type.type),
        tally_pprof_intern(to, from->period_type.unit),
    };
}

static struct tally_pprof_profile *negated(const struct diff *diff) {
    const struct tally_pprof_profile *from = diff_view(diff, SIDE_OLD, 0, 0)->profile;
    struct copier copier = {
        .diff = diff,
        .from = from,
        .to = need(tally_pprof_new()),
        .mappings = need_array(from->n_mappings, sizeof *copier.mappings),
        .functions = need_array(from->n_functions, sizeof *copier.functions),
        .locations = need_array(from->n_locations, sizeof *copier.locations),
    };
    copy_types(&copier);
    for (size_t i = 0; i < from->n_mappings; i++)
        copier.mappings[i] = need(tally_pprof_add_mapping(copier.to, from->mappings[i]));
    for (size_t i = 0; i < from->n_functions; i++)
        copy_function(&copier, from->functions[i]);
    for (size_t i = 0; i < from->n_locations; i++)
        copy_location(&copier, from->locations[i]);
    for (size_t i = 0; i < from->n_samples; i++)
        copy_sample(&copier, &from->samples[i]);
    free(copier.mappings);
    free(copier.functions);
    free(copier.locations);
    return copier.to;
}

int diff_profile(const struct diff *diff, const char *path) {
    struct tally_pprof_profile *old = negated(diff), *both;
    const struct tally_pprof_profile *all[] = {diff_view(diff, SIDE_NEW, 0, 0)->profile, old};
    struct tally_pprof_error error;
    int status = STATUS_OK;
    if (tally_pprof_merge(all, 2, &both, &error) != TALLY_PPROF_OK) {
        status = say_error(diff->sides[SIDE_NEW].operands[0], "%s", error.message);
    } else {
        if (tally_pprof_write(both, path, outfile_compression(path), &error) != TALLY_PPROF_OK)
            status = say_error(path, "%s", error.message);
        tally_pprof_free(both);
    }
    tally_pprof_free(old);
    return status;
}
