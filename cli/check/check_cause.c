/*
 * check_cause.c - what brought a finding: the caller and the place with most of the change.
 *
 *   calls        who calls it more often (an edge), and on which line (a site of the caller)
 *   allocations  who calls what allocates more (an edge), and where it does (a site of its own)
 *   sums         the function with most of it
 *
 * A table by function has the largest part for each; it is made once for a value that has findings.
 */
#include "check.h"

#include "say.h"

#include <stdlib.h>

struct causes {
    struct check_cause *up, *down; /* by function: of increases, and of decreases */
};

static struct causes new_causes(const struct check *check) {
    const size_t n = check->diff->comparison->n_functions;
    return (struct causes){need_array(n, sizeof(struct check_cause)),
                           need_array(n, sizeof(struct check_cause))};
}

static void causes_free(struct causes *causes) {
    free(causes->up);
    free(causes->down);
}

/* Rows come largest first: the first one is kept. */
static void offer(struct causes *causes, uint32_t function, const struct check_cause *cause) {
    struct check_cause *best = cause->change > 0 ? &causes->up[function] : &causes->down[function];
    if (cause->change != 0 && !best->is_known)
        *best = *cause;
}

static void offer_callers(struct causes *causes, const struct measure *edges, bool of_cum) {
    for (size_t i = 0; i < edges->n_changed; i++) {
        const struct measure_row *row = &edges->changed[i];
        if (row->row->other != ROWS_NOBODY)
            offer(causes, row->row->function,
                  &(struct check_cause){.is_known = true,
                                        .function = row->row->other,
                                        .change = of_cum ? row->cum.change : row->self.change});
    }
}

/* A site of calls is of what is called there; any other of the function it is in. */
static void offer_sites(struct causes *causes, const struct diff *diff,
                        const struct measure *lines) {
    for (size_t i = 0; i < lines->n_changed; i++) {
        const struct measure_row *row = &lines->changed[i];
        const struct row *key = row->row;
        bool is_of_calls = lines->is_calls;
        if ((key->other != ROWS_NOBODY) != is_of_calls)
            continue;
        const struct view_function *in =
            compared_latest(&diff->comparison->functions[key->function]);
        offer(causes, is_of_calls ? key->other : key->function,
              &(struct check_cause){.is_known = true,
                                    .function = key->function,
                                    .file = in->file,
                                    .line = key->line[row->in[SIDE_NEW] ? SIDE_NEW : SIDE_OLD],
                                    .change = row->self.change});
    }
}

static const struct budget_rule *rule_of(const struct check *check,
                                         const struct check_finding *finding) {
    return check->tests[finding->test].rule;
}

/* Of the total any function, of a sum one that its rule matches. */
static bool is_part(const struct check *check, const struct check_finding *finding,
                    const struct compared_function *function) {
    const struct budget_rule *rule = rule_of(check, finding);
    const struct view_function *latest = compared_latest(function);
    const char *names[] = {latest->name, latest->system_name};
    return check_is_total(check, rule) || budget_matches(rule, names, 2, latest->file);
}

static void find_largest(const struct check *check, struct check_finding *finding) {
    const struct measure *measure = &check->measures[check->tests[finding->test].type];
    for (size_t i = 0; i < measure->n_changed && !finding->largest.is_known; i++) {
        const struct measure_row *row = &measure->changed[i];
        wide change = row->self.change;
        if ((check_is_too_loose(finding) ? change < 0 : change > 0) &&
            is_part(check, finding, &check->diff->comparison->functions[row->row->function]))
            finding->largest = (struct check_cause){
                .is_known = true, .function = row->row->function, .change = change};
    }
}

static struct check_cause cause_of(const struct causes *causes,
                                   const struct check_finding *finding) {
    return (check_is_too_loose(finding) ? causes->down : causes->up)[finding->function];
}

static void explain_type(struct check *check, size_t type) {
    const struct diff_filter by_self = {.sort = DIFF_BY_CHANGE}, by_cum = {.sort = DIFF_BY_CUM};
    struct causes callers = new_causes(check), cum_callers = new_causes(check),
                  sites = new_causes(check);
    struct measure edges, lines;
    diff_measure(check->diff, type, ROWS_EDGES, &by_self, &edges);
    offer_callers(&callers, &edges, false);
    measure_free(&edges);
    diff_measure(check->diff, type, ROWS_EDGES, &by_cum, &edges);
    offer_callers(&cum_callers, &edges, true);
    measure_free(&edges);
    diff_measure(check->diff, type, ROWS_LINES, &by_self, &lines);
    offer_sites(&sites, check->diff, &lines);
    measure_free(&lines);
    for (size_t i = 0; i < check->n_findings; i++) {
        struct check_finding *finding = &check->findings[i];
        bool of_cum = rule_of(check, finding)->of == BUDGET_CUM;
        if (check->tests[finding->test].type != type)
            continue;
        if (finding->function == ROWS_NOBODY) {
            find_largest(check, finding);
            continue;
        }
        finding->caller = cause_of(of_cum ? &cum_callers : &callers, finding);
        if (!of_cum)
            finding->site = cause_of(&sites, finding);
    }
    causes_free(&callers);
    causes_free(&cum_callers);
    causes_free(&sites);
}

void check_explain(struct check *check) {
    for (size_t type = 0; type < check->diff->n_types; type++) {
        bool is_needed = false;
        for (size_t i = 0; i < check->n_findings; i++)
            is_needed |= check->tests[check->findings[i].test].type == type;
        if (is_needed)
            explain_type(check, type);
    }
}
