/*
 * cmd_top.c - `tally top`: one row a function.
 *
 *        calls      self       ±  self%       cum    cum%  per call  function
 *
 * Calls are missing in profiles of other programs, ± where nothing is estimated. Where calls are
 * the value looked at, as in a profile without times, they are self.
 *
 * Percentages refer to the whole profile, also when filters leave less of it. The total row sums
 * what the filters left, so that the self column adds up to it when all rows are shown.
 */
#include "aggregate.h"
#include "commands.h"
#include "json_out.h"
#include "report.h"
#include "say.h"
#include "table.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct top {
    struct report_options shared;
    uint64_t rows;
    const char *sort;
    bool lines;
};

static const char details[] =
    "PROFILE is a .tally directory or any pprof file; without it, the newest *.tally\n"
    "directory here. Columns:\n"
    "  calls     how often the function was called (profiles made by Tally)\n"
    "  self      time in the function itself, not in functions it called\n"
    "  +-        one standard error of self, where it is estimated (timing=adaptive)\n"
    "  cum       time in the function and all it called; recursive calls count once\n"
    "  per call  cum / calls\n"
    "The time estimated for a function is taken from its callers: in cum the errors of\n"
    "the two cancel, and how far is not known, so there is none beside cum. A profile\n"
    "without times (timing=off) shows calls; cum is then the calls of all below, too.\n"
    "Percentages are of the whole profile. A function marked (inlined) was inlined\n"
    "wherever it was called: its calls are counted, its own time is its caller's.\n"
    "Functions of one name in several files are told apart by the file.";

/* The function's name and where it is defined, clean. Free it. */
static char *with_place(const struct view_function *function, bool utf8) {
    if (!*function->file)
        return need_print("%s  (no file)", function->shown);
    char *file = text_clean(function->file, utf8);
    char *text = function->start_line
                     ? need_print("%s  %s:%" PRId64, function->shown, file, function->start_line)
                     : need_print("%s  %s", function->shown, file);
    free(file);
    return text;
}

/* Of calls there is no average over calls. */
static bool has_average(const struct view *view) {
    return view->calls >= 0 && !view_is_of_calls(view);
}

static void add_row(struct table *table, const struct report *report,
                    const struct function_sum *sum, bool lines) {
    const struct view *view = report->view;
    const struct output *output = &report->output;
    const struct view_function *function = &view->functions[sum->function];
    enum style heat = report_style(sum->self, view->total);
    if (view->calls >= 0)
        table_cell(table, sum->calls ? STYLE_PLAIN : STYLE_FAINT,
                   report_calls(report, sum->calls).s);
    if (!view_is_of_calls(view))
        table_cell(table, heat, format_value(sum->self, view->unit, output).s);
    if (view->variance >= 0)
        table_cell(table, STYLE_FAINT, report_error(report, sum->variance).s);
    table_cell(table, heat, format_percent(sum->self, view->total).s);
    table_cell(table, STYLE_PLAIN, format_value(sum->cum, view->unit, output).s);
    table_cell(table, STYLE_PLAIN, format_percent(sum->cum, view->total).s);
    if (has_average(view))
        /* Time inside an inlined body is its caller's: there is nothing to divide. */
        table_cell(table, STYLE_PLAIN,
                   function->inlined ? "-"
                                     : format_average(sum->cum, sum->calls, view->unit, output).s);
    char *name = lines ? with_place(function, output->utf8) : need_copy(function->shown);
    table_name(table, STYLE_PLAIN, "", name, function->inlined ? " (inlined)" : "");
    free(name);
}

static void add_total(struct table *table, const struct report *report) {
    const struct view *view = report->view;
    const struct output *output = &report->output;
    table_rule(table);
    if (view->calls >= 0)
        table_cell(table, STYLE_STRONG, format_count(view->kept_calls, output).s);
    if (!view_is_of_calls(view))
        table_cell(table, STYLE_STRONG, format_value(view->kept, view->unit, output).s);
    if (view->variance >= 0)
        table_cell(table, STYLE_PLAIN, "");
    table_cell(table, STYLE_STRONG, format_percent(view->kept, view->total).s);
    table_cell(table, STYLE_PLAIN, "");
    table_cell(table, STYLE_PLAIN, "");
    if (has_average(view))
        table_cell(table, STYLE_PLAIN, "");
    table_name(table, STYLE_STRONG, "", view->kept == view->total ? "total" : "kept", "");
}

static void print_hidden_rows(const struct report *report, const struct function_sum *sums,
                              size_t shown, size_t n) {
    const struct view *view = report->view;
    const struct output *output = &report->output;
    wide self = 0, calls = 0;
    for (size_t i = shown; i < n; i++) {
        self += sums[i].self;
        calls += sums[i].calls;
    }
    if (shown == n)
        return;
    char *of_calls = view->calls < 0 ? need_copy("")
                                     : need_print("%s call%s", format_count(calls, output).s,
                                                  calls == 1 ? "" : "s");
    char *of_self = view_is_of_calls(view) ? need_copy("")
                                           : need_print("%sself %s", *of_calls ? ", " : "",
                                                        format_value(self, view->unit, output).s);
    report_note(report, "%s more function%s not shown (-n 0 shows all): %s%s (%s)",
                format_count(n - shown, output).s, n - shown == 1 ? "" : "s", of_calls, of_self,
                format_percent(self, view->total).s);
    free(of_calls);
    free(of_self);
}

static void print_table(const struct report *report, const struct top *top,
                        const struct function_sum *sums, size_t shown, size_t n) {
    const struct view *view = report->view;
    char *self = report_title(report, "self"), *cum = report_title(report, "cum");
    char *error = report_error_title(report);
    struct table_column columns[8];
    size_t n_columns = 0;
    if (view->calls >= 0)
        columns[n_columns++] = (struct table_column){"calls", 0};
    if (!view_is_of_calls(view))
        columns[n_columns++] = (struct table_column){self, 0};
    if (view->variance >= 0)
        columns[n_columns++] = (struct table_column){error, 5};
    columns[n_columns++] = (struct table_column){view_is_of_calls(view) ? "calls%" : "self%", 2};
    columns[n_columns++] = (struct table_column){cum, 1};
    columns[n_columns++] = (struct table_column){"cum%", 4};
    if (has_average(view))
        columns[n_columns++] = (struct table_column){"per call", 3};
    columns[n_columns++] = (struct table_column){"function", 0};
    struct table *table = table_new(columns, n_columns, TABLE_CUT_MIDDLE);
    report_heading(report);
    for (size_t i = 0; i < shown; i++)
        add_row(table, report, &sums[i], top->lines);
    add_total(table, report);
    table_print(table, &report->output);
    print_hidden_rows(report, sums, shown, n);
    report_footer(report, &top->shared.view);
    free(self);
    free(cum);
    free(error);
}

static json_t *json_row(const struct view *view, const struct function_sum *sum) {
    const struct view_function *function = &view->functions[sum->function];
    json_t *row = need(json_object());
    json_put(row, "name", json_text(function->name));
    json_put(row, "system_name", json_text(function->system_name));
    json_put(row, "file", json_text(function->file));
    json_put(row, "line", json_integer(function->start_line));
    json_put(row, "inlined", json_boolean(function->inlined));
    if (view->calls >= 0)
        json_put(row, "calls", json_wide(sum->calls));
    json_put(row, "self", json_wide(sum->self));
    if (view->variance >= 0)
        json_put(row, "self_error", json_wide(aggregate_error(sum->variance)));
    json_put(row, "cum", json_wide(sum->cum));
    return row;
}

static void print_json(const struct report *report, const struct function_sum *sums, size_t shown,
                       size_t n) {
    json_t *json = report_json(report, "top"), *rows = need(json_array());
    for (size_t i = 0; i < shown; i++)
        if (json_array_append_new(rows, json_row(report->view, &sums[i])) != 0)
            need(NULL);
    json_put(json, "functions", rows);
    json_put(json, "functions_not_shown", json_integer((json_int_t)(n - shown)));
    json_put(json, "losses", report_json_losses(report));
    json_out(json);
}

static int show(const struct top *top, const char *operand, int key) {
    struct report report;
    int status = report_open(&top->shared, operand, &report);
    if (status != STATUS_OK)
        return status;
    size_t n;
    struct function_sum *sums = aggregate_functions(report.view, &n);
    aggregate_sort(sums, n, (enum sort_key)key);
    size_t shown = top->rows && top->rows < n ? (size_t)top->rows : n;
    if (top->shared.json)
        print_json(&report, sums, shown, n);
    else
        print_table(&report, top, sums, shown, n);
    free(sums);
    report_close(&report);
    return STATUS_OK;
}

int command_top(int argc, char **argv) {
    static const char *const keys[] = {"self", "cum", "calls", "avg", "name", NULL};
    struct top top = {.rows = 20, .sort = "self"};
    const struct args_option options[] = {
        {ARGS_NUMBER, NULL, 'n', &top.rows, "ROWS", "how many functions; 0: all (default: 20)"},
        {ARGS_TEXT, "sort", 0, &top.sort, "KEY", "self (default), cum, calls, avg or name"},
        {ARGS_FLAG, "lines", 0, &top.lines, NULL, "show where each function is defined"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    struct args_option shared[report_options_count];
    report_options_table(&top.shared, shared);
    const struct args_spec spec = {
        .command = "top",
        .usage = "[OPTIONS] [PROFILE]",
        .summary = "functions by time and calls",
        .details = details,
        .options = options,
        .shared = shared,
        .most = 1,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    int key = args_choice("--sort", top.sort, keys);
    return key < 0 ? STATUS_TROUBLE : show(&top, n ? argv[0] : NULL, key);
}
