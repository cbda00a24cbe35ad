/*
 * info_run.c - run.json as lines of `tally info`. See info.h; what each key means is said in
 * pprof-out/src/run_json.c.
 */
#include "info.h"
#include "run.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

wide info_total(const struct tally_pprof_profile *profile, size_t value) {
    wide total = 0;
    for (size_t i = 0; i < profile->n_samples; i++)
        total += profile->samples[i].values[value];
    return total;
}

/* Of every thread's time between its first instrumented call and its end, or the profile. */
static void print_threads_time(const struct report *report) {
    const json_t *times = json_object_get(report->input.run, "threads_time");
    const wide wall = run_number(times, "wall_ns"), unknown = run_number(times, "unknown_ns");
    const wide running = run_number(times, "cpu_ns"), waiting = run_number(times, "run_queue_ns");
    const struct {
        wide part;
        const char *words;
    } parts[] = {{running, "running"},
                 {waiting, "waiting for a processor"},
                 {wall - running - waiting - unknown, "blocked or asleep"},
                 {unknown, "waiting, blocked or asleep"}};
    if (wall == 0)
        return;
    char *text = need_copy("");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].part == 0)
            continue;
        char *longer = need_print("%s%s%s %s", text, *text ? ", " : "",
                                  format_percent(parts[i].part, wall).s, parts[i].words);
        free(text);
        text = longer;
    }
    info_fact(report, "threads' time", "%s: %s",
              format_value(wall, "nanoseconds", &report->output).s, text);
    free(text);
}

static void print_machine(const struct report *report) {
    const json_t *machine = json_object_get(report->input.run, "machine");
    json_int_t processors = run_number(machine, "processors");
    const char *kernel = run_text(machine, "kernel"), *name = run_text(machine, "processor");
    if (!machine)
        return;
    info_fact(report, "machine", "%s, %s", *name ? name : "an unnamed processor",
              run_text(machine, "architecture"));
    info_fact(report, "", "%s processor%s online%s%s", format_count(processors, &report->output).s,
              processors == 1 ? "" : "s", *kernel ? ", Linux " : "", kernel);
}

static void print_program(const struct report *report) {
    const json_t *run = report->input.run, *program = json_object_get(run, "program");
    const struct output *output = &report->output;
    char *command = run_command(run, output->utf8);
    if (command)
        info_fact(report, "command", "%s", command);
    free(command);
    if (*run_text(program, "executable"))
        info_fact(report, "executable", "%s", run_text(program, "executable"));
    if (*run_text(program, "working_directory"))
        info_fact(report, "ran in", "%s", run_text(program, "working_directory"));
    info_fact(report, "started", "%s", format_date(run_number(run, "start_time_ns")).s);
    info_fact(report, "lasted", "%s%s, ended by %s",
              format_value(run_number(run, "duration_ns"), "nanoseconds", output).s,
              output->raw ? " ns" : "",
              *run_text(run, "ended_by") ? run_text(run, "ended_by") : "(unknown)");
    json_int_t threads = run_number(run, "threads");
    info_fact(report, "process", "%" JSON_INTEGER_FORMAT ", %s thread%s with instrumented code",
              run_number(program, "pid"), format_count(threads, output).s, threads == 1 ? "" : "s");
    print_threads_time(report);
    print_machine(report);
}

static void print_timing(const struct report *report) {
    const json_t *run = report->input.run;
    const struct output *output = &report->output;
    static const char *const modes[][2] = {
        {"exact", "each call is counted and timed"},
        {"adaptive", "each call is counted, a sample of the many short ones is timed"},
        {"off", "each call is counted, none is timed"},
    };
    /* Profiles older than the key are exact. */
    const char *mode = *run_text(run, "timing") ? run_text(run, "timing") : modes[0][0];
    const char *words = "unknown to this version";
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(mode, modes[i][0]) == 0)
            words = modes[i][1];
    info_fact(report, "timing", "%s: %s", mode, words);
    if (json_object_get(run, "sampled_contexts"))
        info_fact(report, "", "sampled in %s of %s contexts",
                  format_count(run_number(run, "sampled_contexts"), output).s,
                  format_count(run_number(run, "contexts"), output).s);
    if (json_object_get(run, "timed_calls"))
        info_fact(report, "", "%s calls read the clock",
                  format_count(run_number(run, "timed_calls"), output).s);
}

static void print_clock(const struct report *report) {
    const json_t *clock = json_object_get(report->input.run, "clock");
    const char *fallback = run_text(clock, "fallback");
    double hz = (double)run_number(clock, "hz");
    if (*run_text(clock, "name"))
        info_fact(report, "clock", "%s, %.6g %s%s%s", run_text(clock, "name"),
                  hz >= 1e9 ? hz / 1e9 : hz / 1e6, hz >= 1e9 ? "GHz" : "MHz", *fallback ? "; " : "",
                  fallback);
}

static struct number cost(const struct report *report, const json_t *probe, const char *part) {
    const struct output exact = {.utf8 = report->output.utf8};
    return format_average(run_number(probe, part), 1000, "nanoseconds", &exact);
}

static void print_probe(const struct report *report) {
    const json_t *probe = json_object_get(report->input.run, "probe");
    bool is_adaptive = strcmp(run_text(report->input.run, "timing"), "adaptive") == 0;
    if (!probe)
        return;
    info_fact(report, "probe cost", "%s inside and %s around each %scall, taken off all times",
              cost(report, probe, "inside_ps").s, cost(report, probe, "outside_ps").s,
              is_adaptive ? "timed " : "");
    if (is_adaptive)
        info_fact(report, "", "%s around each other call", cost(report, probe, "counted_ps").s);
}

static void print_residual(const struct report *report) {
    const struct tally_pprof_profile *profile = report->input.profile;
    const json_t *losses = json_object_get(report->input.run, "losses");
    wide clamped = run_number(losses, "clamped_ns");
    int wall = tally_pprof_sample_index(profile, "wall");
    if (wall < 0 || !losses)
        return;
    if (clamped == 0)
        info_fact(report, "residual", "none: no context had less time than the probe cost in it");
    else
        info_fact(report, "residual", "%s of wall: probe cost that exceeded what a context had",
                  format_percent(clamped, info_total(profile, (size_t)wall)).s);
}

static void print_measurement(const struct report *report) {
    const json_t *run = report->input.run;
    print_timing(report);
    if (strcmp(run_text(run, "timing"), "off") != 0) {
        print_clock(report);
        print_probe(report);
        print_residual(report);
    }
    info_fact(report, "tally", "%s, ABI %" JSON_INTEGER_FORMAT, run_text(run, "tally_version"),
              run_number(run, "abi_version"));
    const char *key;
    json_t *value, *options = json_object_get(run, "options");
    const char *title = "options";
    json_object_foreach(options, key, value) {
        info_fact(report, title, "%s=%s", key,
                  json_string_value(value) ? json_string_value(value) : "?");
        title = "";
    }
}

struct group {
    const char *producer, *options, *flags;
    json_int_t optimization, units, functions;
};

static int compare_groups(const void *one, const void *other) {
    const struct group *a = one, *b = other;
    int order = strcmp(a->producer, b->producer);
    if (order == 0)
        order = strcmp(a->options, b->options);
    if (order == 0)
        order = strcmp(a->flags, b->flags);
    return order ? order
                 : (a->optimization > b->optimization) - (a->optimization < b->optimization);
}

static size_t group_units(const json_t *units, struct group *groups) {
    size_t n = json_array_size(units), kept = 0;
    for (size_t i = 0; i < n; i++) {
        const json_t *unit = json_array_get(units, i);
        groups[i] = (struct group){run_text(unit, "producer"),
                                   run_text(unit, "options"),
                                   run_text(unit, "flags"),
                                   run_number(unit, "optimization"),
                                   1,
                                   run_number(unit, "functions")};
    }
    qsort(groups, n, sizeof *groups, compare_groups);
    for (size_t i = 0; i < n; i++) {
        if (kept && compare_groups(&groups[kept - 1], &groups[i]) == 0) {
            groups[kept - 1].units++;
            groups[kept - 1].functions += groups[i].functions;
        } else {
            groups[kept++] = groups[i];
        }
    }
    return kept;
}

static void print_group(const struct report *report, const char *name, const struct group *group) {
    const struct output *output = &report->output;
    info_fact(report, name, "%s file%s, %s function%s at -O%" JSON_INTEGER_FORMAT " by %s%s%s",
              format_count(group->units, output).s, group->units == 1 ? "" : "s",
              format_count(group->functions, output).s, group->functions == 1 ? "" : "s",
              group->optimization, *group->producer ? group->producer : "an unnamed compiler",
              *group->options ? ", tally options " : "", group->options);
    if (*group->flags)
        info_fact(report, "", "  with %s", group->flags);
}

static void print_units(const struct report *report) {
    const json_t *run = report->input.run, *units = json_object_get(run, "units");
    struct group *groups = need_array(json_array_size(units), sizeof *groups);
    size_t n = group_units(units, groups);
    for (size_t i = 0; i < n; i++)
        print_group(report, i ? "" : "compiled", &groups[i]);
    if (n == 0)
        info_fact(report, "compiled", "with -finstrument-functions: no file says how");
    free(groups);
}

static void print_amount(const struct report *report, const char *words, const char *part) {
    const json_t *heap = json_object_get(report->input.run, "heap");
    const struct output *output = &report->output;
    char *objects = need_print("%s_objects", part), *bytes = need_print("%s_bytes", part);
    json_int_t n = run_number(heap, objects);
    info_fact(report, "", "%s: %s object%s, %s%s", words, format_count(n, output).s,
              n == 1 ? "" : "s", format_value(run_number(heap, bytes), "bytes", output).s,
              output->raw ? " bytes" : "");
    free(objects);
    free(bytes);
}

/* Losses are said with all others. */
static void print_heap(const struct report *report) {
    static const char *const modes[][2] = {
        {"full", "each block is recorded until it is freed"},
        {"counts", "allocations are counted, no block is recorded"},
        {"off", "no allocation is recorded"},
    };
    const json_t *heap = json_object_get(report->input.run, "heap");
    const struct output *output = &report->output;
    const char *mode = run_text(heap, "mode"), *note = run_text(heap, "note");
    const char *words = "unknown to this version";
    if (!heap)
        return;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(mode, modes[i][0]) == 0)
            words = modes[i][1];
    info_fact(report, "heap", "%s: %s", mode, *note ? note : words);
    if (run_number(heap, "allocated_objects") == 0 && (*note || strcmp(mode, "off") == 0))
        return;
    print_amount(report, "allocated", "allocated");
    if (strcmp(mode, "counts") == 0)
        return;
    print_amount(report, "freed", "freed");
    print_amount(report, "live at the end", "inuse");
    info_fact(report, "", "most live at once: %s%s",
              format_value(run_number(heap, "peak_bytes"), "bytes", output).s,
              output->raw ? " bytes" : "");
    info_fact(report, "", "most memory for the records: %s%s",
              format_value(run_number(heap, "table_bytes"), "bytes", output).s,
              output->raw ? " bytes" : "");
}

void info_print_run(const struct report *report) {
    const json_t *run = report->input.run;
    const struct output *output = &report->output;
    print_program(report);
    print_measurement(report);
    print_units(report);
    /* The two are not parts of one another: inlined functions have calls and no code of their own,
     * and -finstrument-functions does not say what it instrumented. */
    json_int_t instrumented = run_number(run, "instrumented_functions");
    info_fact(report, "functions", "%s in the profile%s%s%s",
              format_count(run_number(run, "functions"), output).s, instrumented ? "; " : "",
              instrumented ? format_count(instrumented, output).s : "",
              instrumented ? " instrumented by the compiler" : "");
    info_fact(report, "contexts", "%s", format_count(run_number(run, "contexts"), output).s);
    print_heap(report);
}
