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
#include "columns.h"
#include "commands.h"
#include "json_out.h"
#include "pattern.h"
#include "report.h"
#include "run.h"
#include "say.h"
#include "source.h"
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
    "Every function whose name matches is shown, the largest self first.\n"
    "Columns:\n"
    "  calls  calls made from this line (profiles made by Tally)\n"
    "  self   time of the function itself; Tally's profiles have all of it at the line\n"
    "         where the function begins\n"
    "  cum    with the time of what was called from this line\n"
    "Where a function's self time is estimated (timing=adaptive), its standard error\n"
    "follows it. In a profile without times (timing=off), cum is the calls made from\n"
    "this line and by all that was called. Of heap profiles self is what this line\n"
    "allocated (bytes, or what --sample says), objects how many objects that was.\n"
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

static void add_line(struct columns *columns, const struct line_sum *sum, int64_t line,
                     const char *source) {
    const struct line_sum none = {0};
    if (!sum)
        sum = &none;
    columns_row(columns, &(struct numbers){
                             .count = sum->count,
                             .self = sum->self,
                             .cum = sum->cum,
                             .averaged = sum->self,
                         });
    char number[32] = "?";
    if (line > 0)
        snprintf(number, sizeof number, "%" PRId64, line);
    table_cell(columns->table, STYLE_FAINT, number);
    char *clean = text_clean(source, columns->report->output.utf8);
    table_name(columns->table, sum == &none ? STYLE_FAINT : STYLE_PLAIN, "", clean, "");
    free(clean);
}

static void add_lines(struct columns *columns, const struct view_function *function,
                      const struct line_sum *sums, size_t n, const struct source_text *text) {
    size_t at = 0;
    int64_t last = n ? sums[n - 1].line : 0;
    int64_t first = function->start_line;
    for (; at < n && sums[at].line <= 0; at++)
        add_line(columns, &sums[at], 0, "(line unknown)");
    if (at < n && (first <= 0 || sums[at].line < first))
        first = sums[at].line;
    if (function->start_line <= 0 && text->path && at < n)
        first = source_start(text, first);
    int64_t end = text->path && at < n ? source_end(text, first, last) : -1;
    for (int64_t line = first; line > 0 && line <= end; line++) {
        bool has_sum = at < n && sums[at].line == line;
        add_line(columns, has_sum ? &sums[at] : NULL, line, text->lines[line - 1]);
        at += has_sum;
    }
    /* Without the source, or beyond its end, what is known is the numbers. */
    for (; at < n; at++)
        add_line(columns, &sums[at], sums[at].line, "");
}

static void print_source_state(const struct report *report, const struct view_function *function,
                               const struct source_text *text) {
    const struct tally_pprof_profile *profile = report->input.profile;
    char *file = text_clean(text->path ? text->path : function->file, report->output.utf8);
    if (!*function->file)
        printf("source file unknown\n");
    else if (!text->path)
        printf("source not found: %s (see --source-path and --trim-path)\n", file);
    else if (profile->time_ns && text->time_ns > (wide)profile->time_ns + profile->duration_ns)
        printf("source: %s (changed after the profile was taken)\n", file);
    else
        printf("source: %s\n", file);
    free(file);
}

/* "self 52.1 ms ± 1.20 ms (98.2%), ", after a comma; what is self where the value is the calls was
 * said already. */
static char *self_text(const struct report *report, const struct function_sum *sum,
                       const char *unit) {
    if (view_is_of_count(report->view))
        return need_copy("");
    struct number error = report_error(report, sum->variance);
    const char *sign = !*error.s ? "" : report->output.utf8 ? " \xc2\xb1 " : " +- ";
    return need_print("%sself %s%s%s%s", report->view->count < 0 ? "" : ", ",
                      format_value(sum->self, report->view->unit, &report->output).s, sign, error.s,
                      unit);
}

static void print_sums(const struct report *report, const struct function_sum *sum) {
    const struct view *view = report->view;
    const struct output *output = &report->output;
    char *unit = output->raw && !view_is_of_count(view)
                     ? need_print(" %s", format_unit_name(view->unit))
                     : need_copy("");
    char *counted = report_counted(report, sum->count);
    char *self = self_text(report, sum, unit);
    report_note(report, "%s%s (%s), cum %s%s (%s)", counted, self,
                format_percent(sum->self, view->whole).s,
                format_value(sum->cum, view->unit, output).s, unit,
                format_percent(sum->cum, view->whole).s);
    free(unit);
    free(counted);
    free(self);
}

static void print_function(const struct listing *listing, const struct function_sum *sum) {
    static const struct column wanted[] = {
        {COLUMN_COUNT, NULL, 1}, {COLUMN_SELF, "self", 2},  {COLUMN_MEAN_SIZE, NULL, 3},
        {COLUMN_CUM, "cum", 0},  {COLUMN_OTHER, "line", 0}, {COLUMN_END, NULL, 0},
    };
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
    struct columns columns;
    columns_open(&columns, report, wanted, "source", TABLE_CUT_END);
    columns.dots = true;
    size_t n;
    const struct line_sum *sums = lines_of(listing, sum->function, &n);
    add_lines(&columns, function, sums, n, &text);
    columns_print(&columns);
    source_free(&text);
}

static json_t *json_lines(const struct listing *listing, uint32_t function,
                          const struct source_text *text) {
    json_t *rows = need(json_array());
    size_t n;
    const struct line_sum *sums = lines_of(listing, function, &n);
    for (size_t i = 0; i < n; i++) {
        json_t *row = need(json_object());
        json_put(row, "line", json_integer(sums[i].line));
        report_json_count(listing->report, row, "", sums[i].count);
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
        report_json_count(listing->report, row, "", sum->count);
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
    aggregate_sort(view, listing->functions, kept, SORT_SELF);
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
        report_sample_option(&list.shared),
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
