/*
 * diff_text.c - a diff as tables for the terminal.
 *
 *   old: app-1.tally: ./app, 2026-11-21 …
 *   new: app-2.tally: ./app, …
 *
 *   calls: 1,003 → 1,010 (+7, +0.7%)                        once a value
 *     old    new  change  change%  function
 *     100    107      +7    +7.0%  check
 */
#include "diff_out.h"

#include "say.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column_value { OLD, NEW, CHANGE, PERCENT, P };

struct column {
    const char *title;
    int drop_rank;
    bool of_cum;
    enum column_value value;
};

/* Those of a value that has no cum; of one that has; and the last where a test was made. */
static const struct column plain[] = {
    {"old", 3, false, OLD},
    {"new", 2, false, NEW},
    {"change", 0, false, CHANGE},
    {"change%", 1, false, PERCENT},
};
static const struct column full[] = {
    {"old self", 3, false, OLD},     {"new self", 2, false, NEW},   {"change", 0, false, CHANGE},
    {"change%", 1, false, PERCENT},  {"old cum", 7, true, OLD},     {"new cum", 6, true, NEW},
    {"cum change", 4, true, CHANGE}, {"change%", 5, true, PERCENT},
};
static const struct column tested = {"p", 8, false, P};
enum { MOST_COLUMNS = 10 };

struct columns_of {
    struct column all[MOST_COLUMNS];
    size_t n;
};

static struct columns_of columns_of(const struct measure *measure) {
    struct columns_of columns = {0};
    bool has_cum = diff_has_cum(measure);
    columns.n = has_cum ? sizeof full / sizeof *full : sizeof plain / sizeof *plain;
    memcpy(columns.all, has_cum ? full : plain, columns.n * sizeof *plain);
    if (measure->total.p >= 0)
        columns.all[columns.n++] = tested;
    return columns;
}

static struct table *new_table(const struct diff_out *out, const struct measure *measure,
                               const struct columns_of *columns, size_t type) {
    char *titles[MOST_COLUMNS];
    struct table_column table_columns[MOST_COLUMNS + 1];
    const struct report report = diff_report(out, SIDE_NEW, 0, type);
    for (size_t i = 0; i < columns->n; i++) {
        const struct column *column = &columns->all[i];
        bool has_unit = column->value <= CHANGE;
        titles[i] = has_unit ? report_title(&report, column->title) : need_copy(column->title);
        table_columns[i] = (struct table_column){titles[i], column->drop_rank};
    }
    table_columns[columns->n] = (struct table_column){diff_row_word(measure->by), 0};
    struct table *table = table_new(table_columns, columns->n + 1, TABLE_CUT_MIDDLE);
    for (size_t i = 0; i < columns->n; i++)
        free(titles[i]);
    return table;
}

static struct number cell(const struct diff_out *out, const struct measure *measure,
                          const struct change *change, enum column_value value) {
    struct number p = {""};
    switch (value) {
    case OLD:
        return format_value(change->old.median, measure->unit, out->output);
    case NEW:
        return format_value(change->new.median, measure->unit, out->output);
    case CHANGE:
        return format_change(change->change, measure->unit, out->output);
    case PERCENT:
        return diff_percent(change);
    default:
        snprintf(p.s, sizeof p.s, "%.3f", change->p);
        return p;
    }
}

/* How hot a change is: its share of all there is on the side that has more. */
static enum style heat(const struct measure *measure, const struct change *change,
                       enum column_value value) {
    const wide before = measure->total.old.median, after = measure->total.new.median;
    if (value != CHANGE && value != PERCENT)
        return STYLE_PLAIN;
    return diff_is_noise(change) ? STYLE_FAINT
                                 : report_style(change->change, before > after ? before : after);
}

static void add_row(const struct diff_out *out, const struct measure *measure,
                    const struct columns_of *columns, struct table *table,
                    const struct measure_row *row) {
    for (size_t i = 0; i < columns->n; i++) {
        const struct column *column = &columns->all[i];
        const struct change *change = column->of_cum ? &row->cum : &row->self;
        table_cell(table, heat(measure, change, column->value),
                   cell(out, measure, change, column->value).s);
    }
    char *mark = diff_mark(out, row), *variation = diff_variation(out, measure, row);
    char *suffix = need_print("%s%s%s%s", mark, variation ? " (" : "", variation ? variation : "",
                              variation ? ")" : "");
    table_name(table, STYLE_PLAIN, "", row->name, suffix);
    free(mark);
    free(variation);
    free(suffix);
}

static void add_total(const struct diff_out *out, const struct measure *measure,
                      const struct columns_of *columns, struct table *table) {
    table_rule(table);
    for (size_t i = 0; i < columns->n; i++) {
        const struct column *column = &columns->all[i];
        if (column->of_cum)
            table_cell(table, STYLE_PLAIN, "");
        else
            table_cell(table, STYLE_STRONG, cell(out, measure, &measure->total, column->value).s);
    }
    table_name(table, STYLE_STRONG, "", measure->is_whole ? "total" : "kept", "");
}

/* "3 functions", "1 function". */
static const char *plural(size_t n) {
    return n == 1 ? "" : "s";
}

static void print_rest(const struct diff_out *out, const struct measure *measure, size_t type) {
    const struct report report = diff_report(out, SIDE_NEW, 0, type);
    const char *word = diff_row_word(measure->by);
    size_t rest = measure->n_changed - diff_shown(out, measure);
    if (rest)
        report_note(&report, "%s more %s%s changed and not shown (-n 0 shows all)",
                    format_count((wide)rest, out->output).s, word, plural(rest));
    if (measure->n_small)
        report_note(&report, "%s %s%s changed by less than --min",
                    format_count((wide)measure->n_small, out->output).s, word,
                    plural(measure->n_small));
    if (measure->n_unchanged)
        report_note(&report, "%s %s%s did not change",
                    format_count((wide)measure->n_unchanged, out->output).s, word,
                    plural(measure->n_unchanged));
    if (measure->n_varying)
        report_note(&report,
                    "%s %s%s differ%s between runs of one build, which are not deterministic",
                    format_count((wide)measure->n_varying, out->output).s, word,
                    plural(measure->n_varying), measure->n_varying == 1 ? "s" : "");
}

static void print_measure(const struct diff_out *out, size_t type) {
    const struct measure *measure = &out->measures[type];
    const struct columns_of columns = columns_of(measure);
    if (out->diff->n_types > 1)
        printf("%s%s%s\n", output_on(out->output, STYLE_HEAD), measure->type,
               output_off(out->output, STYLE_HEAD));
    if (measure->n_changed || out->diff->n_types == 1) {
        struct table *table = new_table(out, measure, &columns, type);
        for (size_t i = 0; i < diff_shown(out, measure); i++)
            add_row(out, measure, &columns, table, &measure->changed[i]);
        add_total(out, measure, &columns, table);
        table_print(table, out->output);
    }
    print_rest(out, measure, type);
    if (out->diff->n_types > 1)
        putchar('\n');
}

static void print_headings(const struct diff_out *out) {
    static const char *const names[] = {"old", "new"};
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < out->diff->sides[side].n; run++) {
            const struct report report = diff_report(out, (enum side)side, run, 0);
            char *title = out->diff->sides[side].n == 1
                              ? need_print("%s: ", names[side])
                              : need_print("%s %zu: ", names[side], run + 1);
            report_heading_of(&report, title,
                              out->diff->n_types > 1 ? out->diff->sides[side].operands[run] : NULL);
            free(title);
        }
    putchar('\n');
}

static void print_losses(const struct diff_out *out) {
    static const char *const titles[] = {"loss in old", "loss in new"};
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < out->diff->sides[side].n; run++) {
            const struct report report =
                diff_report(out, (enum side)side, run, out->diff->n_types - 1);
            report_losses(&report, titles[side], diff_has_times(out));
        }
}

/* Each behind a title; releases the texts. */
static void print_notes(const struct report *report, const char *title, char **texts, size_t n) {
    for (size_t i = 0; i < n; i++) {
        report_note(report, "%s %s", title, texts[i]);
        free(texts[i]);
    }
    free(texts);
}

void diff_text(const struct diff_out *out) {
    const struct report report = diff_report(out, SIDE_NEW, 0, 0);
    size_t n;
    print_headings(out);
    for (size_t type = 0; type < out->diff->n_types; type++)
        print_measure(out, type);
    if (diff_has_too_few_runs(out))
        report_note(&report, "so few runs cannot tell times from noise: four a side can");
    for (size_t i = 0; i < out->diff->n_left_out; i++)
        report_note(&report, "%s is not compared: not all runs have it", out->diff->left_out[i]);
    char **renamed = diff_renamed(out, &n);
    print_notes(&report, "renamed?", renamed, n);
    char **doubts = diff_doubts(out, &n);
    print_notes(&report, "caution:", doubts, n);
    report_filters(&report, out->filters);
    print_losses(out);
}
