/*
 * check_finding.c - what a check found, in sentences that all its formats share.
 */
#include "check_out.h"

#include "say.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const struct check_test *test_of(const struct check_result *result,
                                        const struct check_finding *finding) {
    return &result->check->tests[finding->test];
}

static const struct measure *measure_of(const struct check_result *result,
                                        const struct check_finding *finding) {
    return &result->check->measures[test_of(result, finding)->type];
}

static struct number value_of(const struct check_result *result,
                              const struct check_finding *finding, wide value) {
    return format_value(value, measure_of(result, finding)->unit, result->out.output);
}

char *check_subject(const struct check_result *result, const struct check_finding *finding) {
    const struct budget_rule *rule = test_of(result, finding)->rule;
    if (check_is_total(result->check, rule))
        return need_copy("the whole program");
    if (finding->function == ROWS_NOBODY) {
        char *words = check_pattern(result, rule), *text = need_print("%s together", words);
        free(words);
        return text;
    }
    const char *name = result->check->diff->comparison->functions[finding->function].shown;
    char *mark = result->has_baseline && finding->row ? diff_mark(&result->out, finding->row)
                                                      : need_copy("");
    char *text =
        need_print("%s%s%s", name, mark, rule->of == BUDGET_CUM ? " with all it calls" : "");
    free(mark);
    return text;
}

char *check_values(const struct check_result *result, const struct check_finding *finding,
                   enum side side) {
    const struct range *range = side == SIDE_OLD ? &finding->change.old : &finding->change.new;
    bool is_time = budget_is_time(test_of(result, finding)->value);
    if (range->least == range->most || is_time)
        return need_print("%s", value_of(result, finding, range->median).s);
    return need_print("%s to %s", value_of(result, finding, range->least).s,
                      value_of(result, finding, range->most).s);
}

char *check_change(const struct check_result *result, const struct check_finding *finding) {
    const struct change *change = &finding->change;
    if (!result->has_baseline)
        return need_copy("");
    struct number size =
        format_change(change->change, measure_of(result, finding)->unit, result->out.output);
    bool has_percent = change->old.median != 0 && change->change != 0;
    char *test = change->p >= 0 ? need_print(", p = %.3f", change->p) : need_copy("");
    char *text = need_print(
        "%s%s%s%s", size.s, has_percent ? ", " : "",
        has_percent ? format_change_percent(change->change, change->old.median).s : "", test);
    free(test);
    return text;
}

/* By how much a limit that is absolute is missed: both may read the same in larger units. */
static char *distance(const struct check_result *result, const struct check_finding *finding,
                      const struct budget_amount *amount) {
    const struct range *new = &finding->change.new;
    bool is_time = budget_is_time(test_of(result, finding)->value);
    wide seen = is_time ? new->median : finding->breach == ABOVE_MOST ? new->most : new->least;
    wide by = seen > amount->amount ? seen - amount->amount : amount->amount - seen;
    bool is_absolute = finding->breach == ABOVE_MOST || finding->breach == BELOW_LEAST;
    return is_absolute && amount->amount
               ? need_print(", missed by %s", value_of(result, finding, by).s)
               : need_copy("");
}

char *check_limit(const struct check_result *result, const struct check_finding *finding) {
    const struct check_test *test = test_of(result, finding);
    const struct budget_limits *limits = &test->rule->limits[test->value];
    static const struct {
        size_t offset;
        const char *words, *words_of_none;
    } phrases[] = {
        [ABOVE_MOST] = {offsetof(struct budget_limits, at_most), "at most %s is allowed",
                        "none is allowed"},
        [INCREASED] = {offsetof(struct budget_limits, increase), "at most %s more is allowed",
                       "no increase is allowed"},
        [BELOW_LEAST] = {offsetof(struct budget_limits, at_least), "at least %s is expected",
                         "any is expected"},
        [DECREASED] = {offsetof(struct budget_limits, decrease), "at most %s less is expected",
                       "no decrease is expected"},
    };
    const struct budget_amount *amount =
        (const void *)((const char *)limits + phrases[finding->breach].offset);
    struct number number = check_amount(result, measure_of(result, finding), amount);
    const char *words =
        amount->amount ? phrases[finding->breach].words : phrases[finding->breach].words_of_none;
    const char *gap = strstr(words, "%s");
    char *place = check_place(result, amount->line);
    char *by = distance(result, finding, amount);
    char *text =
        gap ? need_print("%.*s%s%s%s%s", (int)(gap - words), words, number.s, gap + 2, by, place)
            : need_print("%s%s", words, place);
    free(by);
    free(place);
    return text;
}

/* ---- causes ---- */

static char *cause_words(const struct check_result *result, const struct check_finding *finding,
                         const char *before, const struct check_cause *cause) {
    const struct check *check = result->check;
    return need_print(
        "%s%s: %s", before, check->diff->comparison->functions[cause->function].shown,
        format_change(cause->change, measure_of(result, finding)->unit, result->out.output).s);
}

static char *site_words(const struct check_result *result, const struct check_finding *finding) {
    const struct check_cause *site = &finding->site;
    if (!site->is_known || !site->line)
        return need_copy("");
    char *file = text_clean(*site->file ? site->file : "(no file)", result->out.output->utf8);
    struct number change =
        format_change(site->change, measure_of(result, finding)->unit, result->out.output);
    char *words = need_print("at %s:%" PRId64 ": %s", file, site->line, change.s);
    free(file);
    return words;
}

/* The line that calls has all of what its function brought. */
static bool is_one_call(const struct check_finding *finding) {
    const struct check_cause *caller = &finding->caller, *site = &finding->site;
    return caller->is_known && site->is_known && site->line && caller->function == site->function &&
           caller->change == site->change;
}

static char *call_words(const struct check_result *result, const struct check_finding *finding) {
    const struct check *check = result->check;
    char *site = site_words(result, finding);
    char *words =
        need_print("called by %s %s",
                   check->diff->comparison->functions[finding->caller.function].shown, site);
    free(site);
    return words;
}

char *check_causes(const struct check_result *result, const struct check_finding *finding) {
    if (finding->largest.is_known)
        return cause_words(result, finding, "most of it ", &finding->largest);
    if (is_one_call(finding))
        return call_words(result, finding);
    char *caller = finding->caller.is_known
                       ? cause_words(result, finding, "called by ", &finding->caller)
                       : need_copy("");
    char *site = site_words(result, finding);
    char *text = need_print("%s%s%s", caller, *caller && *site ? "; " : "", site);
    free(caller);
    free(site);
    return text;
}

/* ---- all of it ---- */

char *check_sentence(const struct check_result *result, const struct check_finding *finding) {
    const char *type = measure_of(result, finding)->type;
    char *subject = check_subject(result, finding), *limit = check_limit(result, finding);
    char *old = check_values(result, finding, SIDE_OLD);
    char *new = check_values(result, finding, SIDE_NEW);
    char *change = check_change(result, finding);
    const char *arrow = result->out.output->utf8 ? " \xe2\x86\x92 " : " -> ";
    char *sentence = need_print("%s of %s: %s%s%s%s%s%s; %s", type, subject, *change ? old : "",
                                *change ? arrow : "", new, *change ? " (" : "", change,
                                *change ? ")" : "", limit);
    free(subject);
    free(limit);
    free(old);
    free(new);
    free(change);
    return sentence;
}
