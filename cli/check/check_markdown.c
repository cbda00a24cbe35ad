/*
 * check_markdown.c - the result of a check as Markdown, for a comment or a step's summary.
 *
 * Names come from outside and stand in code spans, and clean text is escaped: see markdown.h.
 */
#include "check_out.h"

#include "markdown.h"
#include "say.h"

#include <stdio.h>
#include <stdlib.h>

static void cell(FILE *to, char *text) {
    fputs(" | ", to);
    markdown_text(to, text);
    free(text);
}

static void print_finding(const struct check_result *result, const struct check_finding *finding,
                          FILE *to) {
    const struct check *check = result->check;
    char *subject = check_subject(result, finding);
    fputs("| ", to);
    markdown_text(to, check->measures[check->tests[finding->test].type].type);
    fputs(" | ", to);
    if (finding->function == ROWS_NOBODY)
        markdown_text(to, subject);
    else
        markdown_code(to, subject);
    free(subject);
    if (result->has_baseline)
        cell(to, check_values(result, finding, SIDE_OLD));
    cell(to, check_values(result, finding, SIDE_NEW));
    if (result->has_baseline)
        cell(to, check_change(result, finding));
    cell(to, check_limit(result, finding));
    cell(to, check_causes(result, finding));
    fputs(" |\n", to);
}

static void print_findings(const struct check_result *result, FILE *to) {
    size_t shown = check_shown(result), rest = result->check->n_findings - shown;
    if (shown == 0)
        return;
    fprintf(to, "| value | function | %s limit | cause |\n| --- | --- | %s --- | --- |\n",
            result->has_baseline ? "old | new | change |" : "new |",
            result->has_baseline ? "---: | ---: | ---: |" : "---: |");
    for (size_t i = 0; i < shown; i++)
        print_finding(result, &result->check->findings[i], to);
    if (rest)
        fprintf(to, "\n%s more not shown.\n", format_count((wide)rest, result->out.output).s);
    fputc('\n', to);
}

static void item(FILE *to, const char *before, const char *text) {
    fprintf(to, "- %s", before);
    markdown_text(to, text);
    fputc('\n', to);
}

static void print_differences(const struct check_result *result, FILE *to) {
    for (size_t i = 0; i < result->n_differences; i++) {
        const struct check_difference *difference = &result->differences[i];
        char *line = need_print("%s: %s%s", comparable_name(difference->reason),
                                difference->sentence, difference->is_allowed ? " (allowed)" : "");
        item(to, "", line);
        free(line);
    }
    if (result->n_differences)
        fputc('\n', to);
}

static void print_tests(const struct check_result *result, FILE *to) {
    const struct check *check = result->check;
    if (check->n_tests == 0)
        return;
    fputs("| judged | functions | failed |\n| --- | ---: | ---: |\n", to);
    for (size_t i = 0; i < check->n_tests; i++) {
        const struct check_test *test = &check->tests[i];
        fputs("| ", to);
        char *name = check_test_name(result, test);
        markdown_text(to, name);
        free(name);
        fprintf(to, " | %s | %s |\n", format_count((wide)test->n_matched, result->out.output).s,
                format_count((wide)test->n_failed, result->out.output).s);
    }
    fputc('\n', to);
}

/* Collapsed: what one looks at only to see what was judged at all. */
static void print_details(const struct check_result *result, FILE *to) {
    size_t n;
    char **renamed = diff_renamed(&result->out, &n);
    if (result->check->n_tests == 0 && n == 0) {
        free(renamed);
        return;
    }
    fputs("<details><summary>Details</summary>\n\n", to);
    print_tests(result, to);
    for (size_t i = 0; i < n; i++) {
        item(to, "judged as one function: ", renamed[i]);
        free(renamed[i]);
    }
    free(renamed);
    for (size_t i = 0; i < result->warnings.n; i++)
        item(to, "warning: ", result->warnings.all[i]);
    fputs("\n</details>\n", to);
}

void check_markdown(const struct check_result *result, FILE *to) {
    fputs("### tally: ", to);
    markdown_text(to, result->headline);
    fputs("\n\n", to);
    print_differences(result, to);
    print_findings(result, to);
    print_details(result, to);
}
