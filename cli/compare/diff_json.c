/*
 * diff_json.c - a diff as JSON: see docs/cli.md for its members.
 */
#include "diff_out.h"

#include "json_out.h"
#include "say.h"

json_t *diff_json_function(const struct diff *diff, uint32_t index) {
    if (index == ROWS_NOBODY)
        return need(json_null());
    const struct compared_function *function = &diff->comparison->functions[index];
    const struct view_function *latest = compared_latest(function), *old = function->in[SIDE_OLD];
    json_t *json = need(json_object());
    json_put(json, "name", json_text(latest->name));
    json_put(json, "system_name", json_text(latest->system_name));
    json_put(json, "file", json_text(latest->file));
    json_put(json, "line", json_integer(latest->start_line));
    json_put(json, "rule", json_text(pair_rule_name(function->rule)));
    json_put(json, "score", json_integer(function->score));
    json_put(json, "old_name", old ? json_text(old->name) : json_null());
    json_put(json, "old_system_name", old ? json_text(old->system_name) : json_null());
    json_put(json, "old_file", old ? json_text(old->file) : json_null());
    return json;
}

/* Members of what the row is of: those of its function, and what else is in its key. */
static json_t *json_key(const struct diff_out *out, const struct rows *rows,
                        const struct row *row) {
    json_t *json = diff_json_function(out->diff, row->function);
    if (rows->by == ROWS_EDGES)
        json_put(json, "caller", diff_json_function(out->diff, row->other));
    if (rows->by == ROWS_LINES) {
        json_put(json, "callee", diff_json_function(out->diff, row->other));
        json_put(json, "old_line", json_integer(row->line[SIDE_OLD]));
        json_put(json, "new_line", json_integer(row->line[SIDE_NEW]));
    }
    if (rows->by == ROWS_PATHS) {
        json_t *path = need(json_array());
        for (uint32_t at = row->other; at != ROWS_NOBODY; at = rows->rows[at].other)
            json_append(path, diff_json_function(out->diff, rows->rows[at].function));
        json_put(json, "callers", path);
    }
    return json;
}

static json_t *json_range(const struct range *range) {
    json_t *json = need(json_array());
    json_append(json, json_wide(range->least));
    json_append(json, json_wide(range->most));
    return json;
}

/* The values of one side; ranges where there are several runs. */
static json_t *json_side(const struct diff_out *out, enum side side, const struct range *self,
                         const struct range *cum) {
    json_t *json = need(json_object());
    json_put(json, "self", json_wide(self->median));
    if (cum)
        json_put(json, "cum", json_wide(cum->median));
    if (out->diff->sides[side].n > 1) {
        json_put(json, "self_range", json_range(self));
        if (cum)
            json_put(json, "cum_range", json_range(cum));
    }
    return json;
}

static void put_changes(const struct diff_out *out, json_t *json, const struct measure *measure,
                        const struct change *self, const struct change *cum) {
    json_t *change = need(json_object());
    json_put(json, "old", json_side(out, SIDE_OLD, &self->old, cum ? &cum->old : NULL));
    json_put(json, "new", json_side(out, SIDE_NEW, &self->new, cum ? &cum->new : NULL));
    json_put(change, "self", json_wide(self->change));
    if (cum)
        json_put(change, "cum", json_wide(cum->change));
    json_put(json, "change", change);
    if (self->p >= 0)
        json_put(json, "p", json_real(self->p));
    if (!measure->is_time)
        json_put(json, "deterministic", json_boolean(!self->varies && !(cum && cum->varies)));
}

static json_t *json_measure(const struct diff_out *out, const struct measure *measure) {
    size_t shown = diff_shown(out, measure);
    json_t *json = need(json_object()), *rows = need(json_array()), *total = need(json_object());
    for (size_t i = 0; i < shown; i++) {
        const struct measure_row *row = &measure->changed[i];
        json_t *at = json_key(out, &measure->rows, row->row);
        json_put(at, "in_old", json_boolean(row->in[SIDE_OLD]));
        json_put(at, "in_new", json_boolean(row->in[SIDE_NEW]));
        put_changes(out, at, measure, &row->self, diff_has_cum(measure) ? &row->cum : NULL);
        json_append(rows, at);
    }
    json_put(json, "sample_type", json_text(measure->type));
    json_put(json, "unit", json_text(measure->unit));
    put_changes(out, total, measure, &measure->total, NULL);
    json_put(json, "total", total);
    json_put(json, "rows", rows);
    json_put(json, "rows_not_shown", json_integer((json_int_t)(measure->n_changed - shown)));
    json_put(json, "rows_below_min", json_integer((json_int_t)measure->n_small));
    json_put(json, "rows_unchanged", json_integer((json_int_t)measure->n_unchanged));
    json_put(json, "rows_not_deterministic", json_integer((json_int_t)measure->n_varying));
    return json;
}

static json_t *json_runs(const struct diff_out *out, enum side side) {
    json_t *runs = need(json_array());
    for (size_t run = 0; run < out->diff->sides[side].n; run++) {
        const struct report report = diff_report(out, side, run, out->diff->n_types - 1);
        json_t *json = need(json_object());
        json_put(json, "operand", json_text(out->diff->sides[side].operands[run]));
        json_put(json, "file", json_text(report.input.file));
        json_put(json, "losses", report_json_losses(&report));
        json_append(runs, json);
    }
    return runs;
}

static json_t *json_renamed(const struct diff_out *out) {
    const struct comparison *comparison = out->diff->comparison;
    json_t *all = need(json_array());
    for (uint32_t i = 0; i < comparison->n_functions; i++)
        if (comparison->functions[i].rule == PAIR_SIMILAR)
            json_append(all, diff_json_function(out->diff, i));
    return all;
}

static json_t *json_doubts(const struct diff *diff) {
    json_t *all = need(json_array());
    for (size_t i = 0; i < diff->comparable.n; i++) {
        const struct comparable_difference *difference = &diff->comparable.differences[i];
        json_t *json = need(json_object());
        json_put(json, "reason", json_text(comparable_name(difference->reason)));
        json_put(json, "text", json_text(difference->sentence));
        json_append(all, json);
    }
    return all;
}

void diff_json(const struct diff_out *out) {
    json_t *json = need(json_object()), *measures = need(json_array());
    json_t *left_out = need(json_array());
    json_put(json, "command", json_text("diff"));
    json_put(json, "version", json_integer(2));
    json_put(json, "old", json_runs(out, SIDE_OLD));
    json_put(json, "new", json_runs(out, SIDE_NEW));
    json_put(json, "by", json_text(diff_row_word(out->measures[0].by)));
    for (size_t type = 0; type < out->diff->n_types; type++)
        json_append(measures, json_measure(out, &out->measures[type]));
    json_put(json, "measures", measures);
    for (size_t i = 0; i < out->diff->n_left_out; i++)
        json_append(left_out, json_text(out->diff->left_out[i]));
    json_put(json, "not_compared", left_out);
    json_put(json, "comparable", json_doubts(out->diff));
    json_put(json, "renamed", json_renamed(out));
    json_out(json);
}
