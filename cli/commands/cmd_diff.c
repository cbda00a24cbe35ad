/*
 * cmd_diff.c - `tally diff OLD NEW`: what changed between two builds.
 *
 * Change is of exact integers, so that nothing in it is noise where the values are not (calls,
 * bytes). What counts as a regression is not decided here.
 */
#include "commands.h"
#include "diff_out.h"
#include "outfile.h"
#include "say.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct diff_options {
    struct report_options shared;
    uint64_t rows;
    bool edges, lines, paths;
    const char *sort, *format, *output, *min;
};

static const char details[] =
    "OLD and NEW are .tally directories, or any pprof files with the same sample type.\n"
    "Of .tally directories calls, wall, alloc_objects and alloc_space are compared, with\n"
    "--sample or --profile one value. Several runs of each build: OLD... -- NEW...\n"
    "NEW alone is compared with NEW.old, which the run before left.\n"
    "Columns:\n"
    "  old, new       before and after; self: of the function itself\n"
    "  change         the difference, and in percent of old\n"
    "  cum            with all it called; recursive calls count once\n"
    "  p              times of several runs: how likely noise alone makes such a\n"
    "                 difference (Mann-Whitney); ~ for the change if p is above 0.05\n"
    "Rows are sorted by the size of the change; what did not change is not shown. What\n"
    "only one of the two has is marked (added) or (vanished).\n"
    "Functions are paired by linkage name, without suffixes of compilers' clones; several\n"
    "of one name by their files; lambdas by their order; what is left over by callers,\n"
    "callees, calls and place: that is marked (renamed?) with a score.\n"
    "With several runs, values are medians. Counts that differ between runs of one build\n"
    "are said not to be deterministic, with their range.\n"
    "-o writes a profile that pprof opens as a difference.";

/* What is compared where nothing was chosen. */
static const char *const usual_types[] = {"calls", "wall", "alloc_objects", "alloc_space"};

static const char *const sort_keys[] = {"change", "percent", "cum", "old", "new", "name", NULL};
static const char *const formats[] = {"text", "json", "markdown", "csv", "benchstat", NULL};
static void (*const writers[])(const struct diff_out *) = {diff_text, diff_json, diff_markdown,
                                                           diff_csv, diff_benchstat};

/* "12" or "5%". */
static int parse_min(const char *text, struct diff_filter *filter) {
    char *end;
    if (!text)
        return STATUS_OK;
    bool is_number = *text >= '0' && *text <= '9';
    errno = 0;
    filter->least = strtoull(text, &end, 10);
    if (is_number && !*end && !errno)
        return STATUS_OK;
    filter->least_percent = strtod(text, &end);
    filter->is_percent = true;
    if (is_number && strcmp(end, "%") == 0)
        return STATUS_OK;
    return say_error("--min", "'%s' is neither a whole number nor a percentage", text);
}

static bool are_directories(const struct diff_operands operands[N_SIDES]) {
    bool all = true;
    for (int side = 0; side < N_SIDES; side++)
        for (size_t i = 0; i < operands[side].n; i++)
            all = all && input_is_directory(operands[side].paths[i]);
    return all;
}

/* Directories are compared by all that is usual, files by their own default. */
static struct build_wanted wanted_of(const struct diff_options *options,
                                     const struct diff_operands operands[N_SIDES], bool utf8) {
    struct build_wanted wanted = {
        .types = {options->shared.view.sample},
        .n_types = 1,
        .profile = options->shared.profile,
        .utf8 = utf8,
    };
    if (options->shared.view.sample || options->shared.profile || !are_directories(operands))
        return wanted;
    wanted.optional = true;
    wanted.n_types = sizeof usual_types / sizeof *usual_types;
    memcpy(wanted.types, usual_types, sizeof usual_types);
    return wanted;
}

static int rows_by_of(const struct diff_options *options, enum rows_by *by) {
    *by = options->edges   ? ROWS_EDGES
          : options->lines ? ROWS_LINES
          : options->paths ? ROWS_PATHS
                           : ROWS_FUNCTIONS;
    if (options->edges + options->lines + options->paths <= 1)
        return STATUS_OK;
    return say_error("diff", "--edges, --lines and --paths exclude one another");
}

struct choices {
    enum rows_by by;
    struct diff_filter filter;
    int format;
};

static int choose(const struct diff_options *options, struct choices *choices) {
    int sort = args_choice("--sort", options->sort, sort_keys);
    choices->format =
        args_choice("--format", options->shared.json ? "json" : options->format, formats);
    if (sort < 0 || choices->format < 0)
        return STATUS_TROUBLE;
    choices->filter.sort = (enum diff_sort)sort;
    int status = parse_min(options->min, &choices->filter);
    if (status == STATUS_OK)
        status = rows_by_of(options, &choices->by);
    if (status == STATUS_OK && options->output)
        status = outfile_usable(options->output);
    return status;
}

static void show(struct diff *diff, const struct diff_options *options,
                 const struct choices *choices, const struct output *output) {
    struct measure *measures = need_array(diff->n_types, sizeof *measures);
    for (size_t type = 0; type < diff->n_types; type++)
        diff_measure(diff, type, choices->by, &choices->filter, &measures[type]);
    const struct diff_out out = {
        .diff = diff,
        .measures = measures,
        .rows = options->rows,
        .output = output,
        .filters = &options->shared.view,
    };
    writers[choices->format](&out);
    for (size_t type = 0; type < diff->n_types; type++)
        measure_free(&measures[type]);
    free(measures);
}

static int run(const struct diff_options *options, const struct diff_operands operands[N_SIDES]) {
    struct choices choices = {0};
    struct output output;
    struct diff diff;
    int status = choose(options, &choices);
    if (status == STATUS_OK)
        status =
            output_init(&output, options->shared.color, options->shared.width, options->shared.raw);
    if (status != STATUS_OK)
        return status;
    const struct build_wanted wanted = wanted_of(options, operands, output.utf8);
    status = diff_open(&wanted, operands, &options->shared.view, &diff);
    if (status != STATUS_OK)
        return status;
    if (options->output)
        status = diff_profile(&diff, options->output);
    else
        show(&diff, options, &choices, &output);
    diff_close(&diff);
    return status;
}

/* What the run before left, beside what this one did. */
static int run_with_earlier(const struct diff_options *options, char **new) {
    char *path = input_without_slashes(*new), *old = need_print("%s.old", path);
    int status = run(options, (struct diff_operands[]){{&old, 1}, {new, 1}});
    free(path);
    free(old);
    return status;
}

int command_diff(int argc, char **argv) {
    struct diff_options diff = {.rows = 20, .sort = "change", .format = "text"};
    const struct args_option options[] = {
        {ARGS_NUMBER, NULL, 'n', &diff.rows, "ROWS", "how many rows; 0: all (default: 20)"},
        {ARGS_FLAG, "edges", 0, &diff.edges, NULL, "a row for each caller and callee"},
        {ARGS_FLAG, "lines", 0, &diff.lines, NULL, "a row for each line of a call, or allocation"},
        {ARGS_FLAG, "paths", 0, &diff.paths, NULL, "a row for each call path"},
        {ARGS_TEXT, "sort", 0, &diff.sort, "KEY",
         "change (default), percent, cum, old, new or name"},
        {ARGS_TEXT, "min", 0, &diff.min, "CHANGE",
         "only changes of at least this much: a number in the\nprofile's unit, or N% of old"},
        {ARGS_TEXT, "format", 0, &diff.format, "FORMAT",
         "text (default), json, markdown, csv or benchstat"},
        {ARGS_TEXT, "output", 'o', &diff.output, "FILE",
         "write a pprof profile that is the difference"},
        report_sample_option(&diff.shared),
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    struct args_option shared[report_options_count];
    report_options_table(&diff.shared, shared);
    const struct args_spec spec = {
        .command = "diff",
        .usage = "[OPTIONS] OLD NEW\n[OPTIONS] NEW\n[OPTIONS] OLD... -- NEW...",
        .summary = "what changed between two builds",
        .details = details,
        .options = options,
        .shared = shared,
        .fewest = 1,
        .most = SIZE_MAX,
    };
    size_t n, n_old;
    enum args_result result = args_parse_sides(&spec, argc, argv, &n_old, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    const struct diff_operands sides[N_SIDES] = {{argv, n_old}, {argv + n_old, n - n_old}};
    return n_old ? run(&diff, sides) : run_with_earlier(&diff, argv);
}
