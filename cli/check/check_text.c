/*
 * check_text.c - the result of a check for the terminal.
 *
 *   REGRESSION: 1 of 113 functions not within budget
 *
 *     calls of md5_new: 14 → 140 (+126, +900.0%); no increase is allowed
 *       called by calculate_hash: +126; at hash.c:88: +126
 *
 *   new.tally against old.tally; judged: calls, alloc_objects, alloc_space
 */
#include "check_out.h"

#include "say.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>

static void print_finding(const struct check_result *result, const struct check_finding *finding) {
    const size_t width = result->out.output->width;
    char *sentence = check_sentence(result, finding), *causes = check_causes(result, finding);
    printf("  ");
    output_wrapped(sentence, 4, width);
    if (*causes) {
        printf("    ");
        output_wrapped(causes, 6, width);
    }
    free(sentence);
    free(causes);
}

static void print_differences(const struct check_result *result) {
    for (size_t i = 0; i < result->n_differences; i++) {
        const struct check_difference *difference = &result->differences[i];
        char *line = need_print("%s: %s%s", comparable_name(difference->reason),
                                difference->sentence, difference->is_allowed ? " (allowed)" : "");
        printf("  ");
        output_wrapped(line, 4, result->out.output->width);
        free(line);
    }
    if (result->verdict == VERDICT_NOT_COMPARABLE)
        printf("  (--allow=REASON,... judges them all the same)\n");
}

static void print_operands(const struct diff_side *side, bool utf8) {
    for (size_t i = 0; i < side->n; i++) {
        char *operand = text_clean(side->operands[i], utf8);
        printf("%s%s", i ? ", " : "", operand);
        free(operand);
    }
}

static void print_what(const struct check_result *result) {
    const struct diff *diff = result->check->diff;
    const bool utf8 = result->out.output->utf8;
    print_operands(&diff->sides[SIDE_NEW], utf8);
    if (result->has_baseline) {
        printf(" against ");
        print_operands(&diff->sides[SIDE_OLD], utf8);
    }
    char *judged = check_values_judged(result);
    printf("%s%s\n", *judged ? "; judged: " : "", judged);
    free(judged);
}

static void print_notes(const struct check_result *result) {
    const struct report report = {.output = *result->out.output};
    size_t n_varying = result->check->n_varying, n_renamed;
    char **renamed = diff_renamed(&result->out, &n_renamed);
    for (size_t i = 0; i < n_renamed; i++) {
        report_note(&report, "judged as one function: %s", renamed[i]);
        free(renamed[i]);
    }
    free(renamed);
    if (n_varying)
        report_note(
            &report, "%s function%s not the same in all runs of a build; judged by the ranges",
            format_count((wide)n_varying, result->out.output).s, n_varying == 1 ? " is" : "s are");
    for (size_t i = 0; i < result->warnings.n; i++)
        report_note(&report, "warning: %s", result->warnings.all[i]);
}

void check_text(const struct check_result *result) {
    const struct output *output = result->out.output;
    const struct check *check = result->check;
    size_t shown = check_shown(result);
    bool is_bad = result->status != STATUS_OK;
    printf("%s%s%s\n", output_on(output, is_bad ? STYLE_HOT : STYLE_STRONG), result->headline,
           output_off(output, STYLE_HOT));
    print_differences(result);
    if (shown)
        putchar('\n');
    for (size_t i = 0; i < shown; i++)
        print_finding(result, &check->findings[i]);
    if (shown < check->n_findings)
        printf("  ... and %s more (-n 0 shows all)\n",
               format_count((wide)(check->n_findings - shown), output).s);
    if (shown)
        putchar('\n');
    print_what(result);
    print_notes(result);
}
