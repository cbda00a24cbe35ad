/*
 * check_differences.c - why the runs of a check may not be comparable: comparable.h, for all of
 * them.
 */
#include "check_out.h"
#include "say.h"
#include "text.h"

#include <stdlib.h>

static bool judges_times(const struct check_result *result) {
    return budget_asks_for(result->check->budget, BUDGET_WALL) && result->has_baseline;
}

static void add_differences(struct check_result *result, const struct build *old,
                            const struct build *new, const char *of, unsigned allowed) {
    struct comparable found;
    comparable_find(build_run(old), build_run(new), judges_times(result), &found);
    for (size_t i = 0; i < found.n; i++) {
        const struct comparable_difference *difference = &found.differences[i];
        char *text = need_print("%s%s", of, difference->sentence);
        result->differences = need_room(result->differences, &result->differences_capacity,
                                        result->n_differences, sizeof *result->differences);
        bool is_allowed = allowed >> difference->reason & 1;
        result->differences[result->n_differences++] = (struct check_difference){
            difference->reason, is_allowed, text_clean(text, result->out.output->utf8)};
        if (!is_allowed)
            result->verdict = VERDICT_NOT_COMPARABLE;
        free(text);
    }
    comparable_free(&found);
}

void check_differences(struct check_result *result, unsigned allowed, bool is_update) {
    const struct diff_side *old = &result->check->diff->sides[SIDE_OLD];
    const struct diff_side *new = &result->check->diff->sides[SIDE_NEW];
    for (size_t i = 0; i < new->n; i++) {
        const struct build *first = is_update ? &new->runs[0] : &old->runs[0];
        char *of = new->n + old->n > 2 ? need_print("%s: ", new->operands[i]) : need_copy("");
        add_differences(result, first, &new->runs[i], of, allowed);
        free(of);
    }
    for (size_t i = 1; i < old->n && !is_update; i++) {
        char *of = need_print("%s: ", old->operands[i]);
        add_differences(result, &old->runs[i], &new->runs[0], of, allowed);
        free(of);
    }
}
