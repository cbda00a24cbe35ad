/*
 * check.c - judges two builds by a budget. See check.h.
 */
#include "check.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

bool check_is_total(const struct check *check, const struct budget_rule *rule) {
    return rule == &check->budget->total;
}

/* ---- one value of one thing ---- */

/* Against OLD. Counts: what is certain of the change, which is all of it where they do not vary. */
static wide certain_change(const struct check *check, const struct change *change, bool is_time) {
    const size_t n_old = check->diff->sides[SIDE_OLD].n, n_new = check->diff->sides[SIDE_NEW].n;
    if (is_time)
        return stats_can_tell(n_old, n_new) && change->p > STATS_NOISE ? 0 : change->change;
    if (change->new.least > change->old.most)
        return change->new.least - change->old.most;
    if (change->new.most < change->old.least)
        return change->new.most - change->old.least;
    return 0;
}

static bool is_beyond(const struct budget_limits *limits, const struct budget_amount *allowed,
                      wide size, wide old) {
    return allowed->is_set && size > 0 && size >= limits->floor.amount &&
           budget_exceeds(allowed, size, old);
}

static enum breach breach_of(const struct check *check, const struct budget_limits *limits,
                             const struct change *change, bool is_time) {
    wide most = is_time ? change->new.median : change->new.most;
    wide least = is_time ? change->new.median : change->new.least;
    wide certain = certain_change(check, change, is_time);
    if (limits->at_most.is_set && most > limits->at_most.amount)
        return ABOVE_MOST;
    if (is_beyond(limits, &limits->increase, certain, change->old.most))
        return INCREASED;
    if (limits->at_least.is_set && least < limits->at_least.amount)
        return BELOW_LEAST;
    if (is_beyond(limits, &limits->decrease, -certain, change->old.least))
        return DECREASED;
    return WITHIN;
}

static void judge(struct check *check, struct check_test *test, uint32_t function,
                  const struct change *change, const struct measure_row *row) {
    bool is_first = test->n_judged++ == 0;
    bool is_time = budget_is_time(test->value);
    test->least = is_first || change->new.least < test->least ? change->new.least : test->least;
    test->most = is_first || change->new.most > test->most ? change->new.most : test->most;
    enum breach breach = breach_of(check, &test->rule->limits[test->value], change, is_time);
    if (breach == WITHIN)
        return;
    test->n_failed++;
    check->findings = need_room(check->findings, &check->findings_capacity, check->n_findings,
                                sizeof *check->findings);
    check->findings[check->n_findings++] = (struct check_finding){
        .test = (size_t)(test - check->tests),
        .function = function,
        .breach = breach,
        .change = *change,
        .row = row,
    };
}

static struct check_test *add_test(struct check *check, const struct budget_rule *rule,
                                   enum budget_value value, size_t type) {
    check->tests =
        need_room(check->tests, &check->tests_capacity, check->n_tests, sizeof *check->tests);
    struct check_test *test = &check->tests[check->n_tests++];
    *test = (struct check_test){.rule = rule, .value = value, .type = type};
    return test;
}

/* ---- functions ---- */

/* What is known while one value is judged. */
struct judging {
    struct check *check;
    enum budget_value value;
    size_t type;
    const struct measure_row **rows; /* by function; null: no run has the value of it */
    const uint32_t *rule_of;         /* by function */
};

#define NO_RULE UINT32_MAX

static bool rule_matches(const struct budget_rule *rule, const struct compared_function *function) {
    const char *names[2 * N_SIDES];
    size_t n = 0;
    for (int side = 0; side < N_SIDES; side++)
        if (function->in[side]) {
            names[n++] = function->in[side]->name;
            names[n++] = function->in[side]->system_name;
        }
    return budget_matches(rule, names, n, compared_latest(function)->file);
}

/* The first rule for each function. Those of the file match by their patterns, the last one all. */
static uint32_t *find_rules(const struct check *check, enum budget_value value) {
    const struct budget *budget = check->budget;
    const struct comparison *comparison = check->diff->comparison;
    uint32_t *rule_of = need_array(comparison->n_functions, sizeof *rule_of);
    for (size_t i = 0; i < comparison->n_functions; i++) {
        rule_of[i] = NO_RULE;
        for (uint32_t r = 0; r < budget->n_rules && rule_of[i] == NO_RULE; r++)
            if (budget->rules[r].limits[value].is_set &&
                rule_matches(&budget->rules[r], &comparison->functions[i]))
                rule_of[i] = r;
    }
    return rule_of;
}

static void judge_each(const struct judging *judging, struct check_test *test, uint32_t rule) {
    static const struct change nothing = {.p = -1};
    const size_t n = judging->check->diff->comparison->n_functions;
    for (uint32_t i = 0; i < n; i++) {
        if (judging->rule_of[i] != rule)
            continue;
        const struct measure_row *row = judging->rows[i];
        const struct change *change = !row                           ? &nothing
                                      : test->rule->of == BUDGET_CUM ? &row->cum
                                                                     : &row->self;
        judge(judging->check, test, i, change, row);
    }
}

static void judge_sum(const struct judging *judging, struct check_test *test, uint32_t rule) {
    const struct check *check = judging->check;
    const struct measure *measure = &check->measures[judging->type];
    struct run_values sums = run_values_new(measure->rows.n_runs);
    for (uint32_t i = 0; i < check->diff->comparison->n_functions; i++) {
        if (judging->rule_of[i] != rule || !judging->rows[i])
            continue;
        const struct row_sums *run = judging->rows[i]->row->runs;
        for (int side = 0; side < N_SIDES; side++)
            for (size_t r = 0; r < sums.n[side]; r++, run++)
                sums.of[side][r] += run->self;
    }
    struct change change = change_of(&sums, measure->is_time);
    run_values_free(&sums);
    judge(judging->check, test, ROWS_NOBODY, &change, NULL);
}

static void judge_rule(const struct judging *judging, uint32_t index) {
    struct check *check = judging->check;
    const struct budget_rule *rule = &check->budget->rules[index];
    if (!rule->limits[judging->value].is_set)
        return;
    struct check_test *test = add_test(check, rule, judging->value, judging->type);
    for (size_t i = 0; i < check->diff->comparison->n_functions; i++)
        test->n_matched += judging->rule_of[i] == index;
    (rule->of == BUDGET_SUM ? judge_sum : judge_each)(judging, test, index);
}

/* ---- order and counts ---- */

static const struct check *sorted; /* for qsort's sake */

bool check_is_too_loose(const struct check_finding *finding) {
    return finding->breach == BELOW_LEAST || finding->breach == DECREASED;
}

static int compare_findings(const void *one, const void *other) {
    const struct check_finding *a = one, *b = other;
    const struct check_test *of_a = &sorted->tests[a->test], *of_b = &sorted->tests[b->test];
    if (check_is_too_loose(a) != check_is_too_loose(b))
        return check_is_too_loose(a) ? 1 : -1;
    if (of_a->value != of_b->value)
        return of_a->value < of_b->value ? -1 : 1;
    bool a_is_sum = a->function == ROWS_NOBODY, b_is_sum = b->function == ROWS_NOBODY;
    if (a_is_sum != b_is_sum)
        return a_is_sum ? -1 : 1;
    wide x = wide_size(a->change.change), y = wide_size(b->change.change);
    if (x != y)
        return x > y ? -1 : 1;
    if (a->test != b->test)
        return a->test < b->test ? -1 : 1;
    return (a->function > b->function) - (a->function < b->function);
}

static void count(struct check *check, const struct judging *judging, bool *is_less,
                  bool *is_varying) {
    for (uint32_t i = 0; i < check->diff->comparison->n_functions; i++) {
        const struct measure_row *row = judging->rows[i];
        if (!row || judging->rule_of[i] == NO_RULE || budget_is_time(judging->value))
            continue;
        is_less[i] |= row->self.new.most < row->self.old.least;
        is_varying[i] |= row->self.varies;
    }
}

static void count_failed(struct check *check) {
    const size_t n = check->diff->comparison->n_functions;
    bool *failed = need_array(n, sizeof *failed);
    for (size_t i = 0; i < check->n_findings; i++) {
        const struct check_finding *finding = &check->findings[i];
        check->is_regression |= !check_is_too_loose(finding);
        if (finding->function == ROWS_NOBODY)
            check->n_failed_others++;
        else
            failed[finding->function] = true;
    }
    for (size_t i = 0; i < n; i++)
        check->n_failed_functions += failed[i];
    free(failed);
}

/* ---- all of it ---- */

static void judge_value(struct check *check, enum budget_value value, size_t type, bool *is_less,
                        bool *is_varying) {
    const struct diff_filter all = {.unchanged = true};
    struct measure *measure = &check->measures[type];
    diff_measure(check->diff, type, ROWS_FUNCTIONS, &all, measure);
    const struct measure_row **rows =
        need_array(check->diff->comparison->n_functions, sizeof *rows);
    for (size_t i = 0; i < measure->n_changed; i++)
        rows[measure->changed[i].row->function] = &measure->changed[i];
    uint32_t *rule_of = find_rules(check, value);
    const struct judging judging = {check, value, type, rows, rule_of};
    const struct budget_limits *total = &check->budget->total.limits[value];
    if (total->is_set)
        judge(check, add_test(check, &check->budget->total, value, type), ROWS_NOBODY,
              &measure->total, NULL);
    for (uint32_t rule = 0; rule < check->budget->n_rules; rule++)
        judge_rule(&judging, rule);
    count(check, &judging, is_less, is_varying);
    free(rows);
    free(rule_of);
}

void check_judge(const struct budget *budget, struct diff *diff, struct check *check) {
    const size_t n = diff->comparison->n_functions;
    bool *is_less = need_array(n, sizeof *is_less), *is_varying = need_array(n, sizeof *is_varying);
    *check = (struct check){.budget = budget, .diff = diff};
    check->measures = need_array(diff->n_types, sizeof *check->measures);
    for (int value = 0; value < BUDGET_VALUES; value++)
        for (size_t type = 0; type < diff->n_types; type++)
            if (strcmp(diff->types[type], budget_sample_type((enum budget_value)value)) == 0)
                judge_value(check, (enum budget_value)value, type, is_less, is_varying);
    for (size_t i = 0; i < n; i++) {
        check->n_less += is_less[i];
        check->n_varying += is_varying[i];
    }
    free(is_less);
    free(is_varying);
    sorted = check;
    if (check->n_findings)
        qsort(check->findings, check->n_findings, sizeof *check->findings, compare_findings);
    count_failed(check);
}

void check_free(struct check *check) {
    for (size_t type = 0; check->measures && type < check->diff->n_types; type++)
        measure_free(&check->measures[type]);
    free(check->measures);
    free(check->tests);
    free(check->findings);
    *check = (struct check){0};
}
