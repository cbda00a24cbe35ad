/*
 * cmd_list.c - `tally list REGEX`: source code, with what each line did in front of it.
 *
 *   fib  fib.c
 *   7,049,155 calls, self 52.1 ms (98.2%), cum 52.1 ms (98.2%)
 *
 *       calls     self      cum  line  source
 *           .  52.1 ms  52.1 ms     3  int fib(int n) {
 *   7,049,154        .  52.1 ms     4      return n < 2 ? n : fib(n - 1) + fib(n - 2);
 *
 * In profiles made by Tally a function's own time stands at the line of its declaration, because it
 * is known for the function, not for the line; calls and their time stand where the call is.
 */
#include "aggregate.h"
#include "commands.h"
#include "json_out.h"
#include "pattern.h"
#include "report.h"
#include "run.h"
#include "say.h"
#include "source.h"
#include "table.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct list {
    struct report_options shared;
    struct source_options source;
};

/* What is to be listed: functions in order, and the sums of their lines. */
struct listing {
    const struct report *report;
    const struct list *list;
    struct function_sum *functions;
    size_t n_functions;
    struct line_sum *lines; /* by function, then line */
    size_t n_lines;
};

static const char details[] =
    "Every function whose name matches is shown, the one with the most time first.\n"
    "Columns:\n"
    "  calls  calls made from this line (profiles made by Tally)\n"
    "  self   time of the function itself; Tally's profiles have all of it at the line\n"
    "         where the function begins\n"
    "  cum    with the time of what was called from this line\n"
    "Where a function's self time is estimated (timing=adaptive), its standard error\n"
    "follows it. In a profile without times (timing=off), cum is the calls made from\n"
    "this line and by all that was called.\n"
    "A source file is looked for under each directory of --source-path, by its whole\n"
    "recorded path and then without its leading directories; then where it was when\n"
    "the program was compiled.";

static const struct line_sum *lines_of(const struct listing *listing, uint32_t function,
                                       size_t *n) {
    size_t from = 0;
    while (from < listing->n_lines && listing->lines[from].function != function)
        from++;
    size_t to = from;
    while (to < listing->n_lines && listing->lines[to].function == function)
        to++;
    *n = to - from;
    return &listing->lines[from];
}

static void add_number(struct table *table, const char *text, wide value, enum style style) {
    table_cell(table, value ? style : STYLE_FAINT, value ? text : ".");
}

static void add_line(struct table *table, const struct report *report, const struct line_sum *sum,
                     int64_t line, const char *source) {
    const struct view *view = report->view;
    const struct output *output = &report->output;
    const struct line_sum none = {0};
    if (!sum)
        sum = &none;
    enum style heat = report_style(sum->self, view->total);
    if (view->calls >= 0)
        add_number(table, format_count(sum->calls, output).s, sum->calls, STYLE_PLAIN);
    if (!view_is_of_calls(view))
        add_number(table, format_value(sum->self, view->unit, output).s, sum->self, heat);
    add_number(table, format_value(sum->cum, view->unit, output).s, sum->cum, STYLE_PLAIN);
    char number[32] = "?";
    if (line > 0)
        snprintf(number, sizeof number, "%" PRId64, line);
    table_cell(table, STYLE_FAINT, number);
    char *clean = text_clean(source, output->utf8);
    table_name(table, sum == &none ? STYLE_FAINT : STYLE_PLAIN, "", clean, "");
    free(clean);
}

static void add_lines(struct table *table, const struct report *report,
                      const struct view_function *function, const struct line_sum *sums, size_t n,
                      const struct source_text *text) {
    size_t at = 0;
    int64_t last = n ? sums[n - 1].line : 0;
    int64_t first = function->start_line;
    for (; at < n && sums[at].line <= 0; at++)
        add_line(table, report, &sums[at], 0, "(line unknown)");
    if (at < n && (first <= 0 || sums[at].line < first))
        first = sums[at].line;
    if (function->start_line <= 0 && text->path && at < n)
        first = source_start(text, first);
    int64_t end = text->path && at < n ? source_end(text, first, last) : -1;
    for (int64_t line = first; line > 0 && line <= end; line++) {
        bool has_sum = at < n && sums[at].line == line;
        add_line(table, report, has_sum ? &sums[at] : NULL, line, text->lines[line - 1]);
        at += has_sum;
    }
    /* Without the source, or beyond its end, what is known is the numbers. */
    for (; at < n; at++)
        add_line(table, report, &sums[at], sums[at].line, "");
}

static void print_source_state(const struct report *report, const struct view_function *function,
                               const struct source_text *text) {
    const struct tally_pprof_profile *profile = report->input.profile;
    char *file = text_clean(text->path ? text->path : function->file, report->output.utf8);
    if (!*function->file)
        printf("source file unknown\n");
    else if (!text->path)
        printf("source not found: %s (see --source-path and --trim-path)\n", file);
    else if (profile->time_ns && text->time_ns > profile->time_ns + profile->duration_ns)
        printf("source: %s (changed after the profile was taken)\n", file);
    else
        printf("source: %s\n", file);
    free(file);
}

/* "self 52.1 ms ± 1.20 ms (98.2%), ", after a comma; what is self where the value is the calls was
 * said already. */
static char *self_text(const struct report *report, const struct function_sum *sum,
                       const char *unit) {
    if (view_is_of_calls(report->view))
        return need_copy("");
    struct number error = report_error(report, sum->variance);
    const char *sign = !*error.s ? "" : report->output.utf8 ? " \xc2\xb1 " : " +- ";
    return need_print("%sself %s%s%s%s", report->view->calls < 0 ? "" : ", ",
                      format_value(sum->self, report->view->unit, &report->output).s, sign, error.s,
                      unit);
}

static void print_sums(const struct report *report, const struct function_sum *sum) {
    const struct view *view = report->view;
    const struct output *output = &report->output;
    char *unit = output->raw && !view_is_of_calls(view)
                     ? need_print(" %s", format_unit_name(view->unit))
                     : need_copy("");
    char *calls = view->calls < 0 ? need_copy("")
                                  : need_print("%s call%s", format_count(sum->calls, output).s,
                                               sum->calls == 1 ? "" : "s");
    char *self = self_text(report, sum, unit);
    report_note(report, "%s%s (%s), cum %s%s (%s)", calls, self,
                format_percent(sum->self, view->total).s,
                format_value(sum->cum, view->unit, output).s, unit,
                format_percent(sum->cum, view->total).s);
    free(unit);
    free(calls);
    free(self);
}

static void print_function(const struct listing *listing, const struct function_sum *sum) {
    const struct report *report = listing->report;
    const struct view *view = report->view;
    const struct output *output = &report->output;
    const struct view_function *function = &view->functions[sum->function];
    printf("%s%s%s%s\n", output_on(output, STYLE_STRONG), function->shown,
           output_off(output, STYLE_STRONG), function->inlined ? " (inlined)" : "");
    print_sums(report, sum);
    struct source_text text;
    source_read(function->file, &listing->list->source, &text);
    print_source_state(report, function, &text);
    char *self = report_title(report, "self"), *cum = report_title(report, "cum");
    struct table_column columns[5];
    size_t n_columns = 0;
    if (view->calls >= 0)
        columns[n_columns++] = (struct table_column){"calls", 1};
    if (!view_is_of_calls(view))
        columns[n_columns++] = (struct table_column){self, 2};
    columns[n_columns++] = (struct table_column){cum, 0};
    columns[n_columns++] = (struct table_column){"line", 0};
    columns[n_columns++] = (struct table_column){"source", 0};
    struct table *table = table_new(columns, n_columns, TABLE_CUT_END);
    size_t n;
    const struct line_sum *sums = lines_of(listing, sum->function, &n);
    add_lines(table, report, function, sums, n, &text);
    table_print(table, output);
    source_free(&text);
    free(self);
    free(cum);
}

static json_t *json_lines(const struct listing *listing, uint32_t function,
                          const struct source_text *text) {
    json_t *rows = need(json_array());
    size_t n;
    const struct line_sum *sums = lines_of(listing, function, &n);
    for (size_t i = 0; i < n; i++) {
        json_t *row = need(json_object());
        json_put(row, "line", json_integer(sums[i].line));
        if (listing->report->view->calls >= 0)
            json_put(row, "calls", json_wide(sums[i].calls));
        json_put(row, "self", json_wide(sums[i].self));
        json_put(row, "cum", json_wide(sums[i].cum));
        if (sums[i].line > 0 && (uint64_t)sums[i].line <= text->n)
            json_put(row, "text", json_text(text->lines[sums[i].line - 1]));
        if (json_array_append_new(rows, row) != 0)
            need(NULL);
    }
    return rows;
}

static void print_json(const struct listing *listing) {
    const struct view *view = listing->report->view;
    json_t *json = report_json(listing->report, "list"), *functions = need(json_array());
    for (size_t i = 0; i < listing->n_functions; i++) {
        const struct function_sum *sum = &listing->functions[i];
        const struct view_function *function = &view->functions[sum->function];
        struct source_text text;
        source_read(function->file, &listing->list->source, &text);
        json_t *row = need(json_object());
        json_put(row, "name", json_text(function->name));
        json_put(row, "system_name", json_text(function->system_name));
        json_put(row, "file", json_text(function->file));
        json_put(row, "line", json_integer(function->start_line));
        json_put(row, "source", text.path ? json_text(text.path) : json_null());
        if (view->calls >= 0)
            json_put(row, "calls", json_wide(sum->calls));
        json_put(row, "self", json_wide(sum->self));
        if (view->variance >= 0)
            json_put(row, "self_error", json_wide(aggregate_error(sum->variance)));
        json_put(row, "cum", json_wide(sum->cum));
        json_put(row, "lines", json_lines(listing, sum->function, &text));
        if (json_array_append_new(functions, row) != 0)
            need(NULL);
        source_free(&text);
    }
    json_put(json, "functions", functions);
    json_put(json, "losses", report_json_losses(listing->report));
    json_out(json);
}

/* Fills in the listing with the functions that match; false if none does. */
static bool choose(struct listing *listing, struct pattern *pattern) {
    struct view *view = listing->report->view;
    bool *chosen = need_array(view->n_functions, sizeof *chosen);
    size_t n, kept = 0;
    listing->functions = aggregate_functions(view, &n);
    for (size_t i = 0; i < n; i++) {
        uint32_t function = listing->functions[i].function;
        if (!pattern_matches(pattern, view->functions[function].name))
            continue;
        chosen[function] = true;
        listing->functions[kept++] = listing->functions[i];
    }
    listing->n_functions = kept;
    aggregate_sort(listing->functions, kept, SORT_SELF);
    listing->lines = aggregate_lines(view, chosen, &listing->n_lines);
    free(chosen);
    return kept > 0;
}

static void print_text(const struct listing *listing) {
    report_heading(listing->report);
    for (size_t i = 0; i < listing->n_functions; i++) {
        if (i)
            putchar('\n');
        print_function(listing, &listing->functions[i]);
    }
    report_footer(listing->report, &listing->list->shared.view);
}

static int show(struct list *list, const char *regex, const char *operand) {
    struct pattern *pattern;
    int status = pattern_new("list", regex, &pattern);
    if (status != STATUS_OK)
        return status;
    struct report report;
    status = report_open(&list->shared, operand, &report);
    if (status == STATUS_OK) {
        list->source.working_directory =
            run_text(json_object_get(report.input.run, "program"), "working_directory");
        struct listing listing = {.report = &report, .list = list};
        if (!choose(&listing, pattern))
            status = say_error(report.input.file, "no function matches '%s'", regex);
        else if (list->shared.json)
            print_json(&listing);
        else
            print_text(&listing);
        free(listing.functions);
        free(listing.lines);
        report_close(&report);
    }
    pattern_free(pattern);
    return status;
}

int command_list(int argc, char **argv) {
    struct list list = {0};
    const struct args_option options[] = {
        {ARGS_TEXT, "source-path", 0, &list.source.source_path, "DIR[:DIR]",
         "where to look for sources first"},
        {ARGS_TEXT, "trim-path", 0, &list.source.trim_path, "PREFIX[:..]",
         "take these off the front of recorded paths"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    struct args_option shared[report_options_count];
    report_options_table(&list.shared, shared);
    const struct args_spec spec = {
        .command = "list",
        .usage = "[OPTIONS] REGEX [PROFILE]",
        .summary = "source code with the time and calls of each line",
        .details = details,
        .options = options,
        .shared = shared,
        .fewest = 1,
        .most = 2,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    return show(&list, argv[0], n > 1 ? argv[1] : NULL);
}
