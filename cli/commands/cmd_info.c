/*
 * cmd_info.c - `tally info`: what a profile is a profile of, and how far it can be trusted.
 *
 * Facts come from run.json where there is one, and from the profile itself. Foreign profiles have
 * only the latter. The JSON form carries run.json whole; the text form groups what is long (a
 * program may have thousands of translation units).
 */
#include "commands.h"
#include "info.h"
#include "json_out.h"
#include "report.h"
#include "run.h"
#include "say.h"
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NAME_COLUMN = 14 };

static const char details[] =
    "For a profile made by Tally: the command line, when and how long it ran, what its\n"
    "threads did meanwhile, how calls were timed, the clock, the profiler's own cost\n"
    "that was taken off, compilers, functions, contexts, what was allocated and freed,\n"
    "what was lost, and the files.\n"
    "For any other profile, what it knows of itself.\n"
    "The residual is the part of the profiler's cost that exceeded what was measured\n"
    "where it was to be taken off: it tells how exact the calibration is.";

static void keep_fact(struct info_facts *facts, const char *name, char *text) {
    facts->all = need_room(facts->all, &facts->capacity, facts->n, sizeof *facts->all);
    facts->all[facts->n++] = (struct info_line){need_copy(name), text};
}

void info_facts_free(struct info_facts *facts) {
    for (size_t i = 0; i < facts->n; i++) {
        free(facts->all[i].name);
        free(facts->all[i].text);
    }
    free(facts->all);
    *facts = (struct info_facts){0};
}

void info_fact(const struct report *report, const char *name, const char *format, ...) {
    const struct output *output = &report->output;
    char *text = NULL;
    va_list values;
    va_start(values, format);
    if (vasprintf(&text, format, values) < 0)
        need(NULL);
    va_end(values);
    if (report->facts) {
        keep_fact(report->facts, name, text);
        return;
    }
    char *clean = text_clean(text, output->utf8);
    char *fitted = output->width > NAME_COLUMN
                       ? text_shorten(clean, output->width - NAME_COLUMN, output->utf8)
                       : need_copy(clean);
    printf("%s%-*s%s%s\n", output_on(output, STYLE_STRONG), NAME_COLUMN, name,
           output_off(output, STYLE_STRONG), fitted);
    free(text);
    free(clean);
    free(fitted);
}

static void print_values(const struct report *report) {
    const struct tally_pprof_profile *profile = report->input.profile;
    const struct output *output = &report->output;
    int chosen = tally_pprof_sample_index(profile, NULL);
    for (size_t i = 0; i < profile->n_sample_types; i++) {
        const struct tally_pprof_value_type *type = &profile->sample_types[i];
        int estimate = values_variance_is_of(profile, i);
        if (estimate >= 0) {
            info_fact(report, i ? "" : "values", "%s (%s): how uncertain %s is, as a variance",
                      type->type, type->unit, profile->sample_types[estimate].type);
            continue;
        }
        info_fact(report, i ? "" : "values", "%s (%s): %s%s", type->type, type->unit,
                  format_value(info_total(profile, i), type->unit, output).s,
                  (int)i == chosen ? " in all, the default" : " in all");
    }
}

static void print_profile(const struct report *report) {
    const struct tally_pprof_profile *profile = report->input.profile;
    const struct output *output = &report->output;
    if (!report->input.run && profile->time_ns)
        info_fact(report, "taken", "%s", format_date(profile->time_ns).s);
    if (!report->input.run && profile->duration_ns)
        info_fact(report, "lasted", "%s",
                  format_value(profile->duration_ns, "nanoseconds", output).s);
    print_values(report);
    if (profile->period && *profile->period_type.type)
        info_fact(report, "period", "%s of %s",
                  format_value(profile->period, profile->period_type.unit, output).s,
                  profile->period_type.type);
    const struct {
        const char *title;
        size_t n;
    } contents[] = {{"samples", profile->n_samples},
                    {"locations", profile->n_locations},
                    {"functions", profile->n_functions},
                    {"mappings", profile->n_mappings}};
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++)
        info_fact(report, i ? "" : "contents", "%s: %s", contents[i].title,
                  format_count((wide)contents[i].n, output).s);
    size_t nameless = 0;
    for (size_t i = 0; i < profile->n_locations; i++)
        nameless += profile->locations[i]->n_lines == 0;
    if (nameless)
        info_fact(report, "", "%s locations have no function (see 'tally help symbolize')",
                  format_count((wide)nameless, output).s);
    for (size_t i = 0; i < profile->n_comments; i++)
        info_fact(report, i ? "" : "comments", "%s", profile->comments[i]);
}

static void print_losses(const struct report *report) {
    size_t n;
    if (!report->input.run)
        return;
    char **losses = run_losses(report->input.run, true, true, &report->output, &n);
    for (size_t i = 0; i < n; i++) {
        printf("%s%-*s%s", output_on(&report->output, STYLE_STRONG), NAME_COLUMN, i ? "" : "losses",
               output_off(&report->output, STYLE_STRONG));
        output_wrapped(losses[i], NAME_COLUMN, report->output.width);
        free(losses[i]);
    }
    free(losses);
    if (!json_object_get(report->input.run, "losses"))
        info_fact(report, "losses", "unknown: run.json does not say");
    else if (n == 0)
        info_fact(report, "losses", "nothing was lost");
}

static char **files_of(const struct report *report) {
    if (!report->input.directory) {
        char **one = need_array(2, sizeof *one);
        one[0] = need_copy(report->input.file);
        return one;
    }
    char **files = input_list(report->input.directory);
    size_t n = 0, capacity = 0;
    char **all = need_room(NULL, &capacity, 0, sizeof *all);
    for (; files[n]; n++) {
        all = need_room(all, &capacity, n + 2, sizeof *all);
        all[n] = files[n];
    }
    if (report->input.run)
        all[n++] = need_print("%s/run.json", report->input.directory);
    all[n] = NULL;
    free(files);
    return all;
}

static int64_t file_size(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 ? (int64_t)facts.st_size : 0;
}

static void print_text(const struct report *report) {
    char **files = files_of(report);
    info_fact(report, "profile", "%s", report->input.file);
    if (report->input.run)
        info_print_run(report);
    print_profile(report);
    print_losses(report);
    for (size_t i = 0; files[i]; i++)
        info_fact(report, i ? "" : "files", "%s, %s%s", text_base(files[i]),
                  format_value(file_size(files[i]), "bytes", &report->output).s,
                  report->output.raw ? " bytes" : "");
    input_list_free(files);
}

static json_t *json_profile(const struct tally_pprof_profile *profile) {
    json_t *json = need(json_object()), *types = need(json_array());
    json_t *comments = need(json_array());
    int chosen = tally_pprof_sample_index(profile, NULL);
    for (size_t i = 0; i < profile->n_sample_types; i++) {
        json_t *type = need(json_object());
        json_put(type, "type", json_text(profile->sample_types[i].type));
        json_put(type, "unit", json_text(profile->sample_types[i].unit));
        json_put(type, "total", json_wide(info_total(profile, i)));
        json_put(type, "default", json_boolean((int)i == chosen));
        if (json_array_append_new(types, type) != 0)
            need(NULL);
    }
    for (size_t i = 0; i < profile->n_comments; i++)
        if (json_array_append_new(comments, json_text(profile->comments[i])) != 0)
            need(NULL);
    json_put(json, "sample_types", types);
    json_put(json, "time_ns", json_integer(profile->time_ns));
    json_put(json, "duration_ns", json_integer(profile->duration_ns));
    json_put(json, "period", json_integer(profile->period));
    json_put(json, "samples", json_integer((json_int_t)profile->n_samples));
    json_put(json, "locations", json_integer((json_int_t)profile->n_locations));
    json_put(json, "functions", json_integer((json_int_t)profile->n_functions));
    json_put(json, "mappings", json_integer((json_int_t)profile->n_mappings));
    json_put(json, "comments", comments);
    return json;
}

static void print_json(const struct report *report) {
    json_t *json = need(json_object()), *rows = need(json_array());
    json_put(json, "command", json_text("info"));
    json_put(json, "version", json_integer(1));
    json_put(json, "file", json_text(report->input.file));
    json_put(json, "profile", json_profile(report->input.profile));
    json_put(json, "run", report->input.run ? json_deep_copy(report->input.run) : json_null());
    json_put(json, "losses", run_losses_json(report->input.run, true));
    char **files = files_of(report);
    for (size_t i = 0; files[i]; i++) {
        json_t *row = need(json_object());
        json_put(row, "name", json_text(text_base(files[i])));
        json_put(row, "size_bytes", json_integer(file_size(files[i])));
        if (json_array_append_new(rows, row) != 0)
            need(NULL);
    }
    json_put(json, "files", rows);
    input_list_free(files);
    json_out(json);
}

int command_info(int argc, char **argv) {
    struct report_options given = {0};
    const struct args_option options[] = {
        {ARGS_TEXT, "profile", 0, &given.profile, "KIND",
         "which profile of a .tally directory (default: calls)"},
        {ARGS_FLAG, "json", 0, &given.json, NULL, "JSON with exact integers"},
        {ARGS_FLAG, "raw", 0, &given.raw, NULL, "exact integers in the profile's own unit"},
        {ARGS_TEXT, "color", 0, &given.color, "WHEN", "auto (default), always or never"},
        {ARGS_NUMBER, "width", 0, &given.width, "COLUMNS", "fit the output to this width"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    const struct args_spec spec = {
        .command = "info",
        .usage = "[OPTIONS] [PROFILE]",
        .summary = "what ran, how it was measured, what is missing",
        .details = details,
        .options = options,
        .most = 1,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    struct report report = {0};
    int status = output_init(&report.output, given.color, given.width, given.raw);
    if (status == STATUS_OK)
        status =
            input_open(&(struct input_wanted){.operand = n ? argv[0] : NULL, .kind = given.profile},
                       &report.input);
    if (status != STATUS_OK)
        return status;
    if (given.json)
        print_json(&report);
    else
        print_text(&report);
    input_close(&report.input);
    return STATUS_OK;
}
