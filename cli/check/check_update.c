/*
 * check_update.c - `tally check --update`: what was seen becomes the budget and the baseline.
 */
#include "baseline.h"
#include "check_out.h"
#include "say.h"
#include "text.h"

#include <stdlib.h>

static void add_edit(struct budget_edit **edits, size_t *n, size_t *capacity,
                     const struct budget_amount *amount, wide seen) {
    *edits = need_room(*edits, capacity, *n, sizeof **edits);
    if (amount->is_set && amount->amount != seen)
        (*edits)[(*n)++] = (struct budget_edit){amount, seen};
}

/* Times never are what they were: their limits stay as somebody set them. */
static int update_budget(struct check_result *result) {
    const struct check *check = result->check;
    struct budget_edit *edits = NULL;
    size_t n = 0, capacity = 0;
    for (size_t i = 0; i < check->n_tests; i++) {
        const struct check_test *test = &check->tests[i];
        const struct budget_limits *limits = &test->rule->limits[test->value];
        if (test->n_judged == 0 || budget_is_time(test->value))
            continue;
        add_edit(&edits, &n, &capacity, &limits->at_most, test->most);
        add_edit(&edits, &n, &capacity, &limits->at_least, test->least);
    }
    int status = budget_rewrite(check->budget, edits, n);
    if (status == STATUS_OK) {
        char *path = text_clean(check->budget->path, result->out.output->utf8);
        check_add_text(&result->updated,
                       need_print("%s, %zu number%s", path, n, n == 1 ? "" : "s"));
        free(path);
    }
    free(edits);
    return status;
}

static int update_baselines(struct check_result *result, const struct args_list *baselines) {
    const struct diff_side *new = &result->check->diff->sides[SIDE_NEW];
    int status = STATUS_OK;
    for (size_t i = 0; i < baselines->n && status == STATUS_OK; i++) {
        status = baseline_replace(baselines->values[i], new->operands[i]);
        if (status == STATUS_OK)
            check_add_text(&result->updated,
                           text_clean(baselines->values[i], result->out.output->utf8));
    }
    return status;
}

int check_update(struct check_result *result, const struct args_list *baselines) {
    int status = result->check->budget->path ? update_budget(result) : STATUS_OK;
    return status == STATUS_OK ? update_baselines(result, baselines) : status;
}
