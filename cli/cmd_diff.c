/*
 * cmd_diff.c - `tally diff OLD NEW`: one row a function, with what changed.
 *
 *   old self  new self     change  change%   old cum   new cum  …  function
 *   1.00 MiB  3.00 MiB  +2.00 MiB  +200.0%  1.00 MiB  3.00 MiB  …  load
 *
 * What did not change is only counted. Change is of exact integers, so that nothing in it is noise
 * where the values are not (calls, bytes). What counts as a regression is not decided here.
 */
#include "aggregate.h"
#include "commands.h"
#include "diff.h"
#include "json_out.h"
#include "report.h"
#include "say.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct diff_options {
    struct report_options shared;
    uint64_t rows;
    bool lines;
};

/* Two profiles and what is different. */
struct comparison {
    const struct diff_options *options;
    struct report old, new;
    struct diff diff;
    size_t shown;
};

static const char details[] =
    "OLD and NEW are .tally directories, or any pprof files with the same sample type:\n"
    "the one given, or the default of OLD. Columns:\n"
    "  old, new self  of the function itself, before and after\n"
    "  change         the difference, and in percent of old\n"
    "  old, new cum   with all it called; recursive calls count once\n"
    "  cum change     likewise\n"
    "Rows are sorted by the size of the change of self, then of cum; what did not\n"
    "change is not shown. A function that only one of the two has is marked (added) or\n"
    "(vanished). Functions are the same if their names are; of several with one name,\n"
    "those whose files agree in most of their path.";

enum { SELF_OLD, SELF_NEW, SELF_CHANGE, SELF_PERCENT, CUM_OLD, CUM_NEW, CUM_CHANGE, CUM_PERCENT };

static void add_change(struct table *table, const struct report *report, wide old, wide new,
                       enum style style) {
    const struct output *output = &report->output;
    const char *unit = report->view->unit;
    table_cell(table, STYLE_PLAIN, format_value(old, unit, output).s);
    table_cell(table, STYLE_PLAIN, format_value(new, unit, output).s);
    table_cell(table, style, format_change(new - old, unit, output).s);
    table_cell(table, style, format_change_percent(new - old, old).s);
}

static enum style heat(const struct comparison *comparison, wide old, wide new) {
    const wide before = comparison->old.view->whole, after = comparison->new.view->whole;
    return report_style(new - old, before > after ? before : after);
}

static const char *mark_of(const struct diff_row *row) {
    return !row->old.is_there ? " (added)" : !row->new.is_there ? " (vanished)" : "";
}

static void add_row(struct table *table, const struct comparison *comparison,
                    const struct diff_row *row) {
    const struct report *report = &comparison->new;
    add_change(table, report, row->old.self, row->new.self,
               heat(comparison, row->old.self, row->new.self));
    add_change(table, report, row->old.cum, row->new.cum,
               heat(comparison, row->old.cum, row->new.cum));
    char *name = comparison->options->lines ? report_place(report, row->function, row->line)
                                            : need_copy(row->function->shown);
    table_name(table, STYLE_PLAIN, "", name, mark_of(row));
    free(name);
}

static void add_total(struct table *table, const struct comparison *comparison) {
    const struct view *old = comparison->old.view, *new = comparison->new.view;
    bool is_whole = old->kept == old->total && new->kept == new->total;
    table_rule(table);
    add_change(table, &comparison->new, old->kept, new->kept, STYLE_STRONG);
    for (int i = CUM_OLD; i <= CUM_PERCENT; i++)
        table_cell(table, STYLE_PLAIN, "");
    table_name(table, STYLE_STRONG, "", is_whole ? "total" : "kept", "");
}

static void print_rest(const struct comparison *comparison) {
    const struct report *report = &comparison->new;
    const struct diff *diff = &comparison->diff;
    const char *what = comparison->options->lines ? "line" : "function";
    size_t rest = diff->n - comparison->shown;
    if (rest)
        report_note(report, "%s more %s%s changed and not shown (-n 0 shows all)",
                    format_count((wide)rest, &report->output).s, what, rest == 1 ? "" : "s");
    if (diff->n_unchanged)
        report_note(report, "%s %s%s did not change",
                    format_count((wide)diff->n_unchanged, &report->output).s, what,
                    diff->n_unchanged == 1 ? "" : "s");
}

static void print_table(const struct comparison *comparison) {
    static const struct {
        const char *title;
        int drop_rank;
        bool has_unit;
    } wanted[] = {
        [SELF_OLD] = {"old self", 3, true},     [SELF_NEW] = {"new self", 2, true},
        [SELF_CHANGE] = {"change", 0, true},    [SELF_PERCENT] = {"change%", 1, false},
        [CUM_OLD] = {"old cum", 7, true},       [CUM_NEW] = {"new cum", 6, true},
        [CUM_CHANGE] = {"cum change", 4, true}, [CUM_PERCENT] = {"change%", 5, false},
    };
    enum { N = sizeof wanted / sizeof *wanted };
    char *titles[N];
    struct table_column columns[N + 1];
    for (int i = 0; i < N; i++) {
        titles[i] = wanted[i].has_unit ? report_title(&comparison->new, wanted[i].title)
                                       : need_copy(wanted[i].title);
        columns[i] = (struct table_column){titles[i], wanted[i].drop_rank};
    }
    columns[N] = (struct table_column){"function", 0};
    struct table *table = table_new(columns, N + 1, TABLE_CUT_MIDDLE);
    for (size_t i = 0; i < comparison->shown; i++)
        add_row(table, comparison, &comparison->diff.rows[i]);
    add_total(table, comparison);
    table_print(table, &comparison->new.output);
    for (int i = 0; i < N; i++)
        free(titles[i]);
}

static void print_text(const struct comparison *comparison) {
    report_heading_of(&comparison->old, "old: ");
    report_heading_of(&comparison->new, "new: ");
    putchar('\n');
    print_table(comparison);
    print_rest(comparison);
    report_filters(&comparison->new, &comparison->options->shared.view);
    report_losses(&comparison->old, "loss in old");
    report_losses(&comparison->new, "loss in new");
}

static json_t *json_sums(wide self, wide cum) {
    json_t *json = need(json_object());
    json_put(json, "self", json_wide(self));
    json_put(json, "cum", json_wide(cum));
    return json;
}

static json_t *json_row(const struct diff_row *row, bool by_line) {
    const struct view_function *function = row->function;
    json_t *json = need(json_object());
    json_put(json, "name", json_text(function->name));
    json_put(json, "system_name", json_text(function->system_name));
    json_put(json, "file", json_text(function->file));
    json_put(json, "line", json_integer(by_line ? row->line : function->start_line));
    json_put(json, "in_old", json_boolean(row->old.is_there));
    json_put(json, "in_new", json_boolean(row->new.is_there));
    json_put(json, "old", json_sums(row->old.self, row->old.cum));
    json_put(json, "new", json_sums(row->new.self, row->new.cum));
    json_put(json, "change", json_sums(row->new.self - row->old.self, row->new.cum - row->old.cum));
    return json;
}

static json_t *json_side(const struct report *report) {
    json_t *json = need(json_object());
    json_put(json, "file", json_text(report->input.file));
    json_put(json, "total", json_wide(report->view->total));
    json_put(json, "kept", json_wide(report->view->kept));
    json_put(json, "losses", report_json_losses(report));
    return json;
}

static void print_json(const struct comparison *comparison) {
    const bool by_line = comparison->options->lines;
    const struct diff *diff = &comparison->diff;
    json_t *json = need(json_object()), *rows = need(json_array());
    for (size_t i = 0; i < comparison->shown; i++)
        if (json_array_append_new(rows, json_row(&diff->rows[i], by_line)) != 0)
            need(NULL);
    json_put(json, "command", json_text("diff"));
    json_put(json, "version", json_integer(1));
    json_put(json, "sample_type", json_text(comparison->new.view->type));
    json_put(json, "unit", json_text(comparison->new.view->unit));
    json_put(json, "old", json_side(&comparison->old));
    json_put(json, "new", json_side(&comparison->new));
    json_put(json, "by_line", json_boolean(by_line));
    json_put(json, "rows", rows);
    json_put(json, "rows_not_shown", json_integer((json_int_t)(diff->n - comparison->shown)));
    json_put(json, "rows_unchanged", json_integer((json_int_t)diff->n_unchanged));
    json_out(json);
}

static int check_units(const struct comparison *comparison) {
    const struct view *old = comparison->old.view, *new = comparison->new.view;
    if (strcmp(old->unit, new->unit) == 0)
        return STATUS_OK;
    return say_error(comparison->new.input.file,
                     "has %s in %s, %s has it in %s: that cannot be compared", new->type,
                     *new->unit ? new->unit : "no unit", comparison->old.input.file,
                     *old->unit ? old->unit : "no unit");
}

static void show(struct comparison *comparison) {
    const struct diff_options *options = comparison->options;
    struct diff *diff = &comparison->diff;
    diff_make(comparison->old.view, comparison->new.view, options->lines, diff);
    comparison->shown = options->rows && options->rows < diff->n ? (size_t)options->rows : diff->n;
    if (options->shared.json)
        print_json(comparison);
    else
        print_text(comparison);
    diff_free(diff);
}

static int compare(const struct diff_options *options, const char *old, const char *new) {
    struct comparison comparison = {.options = options};
    int status = report_open(&options->shared, old, &comparison.old);
    if (status != STATUS_OK)
        return status;
    /* NEW is asked for the value of OLD, whatever its own default is. */
    struct report_options same_value = options->shared;
    same_value.view.sample = comparison.old.view->type;
    status = report_open(&same_value, new, &comparison.new);
    if (status == STATUS_OK) {
        status = check_units(&comparison);
        if (status == STATUS_OK)
            show(&comparison);
        report_close(&comparison.new);
    }
    report_close(&comparison.old);
    return status;
}

int command_diff(int argc, char **argv) {
    struct diff_options diff = {.rows = 20};
    const struct args_option options[] = {
        {ARGS_NUMBER, NULL, 'n', &diff.rows, "ROWS", "how many rows; 0: all (default: 20)"},
        {ARGS_FLAG, "lines", 0, &diff.lines, NULL, "a row for each line of a call, or allocation"},
        report_sample_option(&diff.shared),
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    struct args_option shared[report_options_count];
    report_options_table(&diff.shared, shared);
    const struct args_spec spec = {
        .command = "diff",
        .usage = "[OPTIONS] OLD NEW",
        .summary = "what changed between two profiles, by function",
        .details = details,
        .options = options,
        .shared = shared,
        .fewest = 2,
        .most = 2,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    return compare(&diff, argv[0], argv[1]);
}
