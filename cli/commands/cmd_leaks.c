/*
 * cmd_leaks.c - `tally leaks`: what was never freed, by the site that allocated it and the path to
 * it.
 *
 *   1.00 MiB in 64,010 objects, mean 16.4 B
 *       intern  names.c:7             the site: the line of the allocating call
 *       parse  feed.c:33              who called, and from where
 *       main  feed.c:14
 *
 * What nobody instrumented allocated (libc's and libstdc++'s start-up, threads of libraries) is
 * summed up in one line: there is no path to show, and nobody to blame. It is not in the total and
 * does not count for --error-exitcode.
 */
#include "aggregate.h"
#include "commands.h"
#include "json_out.h"
#include "report.h"
#include "say.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What pprof-out/ names the frame of allocations under no instrumented function. */
#define OUTSIDE "[outside instrumented code]"

struct leaks {
    struct report_options shared;
    uint64_t rows, error_status;
    bool lines;
};

struct amount {
    wide bytes, objects;
};

/* The paths, of which those of the program come first, and their sums. */
struct findings {
    struct paths paths;
    size_t n, shown;
    bool is_leaking; /* not so where a difference says only what is gone */
    struct amount total, not_shown, outside;
};

static const char details[] =
    "What was allocated and not freed when the profile was written, the most bytes\n"
    "first: for each line that allocates and path to it how many bytes in how many\n"
    "objects, and the path, innermost first. Calls of one function from several lines\n"
    "of another are one path, unless --lines is given. PROFILE is a .tally directory,\n"
    "or any heap profile with the sample type inuse_space.\n"
    "What was allocated under no instrumented function (by libc and libstdc++ when\n"
    "they start, say) is summed up in one line, and is not an error.\n"
    "Exit status: 0, whatever was found; with --error-exitcode N it is N if there are\n"
    "any leaks.";

static void add(struct amount *to, const struct path_sum *sum) {
    to->bytes += sum->value;
    to->objects += sum->count;
}

static bool is_outside(const struct view *view, const struct path_sum *sum) {
    return strcmp(view->functions[sum->frames[0].function].name, OUTSIDE) == 0;
}

static void find(struct view *view, const struct leaks *leaks, struct findings *findings) {
    *findings = (struct findings){0};
    struct paths *paths = &findings->paths;
    aggregate_paths(view, leaks->lines, paths);
    for (size_t i = 0; i < paths->n; i++) {
        struct path_sum *sum = &paths->sums[i];
        if (is_outside(view, sum)) {
            add(&findings->outside, sum);
            continue;
        }
        add(&findings->total, sum);
        if (leaks->rows && findings->n >= leaks->rows)
            add(&findings->not_shown, sum);
        findings->is_leaking = findings->is_leaking || sum->value > 0 || sum->count > 0;
        paths->sums[findings->n++] = *sum;
    }
    findings->shown = leaks->rows && leaks->rows < findings->n ? (size_t)leaks->rows : findings->n;
}

/* "1.00 MiB in 64,010 objects, mean 16.4 B". Free it. */
static char *in_words(const struct report *report, const struct amount *amount) {
    const struct view *view = report->view;
    const struct output *output = &report->output;
    /* What format_value leaves out of the raw number, and of 0. */
    const bool is_bare = output->raw || amount->bytes == 0;
    const char *unit = is_bare ? " " : "";
    const char *unit_name = is_bare ? format_unit_name(view->unit) : "";
    char *counted = report_counted(report, amount->objects);
    char *mean =
        amount->objects > 1 && amount->bytes > 0
            ? need_print(", mean %s%s%s",
                         format_average(amount->bytes, amount->objects, view->unit, output).s, unit,
                         unit_name)
            : need_copy("");
    char *text = need_print("%s%s%s%s%s%s", format_value(amount->bytes, view->unit, output).s, unit,
                            unit_name, *counted ? " in " : "", counted, mean);
    free(counted);
    free(mean);
    return text;
}

static void print_path(const struct report *report, const struct path_sum *sum) {
    static const char margin[] = "    ";
    const struct output *output = &report->output;
    for (size_t i = 0; i < sum->n; i++) {
        const struct view_function *function = &report->view->functions[sum->frames[i].function];
        char *place = report_place(report, function, sum->frames[i].line);
        char *line = need_print("%s%s%s%s", margin, place,
                                sum->frames[i].has_several_lines ? " and other lines" : "",
                                function->inlined ? " (inlined)" : "");
        char *fitted =
            output->width ? text_shorten(line, output->width, output->utf8) : need_copy(line);
        puts(fitted);
        free(place);
        free(line);
        free(fitted);
    }
    putchar('\n');
}

static void print_leak(const struct report *report, const struct path_sum *sum) {
    const struct output *output = &report->output;
    enum style heat = report_style(sum->value, report->view->whole);
    char *words = in_words(report, &(struct amount){sum->value, sum->count});
    printf("%s%s%s\n", output_on(output, heat), words, output_off(output, heat));
    print_path(report, sum);
    free(words);
}

static bool has_filters(const struct view_options *view) {
    return view->focus || view->ignore || view->hide;
}

static void print_sums(const struct report *report, const struct leaks *leaks,
                       const struct findings *findings) {
    const struct output *output = &report->output;
    char *not_shown = in_words(report, &findings->not_shown);
    char *total = in_words(report, &findings->total);
    char *outside = in_words(report, &findings->outside);
    const bool is_filtered = has_filters(&leaks->shared.view);
    size_t rest = findings->n - findings->shown;
    if (rest)
        report_note(report, "%s more path%s not shown (-n 0 shows all): %s",
                    format_count((wide)rest, output).s, rest == 1 ? "" : "s", not_shown);
    if (findings->n)
        report_note(report, "%s: %s, on %s path%s", is_filtered ? "kept" : "total", total,
                    format_count((wide)findings->n, output).s, findings->n == 1 ? "" : "s");
    else
        report_note(report, "%snothing was still allocated at the end",
                    is_filtered ? "of what the filters leave, " : "");
    if (findings->outside.bytes || findings->outside.objects)
        report_note(report,
                    "outside instrumented code, not counted as leaks (start-up of libc and "
                    "libstdc++, libraries): %s",
                    outside);
    free(not_shown);
    free(total);
    free(outside);
}

static void print_text(const struct report *report, const struct leaks *leaks,
                       const struct findings *findings) {
    report_heading(report);
    for (size_t i = 0; i < findings->shown; i++)
        print_leak(report, &findings->paths.sums[i]);
    print_sums(report, leaks, findings);
    report_footer(report, &leaks->shared.view);
}

static json_t *json_path(const struct view *view, const struct path_sum *sum) {
    json_t *path = need(json_array());
    for (size_t i = 0; i < sum->n; i++) {
        const struct view_function *function = &view->functions[sum->frames[i].function];
        json_t *frame = need(json_object());
        json_put(frame, "name", json_text(function->name));
        json_put(frame, "system_name", json_text(function->system_name));
        json_put(frame, "file", json_text(function->file));
        json_put(frame, "line", json_integer(sum->frames[i].line));
        json_put(frame, "several_lines", json_boolean(sum->frames[i].has_several_lines));
        if (json_array_append_new(path, frame) != 0)
            need(NULL);
    }
    return path;
}

static json_t *json_amount(const struct report *report, const struct amount *amount) {
    json_t *json = need(json_object());
    json_put(json, "bytes", json_wide(amount->bytes));
    report_json_count(report, json, "", amount->objects);
    return json;
}

static void print_json(const struct report *report, const struct findings *findings) {
    json_t *json = report_json(report, "leaks"), *rows = need(json_array());
    for (size_t i = 0; i < findings->shown; i++) {
        const struct path_sum *sum = &findings->paths.sums[i];
        json_t *row = json_amount(report, &(struct amount){sum->value, sum->count});
        json_put(row, "path", json_path(report->view, sum));
        if (json_array_append_new(rows, row) != 0)
            need(NULL);
    }
    json_put(json, "leaks", rows);
    json_put(json, "leaks_not_shown", json_integer((json_int_t)(findings->n - findings->shown)));
    json_put(json, "leaked", json_amount(report, &findings->total));
    json_put(json, "outside", json_amount(report, &findings->outside));
    json_put(json, "losses", report_json_losses(report));
    json_out(json);
}

static int show(const struct leaks *leaks, const char *operand) {
    struct report report;
    int status = report_open(&leaks->shared, operand, &report);
    if (status != STATUS_OK)
        return status;
    struct findings findings;
    find(report.view, leaks, &findings);
    if (leaks->shared.json)
        print_json(&report, &findings);
    else
        print_text(&report, leaks, &findings);
    if (findings.is_leaking)
        status = (int)leaks->error_status;
    paths_free(&findings.paths);
    report_close(&report);
    return status;
}

int command_leaks(int argc, char **argv) {
    struct leaks leaks = {.rows = 20, .shared.view.sample = "inuse_space"};
    const struct args_option options[] = {
        {ARGS_NUMBER, NULL, 'n', &leaks.rows, "PATHS", "how many paths; 0: all (default: 20)"},
        {ARGS_FLAG, "lines", 0, &leaks.lines, NULL, "one path for each line a call is made from"},
        {ARGS_NUMBER, "error-exitcode", 0, &leaks.error_status, "N",
         "exit with this status if there are leaks\n(1 to 255; default 0: as without)"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    struct args_option shared[report_options_count];
    report_options_table(&leaks.shared, shared);
    const struct args_spec spec = {
        .command = "leaks",
        .usage = "[OPTIONS] [PROFILE]",
        .summary = "what was never freed, by site and path",
        .details = details,
        .options = options,
        .shared = shared,
        .most = 1,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    if (leaks.error_status > 255)
        return say_error("--error-exitcode", "is at most 255");
    return show(&leaks, n ? argv[0] : NULL);
}
