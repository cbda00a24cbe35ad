/*
 * check.h - whether NEW is within its budget, and what brought that it is not.
 *
 *   struct diff ─┐  check_judge                           check_explain
 *                ├────────────> tests: a rule and a value ─────────────> causes of each finding
 *   struct budget┘              findings: what is beyond
 *
 * Counts that differ between runs of one build are judged by their ranges: against OLD, the least
 * of NEW by the most of OLD, so that only what cannot be chance fails; limits that are absolute
 * hold for each run. Times are judged by their medians, and with enough runs a change has also to
 * pass a test (stats_can_tell).
 */
#ifndef TALLY_CLI_CHECK_H
#define TALLY_CLI_CHECK_H

#include "budget.h"
#include "comparable.h"
#include "diff.h"

/* Which limit was broken. */
enum breach { WITHIN, ABOVE_MOST, INCREASED, BELOW_LEAST, DECREASED };

/* The largest part of a change, in the same direction. */
struct check_cause {
    bool is_known;
    uint32_t function; /* the caller, where a call or an allocation is, or what it is of */
    const char *file;  /* of a site; else null */
    int64_t line;      /* 0: not known */
    wide change;
};

/* The rule's limits for one value, and all that was judged by them. */
struct check_test {
    const struct budget_rule *rule; /* the budget's total, or one of its rules */
    enum budget_value value;
    size_t type; /* of the diff */
    size_t n_matched, n_judged, n_failed;
    wide least, most; /* that were seen of NEW */
};

struct check_finding {
    size_t test;
    uint32_t function; /* ROWS_NOBODY: of the total, or of a sum */
    enum breach breach;
    struct change change;
    const struct measure_row *row;   /* of the function; null: no run has it */
    struct check_cause caller, site; /* of functions */
    struct check_cause largest;      /* of sums: which function */
};

struct check {
    const struct budget *budget;
    struct diff *diff;
    struct measure *measures; /* by type of the diff; all rows, by function */
    struct check_test *tests;
    size_t n_tests, tests_capacity;
    struct check_finding *findings; /* what is too loose last; by value; the largest first */
    size_t n_findings, findings_capacity;
    size_t n_less;    /* functions of which something judged is less than in OLD */
    size_t n_varying; /* functions of which something judged differs between runs of a build */
    size_t n_failed_functions, n_failed_others;
    bool is_regression; /* something is beyond a limit; else what fails is too loose */
};

void check_judge(const struct budget *budget, struct diff *diff, struct check *check);
void check_explain(struct check *check);
void check_free(struct check *check);

/* A limit that could be stricter, and is meant to be; else one that is exceeded. */
bool check_is_too_loose(const struct check_finding *finding);

/* The rule is about all of the program. */
bool check_is_total(const struct check *check, const struct budget_rule *rule);

#endif
