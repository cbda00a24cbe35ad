/*
 * check_out.h - the result of a check written down, each format in a file of its own.
 *
 *   result ──> check_text.c       for the terminal: the verdict, then what explains it
 *              check_json.c       everything, exactly
 *              check_markdown.c   for a comment on a pull request, or a step's summary
 *              check_junit.c      for the lists of tests that CI shows: a test case a rule and
 * value
 */
#ifndef TALLY_CLI_CHECK_OUT_H
#define TALLY_CLI_CHECK_OUT_H

#include "check.h"
#include "diff_out.h"

enum verdict { VERDICT_OK, VERDICT_REGRESSION, VERDICT_TOO_LOOSE, VERDICT_NOT_COMPARABLE };

/* Why two runs may not be comparable; `sentence` is clean text. */
struct check_difference {
    enum comparable_reason reason;
    bool is_allowed;
    char *sentence;
};

struct check_texts {
    char **all;
    size_t n, capacity;
};

struct check_result {
    enum verdict verdict;
    int status;
    char *headline;
    struct check *check; /* of what is not comparable: without tests */
    struct check_difference *differences;
    size_t n_differences, differences_capacity;
    struct check_texts warnings; /* clean */
    struct check_texts updated;  /* what --update wrote; clean */
    bool has_baseline;
    uint64_t rows;       /* how many findings to show where that is limited; 0: all */
    struct diff_out out; /* of functions, for what diffs and checks say alike */
};

/* Fills in the differences, and the verdict if one of them is not allowed (bits 1 << reason). All
 * of NEW are compared with the first of OLD, and the others of OLD with the first of NEW; before an
 * update NEW alone has to be a run that can be compared with. */
void check_differences(struct check_result *result, unsigned allowed, bool is_update);

/* Makes what was seen the budget and the baselines. Returns 0, or STATUS_TROUBLE with a message. */
int check_update(struct check_result *result, const struct args_list *baselines);

void check_text(const struct check_result *result);
void check_json(const struct check_result *result, FILE *to);
void check_markdown(const struct check_result *result, FILE *to);
void check_junit(const struct check_result *result, FILE *to);

/* ---- what the formats share: clean text; free it ---- */

/* The first line. */
char *check_headline(const struct check_result *result);

size_t check_shown(const struct check_result *result);

/* "md5_new (added)", "all of the program", "functions md5_* in hash.c together". */
char *check_subject(const struct check_result *result, const struct check_finding *finding);

/* "140", "10 to 12". */
char *check_values(const struct check_result *result, const struct check_finding *finding,
                   enum side side);

/* "+126, +900.0%"; "" without a baseline. */
char *check_change(const struct check_result *result, const struct check_finding *finding);

/* "no increase is allowed", "at most 12.0 MiB is allowed (budget.yaml:4)". */
char *check_limit(const struct check_result *result, const struct check_finding *finding);

/* "called by parse: +126, at doc.c:88", or "". */
char *check_causes(const struct check_result *result, const struct check_finding *finding);

/* "calls of md5_*: at most 140 (budget.yaml:12)". */
char *check_test_name(const struct check_result *result, const struct check_test *test);

/* All of a finding in one line. */
char *check_sentence(const struct check_result *result, const struct check_finding *finding);

/* "md5_* in hash.c", "each function"; " (budget.yaml:12)", or "" for line 0. */
char *check_pattern(const struct check_result *result, const struct budget_rule *rule);
char *check_place(const struct check_result *result, unsigned line);

struct number check_amount(const struct check_result *result, const struct measure *measure,
                           const struct budget_amount *amount);

/* "self", "cum", "sum" or "total"; "above at_most" …, "regression" … */
const char *check_of_word(const struct check_result *result, const struct budget_rule *rule);
const char *check_breach_word(enum breach breach);
const char *check_verdict_word(const struct check_result *result);

/* "calls, alloc_objects": what was judged. */
char *check_values_judged(const struct check_result *result);

void check_add_text(struct check_texts *texts, char *text);
void check_free_texts(struct check_texts *texts);

#endif
