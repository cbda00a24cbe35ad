/*
 * report.c - see report.h.
 */
#include "report.h"

#include "aggregate.h"
#include "json_out.h"
#include "run.h"
#include "say.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_options_table(struct report_options *options, struct args_option *table) {
    struct view_options *view = &options->view;
    const struct args_option all[report_options_count] = {
        {ARGS_TEXT, "sample", 0, &view->sample, "TYPE",
         "the value to show, by the name of its sample type\n(default: the profile's own default)"},
        {ARGS_TEXT, "focus", 0, &view->focus, "REGEX", "only stacks with a matching frame"},
        {ARGS_TEXT, "ignore", 0, &view->ignore, "REGEX", "no stacks with a matching frame"},
        {ARGS_TEXT, "hide", 0, &view->hide, "REGEX",
         "leave matching frames out; their time goes to their callers"},
        {ARGS_TEXT, "profile", 0, &options->profile, "KIND",
         "which profile of a .tally directory (default: calls)"},
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
    int status = output_init(&report->output, options->color, options->width, options->raw);
    if (status == STATUS_OK)
        status = input_open(operand, options->profile, &report->input);
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

void report_heading(const struct report *report) {
    const struct output *output = &report->output;
    const struct tally_pprof_profile *profile = report->input.profile;
    char *file = text_clean(report->input.file, output->utf8);
    char *command = run_command(report->input.run, output->utf8);
    char *line = need_print("%s%s%s%s%s", file, command ? ": " : "", command ? command : "",
                            profile->time_ns ? ", " : "",
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
    printf("%s%s%s\n\n", output_on(output, STYLE_FAINT), fitted, output_off(output, STYLE_FAINT));
    free(file);
    free(command);
    free(line);
    free(fitted);
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

char *report_error_title(const struct report *report) {
    return report_title(report, report->output.utf8 ? "\xc2\xb1" : "+-");
}

struct number report_error(const struct report *report, wide variance) {
    if (variance == 0)
        return (struct number){""};
    return format_value(aggregate_error(variance), report->view->unit, &report->output);
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

void report_footer(const struct report *report, const struct view_options *options) {
    const struct output *output = &report->output;
    print_filter(report, "focus", options->focus);
    print_filter(report, "ignore", options->ignore);
    print_filter(report, "hide", options->hide);
    if (!report->input.run)
        return;
    size_t n;
    char **losses = run_losses(report->input.run, output, &n);
    for (size_t i = 0; i < n; i++) {
        printf("%sloss:%s ", output_on(output, STYLE_WARM), output_off(output, STYLE_WARM));
        output_wrapped(losses[i], strlen("loss: "), output->width);
        free(losses[i]);
    }
    free(losses);
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
    if (view->calls >= 0) {
        json_put(json, "total_calls", json_wide(view->total_calls));
        json_put(json, "kept_calls", json_wide(view->kept_calls));
    }
    return json;
}

json_t *report_json_losses(const struct report *report) {
    json_t *losses = json_object_get(report->input.run, "losses");
    return need(losses ? json_deep_copy(losses) : json_null());
}

struct number report_calls(const struct report *report, wide calls) {
    if (calls == 0 && report->view->n_kept < report->input.profile->n_samples)
        return (struct number){"-"};
    return format_count(calls, &report->output);
}

enum style report_style(wide part, wide whole) {
    if (part == 0)
        return STYLE_FAINT;
    if (whole == 0)
        return STYLE_PLAIN;
    double share = (double)part / (double)whole;
    return share >= 0.2 ? STYLE_HOT : share >= 0.05 ? STYLE_WARM : STYLE_PLAIN;
}
