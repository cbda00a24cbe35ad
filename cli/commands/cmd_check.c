/*
 * cmd_check.c - `tally check --baseline OLD NEW`: is NEW within its budget?
 *
 *   budget, OLD, NEW ──> comparable? ──> judged ──> the verdict, and why ──> exit status
 *                                          └── --update: what was seen becomes the budget
 *
 * Without a baseline NEW is compared with itself, so that limits which are absolute can be judged;
 * others are refused.
 */
#include "baseline.h"
#include "check_out.h"
#include "commands.h"
#include "outfile.h"
#include "say.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check_options {
    struct args_list baselines;
    const char *budget, *allow, *json, *markdown, *junit, *color;
    bool update;
    uint64_t rows, width;
};

static const char details[] =
    "OLD and NEW are .tally directories, or any pprof files. Without a budget no function may\n"
    "have more calls or allocations (alloc_objects, alloc_space) than in OLD; functions that\n"
    "are new have none there. Times are judged only where the budget has limits for them.\n"
    "docs/ci.md describes budgets, the files written, and recipes for CI.\n"
    "First it is found out whether the two may be compared at all: REASON is compiler, flags,\n"
    "instrumented, timing, recording, arguments, machine, ending, losses, unknown or all.\n"
    "With several runs of a build (--baseline A --baseline B, NEW...) counts that vary fail\n"
    "only if all runs of NEW have more than any of OLD; times are medians, and tested.\n"
    "--update makes what was seen the new standard: numbers of at_most, at_least and exactly\n"
    "in the budget are rewritten, and the baseline becomes a copy of NEW.\n"
    "FILE may be -, standard output; the text is then left out.\n"
    "Exit status: 0 within budget, 1 not, 2 wrong usage or unreadable input, 3 not comparable.";

/* ---- what is asked for ---- */

static int find_type(const struct diff *diff, const char *type) {
    for (size_t i = 0; i < diff->n_types; i++)
        if (strcmp(diff->types[i], type) == 0)
            return (int)i;
    return -1;
}

static struct build_wanted wanted_of(const struct budget *budget, bool utf8) {
    struct build_wanted wanted = {.optional = true, .utf8 = utf8};
    for (int value = 0; value < BUDGET_VALUES; value++)
        if (value <= BUDGET_ALLOC_SPACE || budget_asks_for(budget, (enum budget_value)value))
            wanted.types[wanted.n_types++] = budget_sample_type((enum budget_value)value);
    return wanted;
}

static int wrong_line(const struct budget *budget, unsigned line, const char *message) {
    char *subject = need_print("%s:%u", budget->path, line);
    int status = say_error(subject, "%s", message);
    free(subject);
    return status;
}

static int refuse_changes(const struct budget *budget, const struct budget_rule *rule) {
    for (int value = 0; value < BUDGET_VALUES; value++) {
        const struct budget_limits *limits = &rule->limits[value];
        if (limits->increase.is_set)
            return wrong_line(budget, limits->increase.line, "'increase' needs a --baseline");
        if (limits->decrease.is_set)
            return wrong_line(budget, limits->decrease.line, "'decrease' needs a --baseline");
    }
    return STATUS_OK;
}

/* Without a baseline the rule that is not of the file has nothing to say. */
static int without_baseline(struct budget *budget) {
    if (!budget->path)
        return say_error("check", "--baseline, --budget or both are needed");
    budget->n_rules--;
    int status = refuse_changes(budget, &budget->total);
    for (size_t i = 0; i < budget->n_rules && status == STATUS_OK; i++)
        status = refuse_changes(budget, &budget->rules[i]);
    return status;
}

/* Each value that the file limits is in all profiles. */
static int check_types(const struct budget *budget, const struct diff *diff) {
    for (int value = 0; value < BUDGET_VALUES; value++) {
        const struct budget_rule *rule = budget_asks_for(budget, (enum budget_value)value);
        const char *type = budget_sample_type((enum budget_value)value);
        if (!rule || find_type(diff, type) >= 0)
            continue;
        char *message = need_print("limits %s, which not all of the profiles have", type);
        int status = wrong_line(budget, rule->limits[value].line, message);
        free(message);
        return status;
    }
    return STATUS_OK;
}

/* ---- warnings ---- */

/* "None of these is called" is kept by there being none. */
static bool expects_nothing(const struct budget_limits *limits) {
    return limits->at_most.is_set && limits->at_most.amount == 0;
}

static int warn_unmatched(struct check_result *result) {
    const struct check *check = result->check;
    for (size_t i = 0; i < check->n_tests; i++) {
        const struct check_test *test = &check->tests[i];
        const struct budget_limits *limits = &test->rule->limits[test->value];
        if (!limits->line || check_is_total(check, test->rule) || test->n_matched ||
            expects_nothing(limits))
            continue;
        char *message = need_print("these limits of %s are for no function: none matches, or "
                                   "rules above match all that do",
                                   budget_value_name(test->value));
        if (check->budget->unmatched_is_error) {
            int status = wrong_line(check->budget, limits->line, message);
            free(message);
            return status;
        }
        char *line = need_print("%s:%u: %s", check->budget->path, limits->line, message);
        check_add_text(&result->warnings, text_clean(line, result->out.output->utf8));
        free(message);
        free(line);
    }
    return STATUS_OK;
}

static void warn_left_out(struct check_result *result) {
    const struct diff *diff = result->check->diff;
    for (size_t i = 0; i < diff->n_left_out; i++)
        check_add_text(&result->warnings,
                       need_print("%s is not judged: not all runs have it", diff->left_out[i]));
}

/* ---- output ---- */

static int write_file(const struct check_result *result, const char *path,
                      void (*writer)(const struct check_result *, FILE *)) {
    struct outfile file;
    if (!path)
        return STATUS_OK;
    int status = outfile_open(&file, path);
    if (status != STATUS_OK)
        return status;
    writer(result, file.stream);
    return outfile_close(&file);
}

/* The text comes last: whoever reads it may have seen enough, and close the pipe. */
static int write_all(const struct check_result *result, const struct check_options *options) {
    const struct {
        const char *path;
        void (*writer)(const struct check_result *, FILE *);
    } files[] = {{options->json, check_json},
                 {options->markdown, check_markdown},
                 {options->junit, check_junit}};
    bool has_stdout = false;
    int status = STATUS_OK;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        has_stdout |= files[i].path && strcmp(files[i].path, "-") == 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (write_file(result, files[i].path, files[i].writer) != STATUS_OK)
            status = STATUS_TROUBLE;
    if (!has_stdout)
        check_text(result);
    return status;
}

/* ---- all of it ---- */

static void conclude(struct check_result *result) {
    const struct check *check = result->check;
    if (result->verdict != VERDICT_NOT_COMPARABLE && check->n_findings)
        result->verdict = check->is_regression ? VERDICT_REGRESSION : VERDICT_TOO_LOOSE;
    result->status = result->updated.n                           ? STATUS_OK
                     : result->verdict == VERDICT_NOT_COMPARABLE ? STATUS_NOT_COMPARABLE
                     : result->verdict == VERDICT_OK             ? STATUS_OK
                                                                 : STATUS_REGRESSION;
    result->headline = check_headline(result);
}

static int judge(struct check_result *result, const struct check_options *options,
                 const struct budget *budget, struct diff *diff) {
    int status = check_types(budget, diff);
    if (status != STATUS_OK)
        return status;
    check_judge(budget, diff, result->check);
    check_explain(result->check);
    result->out.measures = result->check->measures;
    warn_left_out(result);
    status = warn_unmatched(result);
    return status == STATUS_OK && options->update ? check_update(result, &options->baselines)
                                                  : status;
}

static const struct view_options no_filters;

static int check_opened(const struct check_options *options, unsigned allowed, bool has_baseline,
                        const struct budget *budget, struct diff *diff,
                        const struct output *output) {
    struct check check = {.budget = budget, .diff = diff};
    struct check_result result = {
        .check = &check,
        .has_baseline = has_baseline,
        .rows = options->rows,
        .out = {.diff = diff, .output = output, .filters = &no_filters},
    };
    int status = STATUS_OK;
    check_differences(&result, allowed, options->update);
    if (result.verdict != VERDICT_NOT_COMPARABLE)
        status = judge(&result, options, budget, diff);
    if (status == STATUS_OK) {
        conclude(&result);
        status = write_all(&result, options);
        status = status == STATUS_OK ? result.status : status;
    }
    for (size_t i = 0; i < result.n_differences; i++)
        free(result.differences[i].sentence);
    free(result.differences);
    check_free_texts(&result.warnings);
    check_free_texts(&result.updated);
    free(result.headline);
    check_free(&check);
    return status;
}

static int check_files(const struct check_options *options) {
    const char *const files[] = {options->json, options->markdown, options->junit};
    size_t n_stdout = 0;
    int status = STATUS_OK;
    for (size_t i = 0; i < 3 && status == STATUS_OK; i++) {
        n_stdout += files[i] && strcmp(files[i], "-") == 0;
        status = files[i] ? outfile_usable(files[i]) : STATUS_OK;
    }
    if (n_stdout > 1)
        status = say_error("check", "only one of --json, --markdown and --junit can be -");
    return status;
}

/* The first time there is none: what to do then is said here. */
static int check_baselines_exist(const struct check_options *options) {
    for (size_t i = 0; i < options->baselines.n; i++)
        if (!baseline_exists(options->baselines.values[i]))
            return say_error(options->baselines.values[i],
                             "no such baseline; with --update, NEW becomes it");
    return STATUS_OK;
}

static int check_replaceable(const struct check_options *options, const struct diff_operands *new) {
    if (options->baselines.n > 0 && options->baselines.n != new->n)
        return say_error("--update", "there are %zu baselines, and %zu runs to replace them",
                         options->baselines.n, new->n);
    for (size_t i = 0; i < options->baselines.n; i++) {
        if (!input_is_directory(new->paths[i]))
            return say_error(new->paths[i], "is no .tally directory, as baselines are");
        if (baseline_exists(options->baselines.values[i]) &&
            !input_is_directory(options->baselines.values[i]))
            return say_error(options->baselines.values[i], "is no .tally directory");
    }
    return STATUS_OK;
}

/* A baseline that is yet to be made is none to compare with. */
static struct diff_operands old_of(const struct check_options *options,
                                   const struct diff_operands *new) {
    const struct diff_operands baselines = {options->baselines.values, options->baselines.n};
    for (size_t i = 0; i < baselines.n && options->update; i++)
        if (!baseline_exists(baselines.paths[i]))
            return *new;
    return baselines.n ? baselines : *new;
}

static int run(const struct check_options *options, const struct diff_operands *new) {
    struct output output;
    struct budget budget;
    struct diff diff;
    unsigned allowed;
    int status = output_init(&output, options->color, options->width, false);
    if (status == STATUS_OK)
        status = comparable_allow("--allow", options->allow, &allowed);
    if (status == STATUS_OK)
        status = check_files(options);
    if (status == STATUS_OK)
        status = options->update ? check_replaceable(options, new) : check_baselines_exist(options);
    if (status == STATUS_OK)
        status = budget_read(options->budget, &budget);
    if (status != STATUS_OK)
        return status;
    if (options->baselines.n == 0)
        status = without_baseline(&budget);
    const struct diff_operands operands[N_SIDES] = {old_of(options, new), *new};
    const struct build_wanted wanted = wanted_of(&budget, output.utf8);
    if (status == STATUS_OK)
        status = diff_open(&wanted, operands, &no_filters, &diff);
    if (status == STATUS_OK) {
        bool has_baseline = operands[SIDE_OLD].paths != new->paths;
        status = check_opened(options, allowed, has_baseline, &budget, &diff, &output);
        diff_close(&diff);
    }
    budget_free(&budget);
    return status;
}

int command_check(int argc, char **argv) {
    struct check_options check = {.rows = 20};
    const struct args_option options[] = {
        {ARGS_LIST, "baseline", 'b', &check.baselines, "OLD",
         "what NEW is compared with; several runs: several times"},
        {ARGS_TEXT, "budget", 0, &check.budget, "FILE", "limits, in YAML: see docs/ci.md"},
        {ARGS_TEXT, "allow", 0, &check.allow, "REASON,...", "compare even though these differ"},
        {ARGS_FLAG, "update", 0, &check.update, NULL,
         "make what was seen the new budget and baseline"},
        {ARGS_TEXT, "json", 0, &check.json, "FILE", "write the result as JSON"},
        {ARGS_TEXT, "markdown", 0, &check.markdown, "FILE",
         "write it as Markdown, for a pull request"},
        {ARGS_TEXT, "junit", 0, &check.junit, "FILE", "write it as JUnit's XML"},
        {ARGS_NUMBER, NULL, 'n', &check.rows, "ROWS",
         "how much of what fails to show; 0: all (default: 20)"},
        {ARGS_TEXT, "color", 0, &check.color, "WHEN", "auto (default), always or never"},
        {ARGS_NUMBER, "width", 0, &check.width, "COLUMNS", "fit the text to this width"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    const struct args_spec spec = {
        .command = "check",
        .usage = "--baseline OLD [--budget FILE] [OPTIONS] NEW\n"
                 "--budget FILE [OPTIONS] NEW\n"
                 "--baseline OLD --baseline OLD... [OPTIONS] NEW...",
        .summary = "does a build keep within its budget?",
        .details = details,
        .options = options,
        .fewest = 1,
        .most = SIZE_MAX,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    int status = result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    if (result == ARGS_GO)
        status = run(&check, &(struct diff_operands){argv, n});
    free(check.baselines.values);
    return status;
}
