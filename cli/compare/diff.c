/*
 * diff.c - see diff.h.
 */
#include "diff.h"

#include "aggregate.h"
#include "say.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

/* Of the views that are compared: behind that of all calls. */
static size_t view_index(const struct diff_side *side, size_t run, size_t type) {
    return 1 + type * side->n + run;
}

struct view *diff_view(const struct diff *diff, enum side side, size_t run, size_t type) {
    return diff->sides[side].runs[run].views[type];
}

const uint32_t *diff_functions(const struct diff *diff, enum side side, size_t run, size_t type) {
    return diff->comparison->of[side][view_index(&diff->sides[side], run, type)];
}

static int open_side(const struct build_wanted *wanted, const struct diff_operands *operands,
                     struct diff_side *side) {
    side->operands = operands->paths;
    side->runs = need_array(operands->n, sizeof *side->runs);
    for (; side->n < operands->n; side->n++) {
        int status = build_open(wanted, operands->paths[side->n], &side->runs[side->n]);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

/* How many runs have the type. */
static size_t runs_with(const struct diff *diff, size_t type) {
    size_t n = 0;
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < diff->sides[side].n; run++)
            n += diff->sides[side].runs[run].views[type] != NULL;
    return n;
}

/* Leaves the types that every run has: views move down to their place among these. */
static void keep_common_types(struct diff *diff, const struct build_wanted *wanted) {
    const size_t n_runs = diff->sides[SIDE_OLD].n + diff->sides[SIDE_NEW].n;
    for (size_t type = 0; type < wanted->n_types; type++) {
        size_t n_with = runs_with(diff, type);
        if (n_with < n_runs) {
            if (n_with)
                diff->left_out[diff->n_left_out++] = wanted->types[type];
            continue;
        }
        diff->types[diff->n_types] = diff->sides[SIDE_OLD].runs[0].views[type]->type;
        for (int side = 0; side < N_SIDES; side++)
            for (size_t run = 0; run < diff->sides[side].n; run++)
                build_move(&diff->sides[side].runs[run], type, diff->n_types);
        diff->n_types++;
    }
}

static int check_unit(const struct diff *diff, enum side side, size_t run, size_t type) {
    const struct build *first = &diff->sides[SIDE_OLD].runs[0];
    const struct build *build = &diff->sides[side].runs[run];
    const char *unit = build->views[type]->unit, *expected = first->views[type]->unit;
    if (strcmp(unit, expected) == 0)
        return STATUS_OK;
    return say_error(build->input_of[type]->file,
                     "has %s in %s, %s has it in %s: that cannot be compared", diff->types[type],
                     *unit ? unit : "no unit", first->input_of[type]->file,
                     *expected ? expected : "no unit");
}

static int check_units(const struct diff *diff) {
    int status = STATUS_OK;
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < diff->sides[side].n; run++)
            for (size_t type = 0; type < diff->n_types && status == STATUS_OK; type++)
                status = check_unit(diff, (enum side)side, run, type);
    return status;
}

static void compare(struct diff *diff) {
    struct compared_views all[N_SIDES];
    struct view **views[N_SIDES];
    for (int side = 0; side < N_SIDES; side++) {
        const struct diff_side *from = &diff->sides[side];
        all[side].n = 1 + from->n * diff->n_types;
        views[side] = need_array(all[side].n, sizeof **views);
        views[side][0] = from->runs[0].calls;
        for (size_t type = 0; type < diff->n_types; type++)
            for (size_t run = 0; run < from->n; run++)
                views[side][view_index(from, run, type)] = from->runs[run].views[type];
        all[side].views = views[side];
    }
    diff->comparison = comparison_new(&all[SIDE_OLD], &all[SIDE_NEW], diff->utf8);
    free(views[SIDE_OLD]);
    free(views[SIDE_NEW]);
}

static void compare_runs(struct diff *diff) {
    bool has_times = false;
    for (size_t type = 0; type < diff->n_types; type++)
        has_times = has_times || format_is_time(diff_view(diff, SIDE_OLD, 0, type)->unit);
    comparable_find(build_run(&diff->sides[SIDE_OLD].runs[0]),
                    build_run(&diff->sides[SIDE_NEW].runs[0]), has_times, &diff->comparable);
}

static int filter(const struct diff *diff, const struct view_options *options) {
    int status = STATUS_OK;
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < diff->sides[side].n; run++)
            for (size_t type = 0; type < diff->n_types && status == STATUS_OK; type++)
                status = comparison_filter(diff->comparison, (enum side)side,
                                           view_index(&diff->sides[side], run, type),
                                           diff_view(diff, (enum side)side, run, type), options);
    return status;
}

int diff_open(const struct build_wanted *wanted, const struct diff_operands operands[N_SIDES],
              const struct view_options *filters, struct diff *diff) {
    *diff = (struct diff){.utf8 = wanted->utf8};
    struct build_wanted rest = *wanted;
    int status = open_side(wanted, &operands[SIDE_OLD], &diff->sides[SIDE_OLD]);
    /* NEW is asked for the values of OLD, whatever its own default is. */
    for (size_t i = 0; i < wanted->n_types && status == STATUS_OK; i++)
        if (!rest.types[i] && diff->sides[SIDE_OLD].runs[0].views[i])
            rest.types[i] = diff->sides[SIDE_OLD].runs[0].views[i]->type;
    if (status == STATUS_OK)
        status = open_side(&rest, &operands[SIDE_NEW], &diff->sides[SIDE_NEW]);
    if (status == STATUS_OK)
        keep_common_types(diff, &rest);
    if (status == STATUS_OK && diff->n_types == 0)
        status = say_error(operands[SIDE_NEW].paths[0], "has none of the values that %s has",
                           operands[SIDE_OLD].paths[0]);
    if (status == STATUS_OK)
        status = check_units(diff);
    for (int side = 0; side < N_SIDES && status == STATUS_OK; side++)
        status = build_open_calls(operands[side].paths[0], diff->utf8, &diff->sides[side].runs[0]);
    if (status == STATUS_OK) {
        compare(diff);
        compare_runs(diff);
        status = filter(diff, filters);
    }
    if (status != STATUS_OK)
        diff_close(diff);
    return status;
}

void diff_close(struct diff *diff) {
    if (diff->comparison)
        comparison_free(diff->comparison);
    comparable_free(&diff->comparable);
    for (int side = 0; side < N_SIDES; side++) {
        for (size_t run = 0; run < diff->sides[side].n; run++)
            build_close(&diff->sides[side].runs[run]);
        free(diff->sides[side].runs);
    }
    *diff = (struct diff){0};
}

/* ---- what changed ---- */

struct run_values run_values_new(const size_t n_runs[N_SIDES]) {
    struct run_values values;
    for (int side = 0; side < N_SIDES; side++) {
        values.n[side] = n_runs[side];
        values.of[side] = need_array(n_runs[side], sizeof **values.of);
    }
    return values;
}

void run_values_free(struct run_values *values) {
    free(values->of[SIDE_OLD]);
    free(values->of[SIDE_NEW]);
}

struct change change_of(const struct run_values *values, bool is_time) {
    const size_t n_old = values->n[SIDE_OLD], n_new = values->n[SIDE_NEW];
    struct change change = {
        .old = stats_range(values->of[SIDE_OLD], n_old),
        .new = stats_range(values->of[SIDE_NEW], n_new),
        .p = -1,
    };
    change.change = change.new.median - change.old.median;
    change.varies = change.old.least != change.old.most || change.new.least != change.new.most;
    if (is_time && n_old > 1 && n_new > 1)
        change.p = stats_mann_whitney(values->of[SIDE_OLD], n_old, values->of[SIDE_NEW], n_new);
    return change;
}

static struct change change_of_row(const struct measure *measure, const struct row *row,
                                   bool of_cum) {
    struct run_values values = run_values_new(measure->rows.n_runs);
    const struct row_sums *sums = row->runs;
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < values.n[side]; run++, sums++)
            values.of[side][run] = of_cum ? sums->cum : sums->self;
    struct change change = change_of(&values, measure->is_time);
    run_values_free(&values);
    return change;
}

static struct change change_of_total(const struct diff *diff, const struct measure *measure,
                                     size_t type) {
    struct run_values values = run_values_new(measure->rows.n_runs);
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < values.n[side]; run++)
            values.of[side][run] = diff_view(diff, (enum side)side, run, type)->kept;
    struct change change = change_of(&values, measure->is_time);
    run_values_free(&values);
    return change;
}

/* In which sides the row is. A function is in a build even where filters leave nothing of it, or
 * where it did not allocate. */
static void find_sides(const struct diff *diff, const struct measure *measure,
                       struct measure_row *made) {
    const struct row *row = made->row;
    const struct row_sums *sums = row->runs;
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < measure->rows.n_runs[side]; run++, sums++)
            made->in[side] = made->in[side] || sums->is_there;
    for (int side = 0; side < N_SIDES && measure->by == ROWS_FUNCTIONS; side++)
        made->in[side] = diff->comparison->functions[row->function].in[side] != NULL;
}

static struct measure_row measure_row(const struct diff *diff, const struct measure *measure,
                                      const struct row *row) {
    struct measure_row made = {.row = row, .self = change_of_row(measure, row, false)};
    find_sides(diff, measure, &made);
    if (!measure->is_calls)
        made.cum = change_of_row(measure, row, true);
    return made;
}

/* ---- names ---- */

static const char *shown(const struct diff *diff, uint32_t function) {
    return function == ROWS_NOBODY ? "(none)" : diff->comparison->functions[function].shown;
}

static const char *arrow(const struct diff *diff) {
    return diff->utf8 ? " \xe2\x86\x92 " : " -> ";
}

/* Outermost caller first. */
static char *path_name(const struct diff *diff, const struct rows *rows, const struct row *row) {
    uint32_t *callers = NULL;
    size_t n = 0, capacity = 0, size;
    for (uint32_t at = row->other; at != ROWS_NOBODY; at = rows->rows[at].other) {
        callers = need_room(callers, &capacity, n, sizeof *callers);
        callers[n++] = rows->rows[at].function;
    }
    char *name = NULL;
    FILE *to = need(open_memstream(&name, &size));
    while (n)
        fprintf(to, "%s%s", shown(diff, callers[--n]), arrow(diff));
    fputs(shown(diff, row->function), to);
    if (fclose(to) != 0)
        need(NULL);
    free(callers);
    return name;
}

/* "send  net.c:14 → write"; and where it was, if that is another line. */
static char *site_name(const struct diff *diff, const struct row *row) {
    const struct view_function *function =
        compared_latest(&diff->comparison->functions[row->function]);
    int64_t old = row->line[SIDE_OLD], new = row->line[SIDE_NEW];
    char *file = text_clean(*function->file ? function->file : "(no file)", diff->utf8);
    char *was = old && new &&old != new ? need_print(" (was %" PRId64 ")", old) : need_copy("");
    bool has_callee = row->other != ROWS_NOBODY;
    char *name =
        need_print("%s  %s:%" PRId64 "%s%s%s", shown(diff, row->function), file, new ? new : old,
                   was, has_callee ? arrow(diff) : "", has_callee ? shown(diff, row->other) : "");
    free(file);
    free(was);
    return name;
}

static char *row_name(const struct diff *diff, const struct rows *rows, const struct row *row) {
    switch (rows->by) {
    case ROWS_FUNCTIONS:
        return need_copy(shown(diff, row->function));
    case ROWS_EDGES:
        return row->other == ROWS_NOBODY ? need_copy(shown(diff, row->function))
                                         : need_print("%s%s%s", shown(diff, row->other),
                                                      arrow(diff), shown(diff, row->function));
    case ROWS_LINES:
        return site_name(diff, row);
    default:
        return path_name(diff, rows, row);
    }
}

/* ---- order ---- */

static int larger(wide a, wide b) {
    return (a < b) - (a > b);
}

/* Size of the change in percent of old: infinite from nothing to something, and 0 from nothing to
 * nothing. A double, since it only orders and filters. */
static double percent_of(const struct change *change) {
    if (change->change == 0)
        return 0;
    return 100 * (double)wide_size(change->change) / (double)wide_size(change->old.median);
}

static int larger_percent(const struct change *a, const struct change *b) {
    double x = percent_of(a), y = percent_of(b);
    return (x < y) - (x > y);
}

/* What is sorted by, for qsort's sake. */
static enum diff_sort sort_key;

static int compare_rows(const void *one, const void *other) {
    const struct measure_row *a = one, *b = other;
    int order = 0;
    if (sort_key == DIFF_BY_PERCENT)
        order = larger_percent(&a->self, &b->self);
    else if (sort_key == DIFF_BY_CUM)
        order = larger(wide_size(a->cum.change), wide_size(b->cum.change));
    else if (sort_key == DIFF_BY_OLD)
        order = larger(wide_size(a->self.old.median), wide_size(b->self.old.median));
    else if (sort_key == DIFF_BY_NEW)
        order = larger(wide_size(a->self.new.median), wide_size(b->self.new.median));
    if (order == 0 && sort_key != DIFF_BY_NAME)
        order = larger(wide_size(a->self.change), wide_size(b->self.change));
    if (order == 0 && sort_key != DIFF_BY_NAME)
        order = larger(wide_size(a->cum.change), wide_size(b->cum.change));
    if (order == 0)
        order = strcmp(a->name, b->name);
    /* Of what is equal otherwise, what only OLD has comes first. */
    if (order == 0)
        order = a->in[SIDE_NEW] - b->in[SIDE_NEW];
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

static bool is_large_enough(const struct diff_filter *filter, const struct change *change) {
    return filter->is_percent ? percent_of(change) >= filter->least_percent
                              : wide_size(change->change) >= (wide)filter->least;
}

/* ---- a value ---- */

static void make_rows(const struct diff *diff, size_t type, struct measure *measure) {
    const size_t n_runs[N_SIDES] = {diff->sides[SIDE_OLD].n, diff->sides[SIDE_NEW].n};
    struct rows_run *runs = need_array(n_runs[SIDE_OLD] + n_runs[SIDE_NEW], sizeof *runs);
    size_t n = 0;
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < n_runs[side]; run++)
            runs[n++] = (struct rows_run){diff_view(diff, (enum side)side, run, type),
                                          diff_functions(diff, (enum side)side, run, type)};
    rows_make(runs, n_runs, measure->by, &measure->rows);
    free(runs);
}

void diff_measure(struct diff *diff, size_t type, enum rows_by by, const struct diff_filter *filter,
                  struct measure *measure) {
    const struct view *view = diff_view(diff, SIDE_OLD, 0, type);
    *measure = (struct measure){
        .type = view->type,
        .unit = view->unit,
        .is_calls = view_is_of_calls(view),
        .is_time = format_is_time(view->unit),
        .by = by,
        .is_whole = true,
    };
    make_rows(diff, type, measure);
    measure->changed = need_array(measure->rows.n, sizeof *measure->changed);
    for (size_t i = 0; i < measure->rows.n; i++) {
        struct measure_row row = measure_row(diff, measure, &measure->rows.rows[i]);
        if (!row.in[SIDE_OLD] && !row.in[SIDE_NEW])
            continue; /* a path that no sample ends in */
        bool varies = !measure->is_time && (row.self.varies || row.cum.varies);
        measure->n_varying += varies;
        bool is_changed = row.self.change != 0 || row.cum.change != 0 || varies;
        measure->n_unchanged += !is_changed;
        if (!is_changed && !filter->unchanged)
            continue;
        if (is_large_enough(filter, &row.self) || is_large_enough(filter, &row.cum)) {
            row.name = row_name(diff, &measure->rows, row.row);
            measure->changed[measure->n_changed++] = row;
        } else {
            measure->n_small++;
        }
    }
    sort_key = filter->sort;
    qsort(measure->changed, measure->n_changed, sizeof *measure->changed, compare_rows);
    measure->total = change_of_total(diff, measure, type);
    for (int side = 0; side < N_SIDES; side++)
        for (size_t run = 0; run < diff->sides[side].n; run++) {
            const struct view *of = diff_view(diff, (enum side)side, run, type);
            measure->is_whole = measure->is_whole && of->kept == of->total;
        }
}

void measure_free(struct measure *measure) {
    for (size_t i = 0; i < measure->n_changed; i++)
        free(measure->changed[i].name);
    free(measure->changed);
    rows_free(&measure->rows);
    *measure = (struct measure){0};
}
