/*
 * check_junit.c - the result of a check as JUnit's XML.
 *
 *   testsuite "tally check"
 *     testcase "comparable"                          an error where the runs are not
 *     testcase "calls of functions: increase 0"      one for each rule and value; a failure lists
 *     testcase "peak_space of the whole program: …"  all that is beyond it
 */
#include "check_out.h"

#include "say.h"
#include "xml.h"

#include <stdio.h>
#include <stdlib.h>

static void open_case(FILE *to, const char *class, const char *name) {
    fputs("    <testcase classname=\"tally.", to);
    xml_text(to, class);
    fputs("\" name=\"", to);
    xml_text(to, name);
    fputs("\" time=\"0\"", to);
}

static void open_problem(FILE *to, const char *element, const char *type, const char *message) {
    fprintf(to, ">\n      <%s type=\"%s\" message=\"", element, type);
    xml_text(to, message);
    fputs("\">", to);
}

static void put_line(FILE *to, const char *text) {
    xml_text(to, text);
    fputc('\n', to);
}

static void comparable_case(const struct check_result *result, FILE *to) {
    open_case(to, "check", "comparable");
    if (result->verdict != VERDICT_NOT_COMPARABLE) {
        fputs("/>\n", to);
        return;
    }
    open_problem(to, "error", "not comparable", result->headline);
    for (size_t i = 0; i < result->n_differences; i++)
        if (!result->differences[i].is_allowed)
            put_line(to, result->differences[i].sentence);
    fputs("</error>\n    </testcase>\n", to);
}

static void put_finding(const struct check_result *result, const struct check_finding *finding,
                        FILE *to) {
    char *sentence = check_sentence(result, finding), *causes = check_causes(result, finding);
    put_line(to, sentence);
    if (*causes) {
        fputs("  ", to);
        put_line(to, causes);
    }
    free(sentence);
    free(causes);
}

static void test_case(const struct check_result *result, size_t index, FILE *to) {
    const struct check *check = result->check;
    const struct check_test *test = &check->tests[index];
    char *name = check_test_name(result, test);
    open_case(to, check->measures[test->type].type, name);
    free(name);
    if (test->n_failed == 0 || result->status == STATUS_OK) {
        fputs("/>\n", to);
        return;
    }
    char *message = need_print("%s of %s not within the limits",
                               format_count((wide)test->n_failed, result->out.output).s,
                               format_count((wide)test->n_judged, result->out.output).s);
    open_problem(to, "failure", check_verdict_word(result), message);
    free(message);
    for (size_t i = 0; i < check->n_findings; i++)
        if (check->findings[i].test == index)
            put_finding(result, &check->findings[i], to);
    fputs("</failure>\n    </testcase>\n", to);
}

void check_junit(const struct check_result *result, FILE *to) {
    const struct check *check = result->check;
    size_t n_failed = 0, n_errors = result->verdict == VERDICT_NOT_COMPARABLE;
    for (size_t i = 0; i < check->n_tests && result->status != STATUS_OK; i++)
        n_failed += check->tests[i].n_failed > 0;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", to);
    for (int depth = 0; depth < 2; depth++)
        fprintf(to, "%s name=\"tally check\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"%s>\n",
                depth ? "  <testsuite" : "<testsuites", check->n_tests + 1, n_failed, n_errors,
                depth ? " skipped=\"0\" time=\"0\"" : "");
    comparable_case(result, to);
    for (size_t i = 0; i < check->n_tests; i++)
        test_case(result, i, to);
    fputs("    <system-out>", to);
    xml_text(to, result->headline);
    fputs("</system-out>\n  </testsuite>\n</testsuites>\n", to);
}
