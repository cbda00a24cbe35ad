/*
 * report.c - see report.h.
 */
#include "report.h"

#include "aggregate.h"
#include "json_out.h"
#include "run.h"
#include "say.h"
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct args_option report_sample_option(struct report_options *options) {
    return (struct args_option){
        ARGS_TEXT,
        "sample",
        0,
        &options->view.sample,
        "TYPE",
        "the value to show, by the name of its sample type\n(default: the profile's own default)"};
}

void report_options_table(struct report_options *options, struct args_option *table) {
    struct view_options *view = &options->view;
    const struct args_option all[report_options_count] = {
        {ARGS_TEXT, "focus", 0, &view->focus, "REGEX", "only stacks with a matching frame"},
        {ARGS_TEXT, "ignore", 0, &view->ignore, "REGEX", "no stacks with a matching frame"},
        {ARGS_TEXT, "hide", 0, &view->hide, "REGEX",
         "leave matching frames out; their value goes to their callers"},
        {ARGS_TEXT, "profile", 0, &options->profile, "KIND",
         "which profile of a .tally directory\n(default: calls, or what has the value asked for)"},
        {ARGS_FLAG, "json", 0, &options->json, NULL, "JSON with exact integers"},
        {ARGS_FLAG, "raw", 0, &options->raw, NULL, "exact integers in the profile's own unit"},
        {ARGS_TEXT, "color", 0, &options->color, "WHEN", "auto (default), always or never"},
        {ARGS_NUMBER, "width", 0, &options->width, "COLUMNS",
         "fit the output to this width\n(default: the terminal's; unlimited in a file or pipe)"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    memcpy(table, all, sizeof all);
}

int report_open(const struct report_options *options, const char *operand, struct report *report) {
    *report = (struct report){0};
    const struct input_wanted wanted = {operand, options->profile, options->view.sample};
    int status = output_init(&report->output, options->color, options->width, options->raw);
    if (status == STATUS_OK)
        status = input_open(&wanted, &report->input);
    if (status == STATUS_OK) {
        status = view_new(report->input.profile, &options->view, report->input.file,
                          report->output.utf8, &report->view);
        if (status != STATUS_OK)
            input_close(&report->input);
    }
    return status;
}

void report_close(struct report *report) {
    view_free(report->view);
    input_close(&report->input);
}

/* The subject's value is named unless it is null. */
static void print_heading(const struct report *report, const char *title, const char *subject,
                          const char *type) {
    const struct output *output = &report->output;
    const struct tally_pprof_profile *profile = report->input.profile;
    char *named = type ? need_print("%s (%s)", subject, type) : need_copy(subject);
    char *clean = text_clean(named, output->utf8);
    char *command = run_command(report->input.run, output->utf8);
    char *line = need_print("%s%s%s%s%s%s", title, clean, command ? ": " : "",
                            command ? command : "", profile->time_ns ? ", " : "",
                            profile->time_ns ? format_date(profile->time_ns).s : "");
    if (profile->duration_ns) {
        char *longer = need_print("%s, ran %s", line,
                                  format_value(profile->duration_ns, "nanoseconds",
                                               &(struct output){.utf8 = output->utf8})
                                      .s);
        free(line);
        line = longer;
    }
    char *fitted =
        output->width ? text_shorten(line, output->width, output->utf8) : need_copy(line);
    printf("%s%s%s\n", output_on(output, STYLE_FAINT), fitted, output_off(output, STYLE_FAINT));
    free(named);
    free(clean);
    free(command);
    free(line);
    free(fitted);
}

void report_heading(const struct report *report) {
    const struct value_count *counted = report->view->counted;
    bool is_calls = counted && counted->is_calls;
    print_heading(report, "", report->input.file, is_calls ? NULL : report->view->type);
    putchar('\n');
}

void report_heading_of(const struct report *report, const char *title, const char *subject) {
    print_heading(report, title, subject ? subject : report->input.file,
                  subject ? NULL : report->view->type);
}

char *report_title(const struct report *report, const char *words) {
    const char *unit = format_unit_name(report->view->unit);
    if (!report->output.raw)
        return need_copy(words);
    char *clean = text_clean(unit, report->output.utf8);
    char *title = need_print("%s[%s]", words, clean);
    free(clean);
    return title;
}

struct number report_error(const struct report *report, wide variance) {
    if (variance == 0)
        return (struct number){""};
    return format_value(aggregate_error(variance), report->view->unit, &report->output);
}

char *report_place(const struct report *report, const struct view_function *function,
                   int64_t line) {
    if (!*function->file)
        return need_print("%s  (no file)", function->shown);
    char *file = text_clean(function->file, report->output.utf8);
    char *text = line > 0 ? need_print("%s  %s:%" PRId64, function->shown, file, line)
                          : need_print("%s  %s", function->shown, file);
    free(file);
    return text;
}

void report_note(const struct report *report, const char *format, ...) {
    char *text;
    va_list values;
    va_start(values, format);
    if (vasprintf(&text, format, values) < 0)
        need(NULL);
    va_end(values);
    output_wrapped(text, 0, report->output.width);
    free(text);
}

static void print_filter(const struct report *report, const char *name, const char *value) {
    if (!value)
        return;
    char *clean = text_clean(value, report->output.utf8);
    printf("filter: %s=%s\n", name, clean);
    free(clean);
}

/* Whether what was lost of allocations is missing here. */
static bool is_of_heap(const struct report *report) {
    return tally_pprof_sample_index(report->input.profile, "calls") < 0;
}

void report_filters(const struct report *report, const struct view_options *options) {
    print_filter(report, "focus", options->focus);
    print_filter(report, "ignore", options->ignore);
    print_filter(report, "hide", options->hide);
}

char **report_loss_sentences(const struct report *report, bool with_times, size_t *n) {
    return run_losses(report->input.run, is_of_heap(report), with_times, &report->output, n);
}

void report_losses(const struct report *report, const char *title, bool with_times) {
    const struct output *output = &report->output;
    size_t n;
    char **losses = report_loss_sentences(report, with_times, &n);
    for (size_t i = 0; i < n; i++) {
        printf("%s%s:%s ", output_on(output, STYLE_WARM), title, output_off(output, STYLE_WARM));
        output_wrapped(losses[i], strlen(title) + strlen(": "), output->width);
        free(losses[i]);
    }
    free(losses);
}

void report_footer(const struct report *report, const struct view_options *options) {
    report_filters(report, options);
    report_losses(report, "loss", format_is_time(report->view->unit));
}

void report_json_count(const struct report *report, json_t *row, const char *prefix, wide count) {
    if (report->view->count < 0)
        return;
    char *key = need_print("%s%s", prefix, report->view->counted->many);
    json_put(row, key, json_wide(count));
    free(key);
}

json_t *report_json(const struct report *report, const char *command) {
    const struct view *view = report->view;
    json_t *json = need(json_object());
    json_put(json, "command", json_text(command));
    json_put(json, "version", json_integer(1));
    json_put(json, "file", json_text(report->input.file));
    json_put(json, "sample_type", json_text(view->type));
    json_put(json, "unit", json_text(view->unit));
    json_put(json, "total", json_wide(view->total));
    json_put(json, "kept", json_wide(view->kept));
    report_json_count(report, json, "total_", view->total_count);
    report_json_count(report, json, "kept_", view->kept_count);
    return json;
}

json_t *report_json_losses(const struct report *report) {
    return run_losses_json(report->input.run, is_of_heap(report));
}

char *report_counted(const struct report *report, wide count) {
    const struct value_count *words = report->view->counted;
    if (!words)
        return need_copy("");
    return need_print("%s %s", format_count(count, &report->output).s,
                      count == 1 ? words->one : words->many);
}

struct number report_count(const struct report *report, wide count) {
    const struct view *view = report->view;
    if (count == 0 && view->counted->is_calls && view->n_kept < report->input.profile->n_samples)
        return (struct number){"-"};
    return format_count(count, &report->output);
}

enum style report_style(wide part, wide whole) {
    if (part == 0)
        return STYLE_FAINT;
    if (whole == 0)
        return STYLE_PLAIN;
    double share = (double)(part < 0 ? -part : part) / (double)whole;
    return share >= 0.2 ? STYLE_HOT : share >= 0.05 ? STYLE_WARM : STYLE_PLAIN;
}
