/*
 * diff_out.c - what the formats of diff_out.h share.
 */
#include "diff_out.h"

#include "say.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

size_t diff_shown(const struct diff_out *out, const struct measure *measure) {
    return out->rows && out->rows < measure->n_changed ? (size_t)out->rows : measure->n_changed;
}

const char *diff_row_word(enum rows_by by) {
    static const char *const words[] = {
        [ROWS_FUNCTIONS] = "function",
        [ROWS_EDGES] = "edge",
        [ROWS_LINES] = "line",
        [ROWS_PATHS] = "path",
    };
    return words[by];
}

bool diff_has_cum(const struct measure *measure) {
    return !measure->is_calls && measure->by != ROWS_PATHS;
}

/* Its name in OLD, clean. Where people read the same, the linkage name tells the difference. */
static char *old_name(const struct diff_out *out, const struct compared_function *function) {
    const struct view_function *old = function->in[SIDE_OLD];
    bool reads_alike = strcmp(old->name, function->in[SIDE_NEW]->name) == 0;
    return text_clean(reads_alike ? old->system_name : old->name, out->output->utf8);
}

/* How the function was called in OLD, if that is another name, and how that was found. */
static char *former_name(const struct diff_out *out, const struct compared_function *function) {
    const struct view_function *old = function->in[SIDE_OLD], *new = function->in[SIDE_NEW];
    if (!old || !new ||
        (strcmp(old->name, new->name) == 0 && strcmp(old->system_name, new->system_name) == 0))
        return need_copy("");
    char *name = old_name(out, function);
    char *mark = function->rule == PAIR_SIMILAR
                     ? need_print(" (renamed? was %s, score %u)", name, function->score)
                     : need_print(" (was %s: %s)", name, pair_rule_name(function->rule));
    free(name);
    return mark;
}

char *diff_mark(const struct diff_out *out, const struct measure_row *row) {
    if (!row->in[SIDE_OLD])
        return need_copy(" (added)");
    if (!row->in[SIDE_NEW])
        return need_copy(" (vanished)");
    return former_name(out, &out->diff->comparison->functions[row->row->function]);
}

static char *variation_of(const struct diff_out *out, const struct range *range, const char *unit,
                          const char *where) {
    if (range->least == range->most)
        return need_copy("");
    return need_print("%s to %s in %s", format_value(range->least, unit, out->output).s,
                      format_value(range->most, unit, out->output).s, where);
}

char *diff_variation(const struct diff_out *out, const struct measure *measure,
                     const struct measure_row *row) {
    const struct change *change = row->self.varies ? &row->self : &row->cum;
    if (measure->is_time || !change->varies)
        return NULL;
    char *old = variation_of(out, &change->old, measure->unit, "old");
    char *new = variation_of(out, &change->new, measure->unit, "new");
    char *text = need_print("not deterministic: %s%s%s", old, *old && *new ? ", " : "", new);
    free(old);
    free(new);
    return text;
}

bool diff_has_times(const struct diff_out *out) {
    for (size_t type = 0; type < out->diff->n_types; type++)
        if (out->measures[type].is_time)
            return true;
    return false;
}

bool diff_has_too_few_runs(const struct diff_out *out) {
    const size_t n = out->diff->sides[SIDE_OLD].n, m = out->diff->sides[SIDE_NEW].n;
    return diff_has_times(out) && n > 1 && m > 1 && !stats_can_tell(n, m);
}

bool diff_is_noise(const struct change *change) {
    return change->p > STATS_NOISE;
}

char **diff_doubts(const struct diff_out *out, size_t *n) {
    const struct comparable *comparable = &out->diff->comparable;
    char **all = need_array(comparable->n, sizeof *all);
    *n = 0;
    for (size_t i = 0; i < comparable->n; i++)
        if (comparable->differences[i].reason != COMPARABLE_LOSSES)
            all[(*n)++] = text_clean(comparable->differences[i].sentence, out->output->utf8);
    return all;
}

/* By function of the comparison: whether it is in a row of any value, changed or not. */
static bool *functions_in_rows(const struct diff_out *out) {
    bool *are = need_array(out->diff->comparison->n_functions, sizeof *are);
    for (size_t type = 0; out->measures && type < out->diff->n_types; type++) {
        const struct rows *rows = &out->measures[type].rows;
        for (size_t i = 0; i < rows->n; i++) {
            are[rows->rows[i].function] = true;
            if (rows->by != ROWS_PATHS && rows->rows[i].other != ROWS_NOBODY)
                are[rows->rows[i].other] = true;
        }
    }
    return are;
}

char **diff_renamed(const struct diff_out *out, size_t *n) {
    const struct comparison *comparison = out->diff->comparison;
    bool *is_shown = functions_in_rows(out);
    char **all = need_array(comparison->n_functions + 1, sizeof *all);
    size_t n_more = 0;
    *n = 0;
    for (size_t i = 0; i < comparison->n_functions; i++) {
        const struct compared_function *function = &comparison->functions[i];
        if (function->rule != PAIR_SIMILAR || !is_shown[i])
            continue;
        if (out->rows && *n >= out->rows) {
            n_more++;
            continue;
        }
        char *old = old_name(out, function);
        all[(*n)++] = need_print("%s, was %s? score %u", function->shown, old, function->score);
        free(old);
    }
    if (n_more)
        all[(*n)++] =
            need_print("%s more (-n 0 shows all)", format_count((wide)n_more, out->output).s);
    free(is_shown);
    return all;
}

struct number diff_percent(const struct change *change) {
    return diff_is_noise(change) ? (struct number){"~"}
                                 : format_change_percent(change->change, change->old.median);
}

struct report diff_report(const struct diff_out *out, enum side side, size_t run, size_t type) {
    return (struct report){
        .input = *out->diff->sides[side].runs[run].input_of[type],
        .output = *out->output,
        .view = diff_view(out->diff, side, run, type),
    };
}
