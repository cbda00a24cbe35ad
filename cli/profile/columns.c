/*
 * columns.c - see columns.h.
 */
#include "columns.h"

#include "aggregate.h"
#include "say.h"

#include <stdlib.h>

static bool has(const struct view *view, enum column_kind kind) {
    bool is_averaged = view->count >= 0 && !view_is_of_count(view);
    switch (kind) {
    case COLUMN_COUNT:
        return view->count >= 0;
    case COLUMN_SELF:
        return !view_is_of_count(view);
    case COLUMN_ERROR:
        return view->variance >= 0;
    case COLUMN_AVERAGE:
        return is_averaged;
    case COLUMN_MEAN_SIZE:
        return is_averaged && !view->counted->is_calls;
    default:
        return true;
    }
}

/* Free it. */
static char *title_of(const struct report *report, const struct column *column) {
    const struct view *view = report->view;
    switch (column->kind) {
    case COLUMN_COUNT:
        return need_copy(view->counted->many);
    case COLUMN_SELF:
    case COLUMN_CUM:
        return report_title(report, column->title);
    case COLUMN_ERROR:
        return report_title(report, report->output.utf8 ? "\xc2\xb1" : "+-");
    case COLUMN_SELF_PERCENT:
        return view_is_of_count(view) ? need_print("%s%%", view->counted->many)
                                      : need_copy(column->title);
    case COLUMN_AVERAGE:
    case COLUMN_MEAN_SIZE:
        return need_copy(view->counted->average);
    default:
        return need_copy(column->title);
    }
}

void columns_open(struct columns *columns, const struct report *report, const struct column *wanted,
                  const char *name, enum table_cut cut) {
    struct table_column titles[COLUMNS_MOST + 1];
    char *owned[COLUMNS_MOST];
    *columns = (struct columns){.report = report};
    for (; wanted->kind != COLUMN_END; wanted++) {
        if (!has(report->view, wanted->kind))
            continue;
        if (columns->n == COLUMNS_MOST)
            abort();
        char *title = owned[columns->n] = title_of(report, wanted);
        titles[columns->n] = (struct table_column){title, wanted->drop_rank};
        columns->kinds[columns->n++] = wanted->kind;
    }
    titles[columns->n] = (struct table_column){name, 0};
    columns->table = table_new(titles, columns->n + 1, cut);
    for (size_t i = 0; i < columns->n; i++)
        free(owned[i]);
}

static void add(struct columns *columns, wide value, enum style style, struct number text) {
    if (columns->dots && value == 0)
        table_cell(columns->table, STYLE_FAINT, ".");
    else
        table_cell(columns->table, style, text.s);
}

static struct number average(const struct report *report, const struct numbers *numbers) {
    /* In a difference there may be more bytes in fewer objects. */
    bool is_mixed = (numbers->averaged < 0) != (numbers->count < 0) && numbers->averaged != 0;
    if (numbers->no_average || is_mixed)
        return (struct number){"-"};
    return format_average(numbers->averaged, numbers->count, report->view->unit, &report->output);
}

void columns_row(struct columns *columns, const struct numbers *numbers) {
    const struct report *report = columns->report;
    const struct view *view = report->view;
    const struct output *output = &report->output;
    enum style heat = report_style(numbers->self, view->whole);
    for (size_t i = 0; i < columns->n; i++)
        switch (columns->kinds[i]) {
        case COLUMN_COUNT:
            add(columns, numbers->count, numbers->count ? STYLE_PLAIN : STYLE_FAINT,
                report_count(report, numbers->count));
            break;
        case COLUMN_SELF:
            add(columns, numbers->self, heat, format_value(numbers->self, view->unit, output));
            break;
        case COLUMN_ERROR:
            add(columns, numbers->variance, STYLE_FAINT, report_error(report, numbers->variance));
            break;
        case COLUMN_SELF_PERCENT:
            add(columns, numbers->self, heat, format_percent(numbers->self, view->whole));
            break;
        case COLUMN_CUM:
            add(columns, numbers->cum, STYLE_PLAIN, format_value(numbers->cum, view->unit, output));
            break;
        case COLUMN_CUM_PERCENT:
            add(columns, numbers->cum, STYLE_PLAIN, format_percent(numbers->cum, view->whole));
            break;
        case COLUMN_AVERAGE:
        case COLUMN_MEAN_SIZE:
            add(columns, numbers->averaged, STYLE_PLAIN, average(report, numbers));
            break;
        default:
            break;
        }
}

void columns_total(struct columns *columns) {
    const struct report *report = columns->report;
    const struct view *view = report->view;
    const struct output *output = &report->output;
    table_rule(columns->table);
    for (size_t i = 0; i < columns->n; i++) {
        struct number text = {""};
        if (columns->kinds[i] == COLUMN_COUNT)
            text = format_count(view->kept_count, output);
        else if (columns->kinds[i] == COLUMN_SELF)
            text = format_value(view->kept, view->unit, output);
        else if (columns->kinds[i] == COLUMN_SELF_PERCENT)
            text = format_percent(view->kept, view->whole);
        table_cell(columns->table, *text.s ? STYLE_STRONG : STYLE_PLAIN, text.s);
    }
}

void columns_print(struct columns *columns) {
    table_print(columns->table, &columns->report->output);
}
