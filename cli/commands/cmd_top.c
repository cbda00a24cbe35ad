/*
 * cmd_top.c - `tally top`: one row a function.
 *
 *        calls      self       ±  self%       cum    cum%  per call  function
 *
 * The count is of calls, or of objects in heap profiles; other programs' profiles may have neither.
 * ± is missing where nothing is estimated (columns.h).
 *
 * Percentages refer to the whole profile, also when filters leave less of it. The total row sums
 * what the filters left, so that the self column adds up to it when all rows are shown.
 */
#include "aggregate.h"
#include "columns.h"
#include "commands.h"
#include "json_out.h"
#include "report.h"
#include "say.h"

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
    "Of heap profiles self and cum are bytes (or what --sample says) allocated by the\n"
    "function, objects how many objects self is the sum of, per object self / objects.\n"
    "Percentages are of the whole profile. A function marked (inlined) was inlined\n"
    "wherever it was called: its calls are counted, its own time is its caller's.\n"
    "Functions of one name in several files are told apart by the file.";

static void add_row(struct columns *columns, const struct function_sum *sum, bool lines) {
    const struct view *view = columns->report->view;
    const struct view_function *function = &view->functions[sum->function];
    bool is_inlined_call = function->inlined && view->counted && view->counted->is_calls;
    columns_row(columns, &(struct numbers){
                             .count = sum->count,
                             .self = sum->self,
                             .variance = sum->variance,
                             .cum = sum->cum,
                             .averaged = aggregate_averaged(view, sum),
                             /* Time inside an inlined body is its caller's. */
                             .no_average = is_inlined_call,
                         });
    char *name = lines ? report_place(columns->report, function, function->start_line)
                       : need_copy(function->shown);
    table_name(columns->table, STYLE_PLAIN, "", name, function->inlined ? " (inlined)" : "");
    free(name);
}

static void print_hidden_rows(const struct report *report, const struct function_sum *sums,
                              size_t shown, size_t n) {
    const struct view *view = report->view;
    const struct output *output = &report->output;
    wide self = 0, count = 0;
    for (size_t i = shown; i < n; i++) {
        self += sums[i].self;
        count += sums[i].count;
    }
    if (shown == n)
        return;
    char *counted = report_counted(report, count);
    char *of_self = view_is_of_count(view) ? need_copy("")
                                           : need_print("%sself %s", *counted ? ", " : "",
                                                        format_value(self, view->unit, output).s);
    report_note(report, "%s more function%s not shown (-n 0 shows all): %s%s (%s)",
                format_count(n - shown, output).s, n - shown == 1 ? "" : "s", counted, of_self,
                format_percent(self, view->whole).s);
    free(counted);
    free(of_self);
}

static void print_table(const struct report *report, const struct top *top,
                        const struct function_sum *sums, size_t shown, size_t n) {
    static const struct column wanted[] = {
        {COLUMN_COUNT, NULL, 0},   {COLUMN_SELF, "self", 0},
        {COLUMN_ERROR, NULL, 5},   {COLUMN_SELF_PERCENT, "self%", 2},
        {COLUMN_CUM, "cum", 1},    {COLUMN_CUM_PERCENT, "cum%", 4},
        {COLUMN_AVERAGE, NULL, 3}, {COLUMN_END, NULL, 0},
    };
    const struct view *view = report->view;
    struct columns columns;
    columns_open(&columns, report, wanted, "function", TABLE_CUT_MIDDLE);
    report_heading(report);
    for (size_t i = 0; i < shown; i++)
        add_row(&columns, &sums[i], top->lines);
    columns_total(&columns);
    table_name(columns.table, STYLE_STRONG, "", view->kept == view->total ? "total" : "kept", "");
    columns_print(&columns);
    print_hidden_rows(report, sums, shown, n);
    report_footer(report, &top->shared.view);
}

static json_t *json_row(const struct report *report, const struct function_sum *sum) {
    const struct view *view = report->view;
    const struct view_function *function = &view->functions[sum->function];
    json_t *row = need(json_object());
    json_put(row, "name", json_text(function->name));
    json_put(row, "system_name", json_text(function->system_name));
    json_put(row, "file", json_text(function->file));
    json_put(row, "line", json_integer(function->start_line));
    json_put(row, "inlined", json_boolean(function->inlined));
    report_json_count(report, row, "", sum->count);
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
        if (json_array_append_new(rows, json_row(report, &sums[i])) != 0)
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
    aggregate_sort(report.view, sums, n, (enum sort_key)key);
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
    static const char *const keys[] = {"self", "cum", "calls", "avg", "name", "objects", NULL};
    struct top top = {.rows = 20, .sort = "self"};
    const struct args_option options[] = {
        {ARGS_NUMBER, NULL, 'n', &top.rows, "ROWS", "how many functions; 0: all (default: 20)"},
        {ARGS_TEXT, "sort", 0, &top.sort, "KEY",
         "self (default), cum, calls, objects, avg or name"},
        {ARGS_FLAG, "lines", 0, &top.lines, NULL, "show where each function is defined"},
        report_sample_option(&top.shared),
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    struct args_option shared[report_options_count];
    report_options_table(&top.shared, shared);
    const struct args_spec spec = {
        .command = "top",
        .usage = "[OPTIONS] [PROFILE]",
        .summary = "functions by time and calls, or by what they allocated",
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
    if (key < 0)
        return STATUS_TROUBLE;
    /* One of the two is what the profile counts. */
    return show(&top, n ? argv[0] : NULL, key > SORT_NAME ? SORT_COUNT : key);
}
