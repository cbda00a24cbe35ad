/*
 * dump.c - profiles as text; see dump.h.
 */
#define _GNU_SOURCE

#include "dump.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void dump_header(FILE *out, const struct tally_pprof_profile *profile) {
    for (size_t i = 0; i < profile->n_sample_types; i++)
        fprintf(out, "type %s/%s\n", profile->sample_types[i].type, profile->sample_types[i].unit);
    for (size_t i = 0; i < profile->n_comments; i++)
        fprintf(out, "comment %s\n", profile->comments[i]);
    fprintf(out,
            "default %s drop %s keep %s url %s period %s/%s %" PRId64 " time %" PRId64
            " duration %" PRId64 "\n",
            profile->default_sample_type, profile->drop_frames, profile->keep_frames,
            profile->doc_url, profile->period_type.type, profile->period_type.unit, profile->period,
            profile->time_ns, profile->duration_ns);
}

static void dump_tables(FILE *out, const struct tally_pprof_profile *profile) {
    for (size_t i = 0; i < profile->n_mappings; i++) {
        const struct tally_pprof_mapping *m = profile->mappings[i];
        fprintf(out,
                "mapping %" PRIu64 " %" PRIx64 "-%" PRIx64 " +%" PRIx64 " '%s' '%s' %d%d%d%d\n",
                m->id, m->memory_start, m->memory_limit, m->file_offset, m->filename, m->build_id,
                m->has_functions, m->has_filenames, m->has_line_numbers, m->has_inline_frames);
    }
    for (size_t i = 0; i < profile->n_functions; i++) {
        const struct tally_pprof_function *f = profile->functions[i];
        fprintf(out, "function %" PRIu64 " '%s' '%s' '%s' %" PRId64 "\n", f->id, f->name,
                f->system_name, f->filename, f->start_line);
    }
    for (size_t i = 0; i < profile->n_locations; i++) {
        const struct tally_pprof_location *l = profile->locations[i];
        fprintf(out, "location %" PRIu64 " in %" PRIu64 " at %" PRIx64 " folded %d:", l->id,
                l->mapping != NULL ? l->mapping->id : 0, l->address, l->is_folded);
        for (size_t j = 0; j < l->n_lines; j++)
            fprintf(out, " %" PRIu64 ":%" PRId64 ":%" PRId64,
                    l->lines[j].function != NULL ? l->lines[j].function->id : 0, l->lines[j].line,
                    l->lines[j].column);
        fprintf(out, "\n");
    }
}

static void dump_samples(FILE *out, const struct tally_pprof_profile *profile) {
    for (size_t i = 0; i < profile->n_samples; i++) {
        const struct tally_pprof_sample *s = &profile->samples[i];
        fprintf(out, "sample");
        for (size_t j = 0; j < s->n_locations; j++)
            fprintf(out, " %" PRIu64, s->locations[j]->id);
        fprintf(out, " =");
        for (size_t j = 0; j < profile->n_sample_types; j++)
            fprintf(out, " %" PRId64, s->values[j]);
        for (size_t j = 0; j < s->n_labels; j++)
            fprintf(out, " {%s: '%s' %" PRId64 " '%s'}", s->labels[j].key,
                    s->labels[j].str != NULL ? s->labels[j].str : "(none)", s->labels[j].num,
                    s->labels[j].num_unit);
        fprintf(out, "\n");
    }
}

char *dump_profile(const struct tally_pprof_profile *profile) {
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    dump_header(out, profile);
    dump_tables(out, profile);
    dump_samples(out, profile);
    fclose(out);
    return text;
}

static void dump_stack(FILE *out, const struct tally_pprof_sample *sample) {
    for (size_t i = 0; i < sample->n_locations; i++) {
        const struct tally_pprof_location *location = sample->locations[i];
        fputs(i > 0 ? " < " : "", out);
        if (location->n_lines == 0)
            fprintf(out, "%" PRIx64, location->address);
        for (size_t j = 0; j < location->n_lines; j++)
            fprintf(out, "%s%s:%" PRId64, j > 0 ? " ^ " : "", location->lines[j].function->name,
                    location->lines[j].line);
    }
}

static void dump_labels(FILE *out, const struct tally_pprof_sample *sample) {
    for (size_t i = 0; i < sample->n_labels; i++) {
        const struct tally_pprof_label *label = &sample->labels[i];
        if (label->str != NULL)
            fprintf(out, ", %s %s", label->key, label->str);
        else
            fprintf(out, ", %s %" PRId64 " %s", label->key, label->num, label->num_unit);
    }
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char *dump_stacks(const struct tally_pprof_profile *profile) {
    char **lines = calloc(profile->n_samples + 1, sizeof *lines), *text;
    size_t size;
    for (size_t i = 0; i < profile->n_samples; i++) {
        FILE *out = open_memstream(&lines[i], &size);
        dump_stack(out, &profile->samples[i]);
        fprintf(out, " =");
        for (size_t j = 0; j < profile->n_sample_types; j++)
            fprintf(out, " %" PRId64, profile->samples[i].values[j]);
        dump_labels(out, &profile->samples[i]);
        fclose(out);
    }
    qsort(lines, profile->n_samples, sizeof *lines, by_text);
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < profile->n_samples; i++) {
        fprintf(out, "%s\n", lines[i]);
        free(lines[i]);
    }
    fclose(out);
    free(lines);
    return text;
}
