/*
 * check_json.c - the result of a check as JSON: see docs/ci.md for its members.
 */
#include "check_out.h"

#include "json_out.h"
#include "say.h"

enum { FORMAT_VERSION = 1 };

static json_t *json_texts(const struct check_texts *texts) {
    json_t *all = need(json_array());
    for (size_t i = 0; i < texts->n; i++)
        json_append(all, json_text(texts->all[i]));
    return all;
}

static json_t *json_operands(const struct diff_side *side) {
    json_t *all = need(json_array());
    for (size_t i = 0; i < side->n; i++)
        json_append(all, json_text(side->operands[i]));
    return all;
}

static json_t *json_differences(const struct check_result *result) {
    json_t *all = need(json_array());
    for (size_t i = 0; i < result->n_differences; i++) {
        const struct check_difference *difference = &result->differences[i];
        json_t *json = need(json_object());
        json_put(json, "reason", json_text(comparable_name(difference->reason)));
        json_put(json, "sentence", json_text(difference->sentence));
        json_put(json, "allowed", json_boolean(difference->is_allowed));
        json_append(all, json);
    }
    return all;
}

/* ---- tests ---- */

static void put_amount(json_t *json, const char *key, const struct budget_amount *amount) {
    if (!amount->is_set)
        return;
    json_put(json, key,
             amount->is_percent ? json_text(budget_percent(amount->amount).s)
                                : json_wide(amount->amount));
}

static json_t *json_limits(const struct budget_limits *limits) {
    json_t *json = need(json_object());
    put_amount(json, "at_most", &limits->at_most);
    put_amount(json, "at_least", &limits->at_least);
    put_amount(json, "increase", &limits->increase);
    put_amount(json, "decrease", &limits->decrease);
    put_amount(json, "floor", &limits->floor);
    return json;
}

static json_t *text_or_null(const char *text) {
    return text ? json_text(text) : json_null();
}

static json_t *json_test(const struct check_result *result, const struct check_test *test) {
    const struct budget_limits *limits = &test->rule->limits[test->value];
    json_t *json = need(json_object());
    json_put(json, "sample_type", json_text(result->check->measures[test->type].type));
    json_put(json, "unit", json_text(result->check->measures[test->type].unit));
    json_put(json, "of", json_text(check_of_word(result, test->rule)));
    json_put(json, "function", text_or_null(test->rule->function));
    json_put(json, "file", text_or_null(test->rule->file));
    json_put(json, "line", limits->line ? json_integer(limits->line) : json_null());
    json_put(json, "limits", json_limits(limits));
    json_put(json, "functions", json_integer((json_int_t)test->n_matched));
    json_put(json, "judged", json_integer((json_int_t)test->n_judged));
    json_put(json, "failed", json_integer((json_int_t)test->n_failed));
    json_put(json, "least", json_wide(test->least));
    json_put(json, "most", json_wide(test->most));
    return json;
}

/* ---- findings ---- */

static json_t *json_values(const struct range *range) {
    json_t *json = need(json_object());
    json_put(json, "median", json_wide(range->median));
    json_put(json, "least", json_wide(range->least));
    json_put(json, "most", json_wide(range->most));
    return json;
}

static json_t *json_cause(const struct check_result *result, const struct check_cause *cause,
                          bool is_site) {
    if (!cause->is_known)
        return need(json_null());
    json_t *json = diff_json_function(result->check->diff, cause->function);
    if (is_site) /* where it is, instead of where its function begins */
        json_put(json, "line", json_integer(cause->line));
    json_put(json, "change", json_wide(cause->change));
    return json;
}

static json_t *json_finding(const struct check_result *result,
                            const struct check_finding *finding) {
    const struct change *change = &finding->change;
    json_t *json = need(json_object());
    char *sentence = check_sentence(result, finding), *causes = check_causes(result, finding);
    json_put(json, "test", json_integer((json_int_t)finding->test));
    json_put(json, "breach", json_text(check_breach_word(finding->breach)));
    json_put(json, "function", diff_json_function(result->check->diff, finding->function));
    json_put(json, "old", result->has_baseline ? json_values(&change->old) : json_null());
    json_put(json, "new", json_values(&change->new));
    json_put(json, "change", result->has_baseline ? json_wide(change->change) : json_null());
    json_put(json, "deterministic", json_boolean(!change->varies));
    if (change->p >= 0)
        json_put(json, "p", json_real(change->p));
    json_put(json, "caller", json_cause(result, &finding->caller, false));
    json_put(json, "site", json_cause(result, &finding->site, true));
    json_put(json, "largest", json_cause(result, &finding->largest, false));
    json_put(json, "sentence", json_text(sentence));
    json_put(json, "cause", json_text(causes));
    free(sentence);
    free(causes);
    return json;
}

static json_t *json_renamed(const struct check_result *result) {
    const struct diff *diff = result->check->diff;
    json_t *all = need(json_array());
    for (uint32_t i = 0; i < diff->comparison->n_functions; i++)
        if (diff->comparison->functions[i].rule == PAIR_SIMILAR)
            json_append(all, diff_json_function(diff, i));
    return all;
}

void check_json(const struct check_result *result, FILE *to) {
    const struct check *check = result->check;
    json_t *json = need(json_object()), *tests = need(json_array()), *findings = need(json_array());
    for (size_t i = 0; i < check->n_tests; i++)
        json_append(tests, json_test(result, &check->tests[i]));
    for (size_t i = 0; i < check->n_findings; i++)
        json_append(findings, json_finding(result, &check->findings[i]));
    json_put(json, "command", json_text("check"));
    json_put(json, "version", json_integer(FORMAT_VERSION));
    json_put(json, "verdict", json_text(check_verdict_word(result)));
    json_put(json, "status", json_integer(result->status));
    json_put(json, "summary", json_text(result->headline));
    json_put(json, "old",
             result->has_baseline ? json_operands(&check->diff->sides[SIDE_OLD]) : json_null());
    json_put(json, "new", json_operands(&check->diff->sides[SIDE_NEW]));
    json_put(json, "budget", text_or_null(check->budget->path));
    json_put(json, "differences", json_differences(result));
    json_put(json, "functions", json_integer((json_int_t)check->diff->comparison->n_functions));
    json_put(json, "functions_failed", json_integer((json_int_t)check->n_failed_functions));
    json_put(json, "functions_with_less", json_integer((json_int_t)check->n_less));
    json_put(json, "functions_not_deterministic", json_integer((json_int_t)check->n_varying));
    json_put(json, "tests", tests);
    json_put(json, "findings", findings);
    json_put(json, "renamed", json_renamed(result));
    json_put(json, "warnings", json_texts(&result->warnings));
    json_put(json, "updated", json_texts(&result->updated));
    json_out_to(json, to);
}
