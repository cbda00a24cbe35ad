/*
 * check_out.c - what the formats of check_out.h share: the verdict, and what was judged.
 */
#include "check_out.h"

#include "say.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

const char *check_of_word(const struct check_result *result, const struct budget_rule *rule) {
    static const char *const words[] = {
        [BUDGET_SELF] = "self", [BUDGET_CUM] = "cum", [BUDGET_SUM] = "sum"};
    return check_is_total(result->check, rule) ? "total" : words[rule->of];
}

const char *check_breach_word(enum breach breach) {
    static const char *const words[] = {[WITHIN] = "none",
                                        [ABOVE_MOST] = "at_most",
                                        [INCREASED] = "increase",
                                        [BELOW_LEAST] = "at_least",
                                        [DECREASED] = "decrease"};
    return words[breach];
}

const char *check_verdict_word(const struct check_result *result) {
    static const char *const words[] = {[VERDICT_OK] = "ok",
                                        [VERDICT_REGRESSION] = "regression",
                                        [VERDICT_TOO_LOOSE] = "too loose",
                                        [VERDICT_NOT_COMPARABLE] = "not comparable"};
    return result->updated.n ? "updated" : words[result->verdict];
}

size_t check_shown(const struct check_result *result) {
    size_t n = result->check->n_findings;
    return result->rows && result->rows < n ? (size_t)result->rows : n;
}

void check_add_text(struct check_texts *texts, char *text) {
    texts->all = need_room(texts->all, &texts->capacity, texts->n, sizeof *texts->all);
    texts->all[texts->n++] = text;
}

void check_free_texts(struct check_texts *texts) {
    for (size_t i = 0; i < texts->n; i++)
        free(texts->all[i]);
    free(texts->all);
    *texts = (struct check_texts){0};
}

static char *joined(const struct check_texts *texts) {
    char *all = need_copy("");
    for (size_t i = 0; i < texts->n; i++) {
        char *longer = need_print("%s%s%s", all, i ? ", " : "", texts->all[i]);
        free(all);
        all = longer;
    }
    return all;
}

/* ---- the first line ---- */

static struct number plural(const struct check_result *result, size_t n, const char *noun) {
    struct number text;
    snprintf(text.s, sizeof text.s, "%.40s %.16s%s", format_count((wide)n, result->out.output).s,
             noun, n == 1 ? "" : "s");
    return text;
}

/* "3 of 1,234 functions and 1 total". */
static char *failed(const struct check_result *result) {
    const struct check *check = result->check;
    char *functions =
        need_print("%s of %s", format_count((wide)check->n_failed_functions, result->out.output).s,
                   plural(result, check->diff->comparison->n_functions, "function").s);
    char *others = need_print("%s", plural(result, check->n_failed_others, "total").s);
    bool has_functions = check->n_failed_functions, has_others = check->n_failed_others;
    char *text = need_print("%s%s%s", has_functions ? functions : "",
                            has_functions && has_others ? " and " : "", has_others ? others : "");
    free(functions);
    free(others);
    return text;
}

/* "compiler, arguments". */
static char *reasons(const struct check_result *result) {
    struct check_texts names = {0};
    for (size_t reason = 0; reason < COMPARABLE_REASONS; reason++) {
        bool is_there = false;
        for (size_t i = 0; i < result->n_differences; i++)
            is_there |=
                result->differences[i].reason == reason && !result->differences[i].is_allowed;
        if (is_there)
            check_add_text(&names, need_copy(comparable_name((enum comparable_reason)reason)));
    }
    char *all = joined(&names);
    check_free_texts(&names);
    return all;
}

/* How many values there were limits for, of functions, sums and the whole program. */
static size_t n_judged(const struct check *check) {
    size_t n = 0;
    for (size_t i = 0; i < check->n_tests; i++)
        n += check->tests[i].n_judged;
    return n;
}

char *check_headline(const struct check_result *result) {
    const struct check *check = result->check;
    char *words, *line;
    if (result->updated.n) {
        words = joined(&result->updated);
        line = need_print("updated: %s", words);
    } else if (result->verdict == VERDICT_NOT_COMPARABLE) {
        words = reasons(result);
        line = need_print("not comparable: %s", words);
    } else if (result->verdict == VERDICT_OK) {
        words = check->n_less ? need_print(", %s with less than before",
                                           plural(result, check->n_less, "function").s)
                              : need_copy("");
        line =
            need_print("ok: %s within budget%s", plural(result, n_judged(check), "value").s, words);
    } else {
        words = failed(result);
        line = result->verdict == VERDICT_REGRESSION
                   ? need_print("REGRESSION: %s not within budget", words)
                   : need_print("TOO LOOSE: %s less than the budget expects; if that is right, "
                                "--update makes it stricter",
                                words);
    }
    free(words);
    return line;
}

/* ---- rules and tests ---- */

char *check_pattern(const struct check_result *result, const struct budget_rule *rule) {
    bool utf8 = result->out.output->utf8, is_sum = rule->of == BUDGET_SUM;
    char *function = rule->function ? text_clean(rule->function, utf8)
                                    : need_copy(is_sum ? "functions" : "each function");
    char *file = rule->file ? text_clean(rule->file, utf8) : need_copy("");
    char *words = need_print("%s%s%s", function, *file ? " in " : "", file);
    free(function);
    free(file);
    return words;
}

char *check_place(const struct check_result *result, unsigned line) {
    if (!line)
        return need_copy("");
    char *path = text_clean(result->check->budget->path, result->out.output->utf8);
    char *place = need_print(" (%s:%u)", path, line);
    free(path);
    return place;
}

struct number check_amount(const struct check_result *result, const struct measure *measure,
                           const struct budget_amount *amount) {
    return amount->is_percent ? budget_percent(amount->amount)
                              : format_value(amount->amount, measure->unit, result->out.output);
}

static char *limits_words(const struct check_result *result, const struct check_test *test) {
    const struct budget_limits *limits = &test->rule->limits[test->value];
    const struct {
        const char *word;
        const struct budget_amount *amount;
    } all[] = {{"at most", &limits->at_most},
               {"at least", &limits->at_least},
               {"increase", &limits->increase},
               {"decrease", &limits->decrease},
               {"floor", &limits->floor}};
    const struct measure *measure = &result->check->measures[test->type];
    struct check_texts words = {0};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const struct budget_amount *amount = all[i].amount;
        if (!amount->is_set)
            continue;
        bool is_change = amount == &limits->increase || amount == &limits->decrease;
        check_add_text(&words, is_change && amount->amount == 0
                                   ? need_print("no %s", all[i].word)
                                   : need_print("%s %s", all[i].word,
                                                check_amount(result, measure, amount).s));
    }
    char *text = words.n ? joined(&words) : need_copy("any");
    check_free_texts(&words);
    return text;
}

char *check_test_name(const struct check_result *result, const struct check_test *test) {
    const struct check *check = result->check;
    bool is_total = check_is_total(check, test->rule);
    char *pattern = is_total ? need_copy("the whole program") : check_pattern(result, test->rule);
    char *limits = limits_words(result, test);
    char *place = check_place(result, test->rule->limits[test->value].line);
    static const char *const suffixes[] = {
        [BUDGET_SELF] = "", [BUDGET_CUM] = " with all they call", [BUDGET_SUM] = " together"};
    char *name = need_print("%s of %s%s: %s%s", check->measures[test->type].type, pattern,
                            suffixes[test->rule->of], limits, place);
    free(pattern);
    free(limits);
    free(place);
    return name;
}

char *check_values_judged(const struct check_result *result) {
    const struct check *check = result->check;
    struct check_texts names = {0};
    for (size_t type = 0; type < check->diff->n_types; type++) {
        bool is_judged = false;
        for (size_t i = 0; i < check->n_tests; i++)
            is_judged |= check->tests[i].type == type;
        if (is_judged)
            check_add_text(&names, text_clean(check->diff->types[type], result->out.output->utf8));
    }
    char *all = joined(&names);
    check_free_texts(&names);
    return all;
}
