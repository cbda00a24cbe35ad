/*
 * test_run_json.c - run.json as a strict JSON parser reads it.
 */
#include "json.h"
#include "snapshots.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static json_t *export_json(const struct tally_snapshot *snapshot) {
    struct counting counting = {0};
    struct tally_allocator allocator = counting_allocator(&counting);
    char *directory = make_directory(), *path = path_in(directory, "run.json");
    int fd = open(directory, O_RDONLY | O_DIRECTORY);
    json_error_t error;
    cr_assert_eq(tally_export(snapshot, fd, &allocator), 0);
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    cr_assert_not_null(json, "line %d: %s", error.line, error.text);
    close(fd);
    free(path);
    remove_directory(directory);
    return json;
}

/* The value at a path such as "program.argv.0". */
static json_t *at(json_t *json, const char *path) {
    char parts[128];
    snprintf(parts, sizeof parts, "%s", path);
    for (char *part = strtok(parts, "."); part != NULL; part = strtok(NULL, "."))
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(part))
                                   : json_object_get(json, part);
    cr_assert_not_null(json, "no %s", path);
    return json;
}

static void expect_text(json_t *json, const char *path, const char *expected) {
    cr_assert(json_is_string(at(json, path)), "%s is no string", path);
    cr_assert_str_eq(json_string_value(at(json, path)), expected);
}

static void expect_number(json_t *json, const char *path, json_int_t expected) {
    cr_assert(json_is_integer(at(json, path)), "%s is no number", path);
    cr_assert_eq(json_integer_value(at(json, path)), expected, "%s", path);
}

static const struct tally_source source = {"f", "f", "f.c", 1, 0};
static const struct tally_function functions[] = {
    {.source = &source, .address = (const void *)(uintptr_t)(APP_BIAS + 0x2000)},
    {.source = &source, .address = (const void *)(uintptr_t)(APP_BIAS + 0x3000)},
    {.address = (const void *)(uintptr_t)(APP_BIAS + 0x4000)},
};

Test(run_json, everything_is_there) {
    const struct tally_context contexts[] = {
        {&functions[0], TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
        {&functions[1], 0, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
        {&functions[2], 0, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
        {&functions[2], 2, TALLY_NO_INDEX, 1, 1, NULL, APP_BIAS + 0x4010, 0},
    };
    struct tally_unit second = {NULL, NULL, "/src/b.cc", "", "", "", 30, 0};
    struct tally_unit first = {NULL,        &second,   "/src/a.c", "clang 19",
                               "exclude=x", "-O2 -DX", 12,         2};
    const struct tally_option_value options[] = {{"out", "%e.tally"}, {"enabled", "1"}};
    struct tally_snapshot snapshot = make_snapshot(contexts, 4);
    snapshot.units = &first;
    snapshot.options = options;
    snapshot.n_options = 2;
    snapshot.losses = (struct tally_losses){1, 2, 3, 4, 5};
    snapshot.clock_fallback = "for a reason";
    snapshot.machine = (struct tally_machine){"x86_64", "A Processor", "6.1.0-x", 6};
    snapshot.threads_time = (struct tally_threads_time){1000, 600, 300, 50};
    const struct tally_allocation allocations[] = {
        {.allocated_objects = 3, .allocated_bytes = 30, .freed_objects = 1, .freed_bytes = 8},
        {.allocated_objects = 1, .allocated_bytes = 5},
        {.allocated_objects = 9, .kind = "pool"},
    };
    snapshot.heap = (struct tally_heap){.note = "a reason",
                                        .allocations = allocations,
                                        .n_allocations = 3,
                                        .peak_bytes = 33,
                                        .table_bytes = 4096,
                                        .frees_unmatched = 6,
                                        .blocks_unrecorded = 7};
    json_t *json = export_json(&snapshot);
    expect_number(json, "format_version", 1);
    cr_assert_gt(strlen(json_string_value(at(json, "tally_version"))), 0);
    expect_number(json, "abi_version", TALLY_ABI_VERSION);
    expect_text(json, "program.executable", "/app/demo");
    cr_assert_eq(json_array_size(at(json, "program.argv")), 2);
    expect_text(json, "program.argv.0", "./demo");
    expect_text(json, "program.argv.1", "--fast");
    expect_text(json, "program.working_directory", "/home/someone");
    expect_number(json, "program.pid", 4711);
    expect_number(json, "start_time_ns", 1700000000123456789);
    expect_text(json, "start_time", "2023-11-14T22:13:20.123456789Z");
    expect_number(json, "duration_ns", 5000000);
    expect_text(json, "ended_by", "exit");
    expect_text(json, "timing", "exact");
    expect_text(json, "clock.name", "tsc");
    expect_number(json, "clock.hz", 2400000000);
    expect_text(json, "clock.fallback", "for a reason");
    expect_number(json, "probe.inside_ps", 9400);
    expect_number(json, "probe.outside_ps", 9600);
    expect_text(json, "options.out", "%e.tally");
    expect_text(json, "options.enabled", "1");
    expect_text(json, "machine.architecture", "x86_64");
    expect_text(json, "machine.processor", "A Processor");
    expect_number(json, "machine.processors", 6);
    expect_text(json, "machine.kernel", "6.1.0-x");
    expect_number(json, "threads", 1);
    expect_number(json, "threads_time.wall_ns", 1000);
    expect_number(json, "threads_time.cpu_ns", 600);
    expect_number(json, "threads_time.run_queue_ns", 300);
    expect_number(json, "threads_time.unknown_ns", 50);
    expect_text(json, "heap.mode", "full");
    expect_text(json, "heap.note", "a reason");
    expect_number(json, "heap.allocated_objects", 4);
    expect_number(json, "heap.allocated_bytes", 35);
    expect_number(json, "heap.freed_objects", 1);
    expect_number(json, "heap.freed_bytes", 8);
    expect_number(json, "heap.inuse_objects", 3);
    expect_number(json, "heap.inuse_bytes", 27);
    expect_number(json, "heap.peak_bytes", 33);
    expect_number(json, "heap.table_bytes", 4096);
    expect_number(json, "heap.frees_unmatched", 6);
    expect_number(json, "heap.blocks_unrecorded", 7);
    expect_number(json, "contexts", 4);
    expect_number(json, "functions", 2);
    expect_number(json, "instrumented_functions", 42);
    cr_assert_eq(json_array_size(at(json, "units")), 2);
    expect_text(json, "units.0.file", "/src/a.c");
    expect_text(json, "units.0.producer", "clang 19");
    expect_text(json, "units.0.options", "exclude=x");
    expect_text(json, "units.0.flags", "-O2 -DX");
    expect_number(json, "units.0.functions", 12);
    expect_number(json, "units.0.optimization", 2);
    expect_text(json, "units.1.file", "/src/b.cc");
    cr_assert_eq(json_array_size(at(json, "modules")), 2);
    expect_text(json, "modules.0.path", "/lib/libdemo.so.1");
    expect_text(json, "modules.0.build_id", "b1b2");
    expect_text(json, "modules.1.path", "/app/demo");
    expect_number(json, "losses.contexts_collapsed", 1);
    expect_number(json, "losses.threads_unrecorded", 2);
    expect_number(json, "losses.exits_unmatched", 3);
    expect_number(json, "losses.clamped_ns", 4);
    expect_number(json, "losses.clamped_contexts", 5);
    json_decref(json);
}

Test(run_json, adaptive_timing) {
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    snapshot.timing = TALLY_TIMING_ADAPTIVE;
    json_t *json = export_json(&snapshot);
    expect_text(json, "timing", "adaptive");
    expect_text(json, "clock.name", "tsc");
    expect_number(json, "probe.inside_ps", 9400);
    json_decref(json);
}

Test(run_json, without_timing_there_is_no_clock_and_no_cost_of_it) {
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    snapshot.timing = TALLY_TIMING_OFF;
    json_t *json = export_json(&snapshot);
    expect_text(json, "timing", "off");
    expect_text(json, "clock.name", "none");
    expect_number(json, "clock.hz", 0);
    expect_number(json, "probe.inside_ps", 0);
    expect_number(json, "probe.outside_ps", 0);
    json_decref(json);
}

Test(run_json, empty_lists_and_missing_texts) {
    const char *const no_arguments[] = {NULL};
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    snapshot.argv = no_arguments;
    snapshot.n_modules = 0;
    snapshot.executable = NULL;
    snapshot.working_directory = NULL;
    json_t *json = export_json(&snapshot);
    cr_assert_eq(json_array_size(at(json, "program.argv")), 0);
    cr_assert_eq(json_array_size(at(json, "units")), 0);
    cr_assert_eq(json_array_size(at(json, "modules")), 0);
    cr_assert_eq(json_object_size(at(json, "options")), 0);
    expect_text(json, "program.executable", "");
    expect_text(json, "program.working_directory", "");
    cr_assert_null(json_object_get(at(json, "clock"), "fallback"));
    json_decref(json);
    snapshot.argv = NULL;
    json = export_json(&snapshot);
    cr_assert_eq(json_array_size(at(json, "program.argv")), 0);
    json_decref(json);
}

Test(run_json, a_file_of_several_segments_stands_once) {
    const struct tally_module modules[] = {test_modules[1], test_modules[0], test_modules[1]};
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    snapshot.modules = modules;
    snapshot.n_modules = 3;
    json_t *json = export_json(&snapshot);
    cr_assert_eq(json_array_size(at(json, "modules")), 2);
    json_decref(json);
}

Test(run_json, strings_of_all_kinds) {
    static const char *const nasty[][2] = {
        {"quote \" backslash \\ slash /", "quote \" backslash \\ slash /"},
        {"\n\t\r\b\f\x01\x1f\x7f", "\n\t\r\b\f\x01\x1f\x7f"},
        {"größe 关于 \xf0\x9f\x98\x80", "größe 关于 \xf0\x9f\x98\x80"},
        {"latin caf\xe9!", "latin caf\uFFFD!"},
        {"\xff\xfe\xc0\xaf", "\uFFFD\uFFFD\uFFFD\uFFFD"},
        {"surrogate \xed\xa0\x80", "surrogate \uFFFD\uFFFD\uFFFD"},
        {"cut \xe2\x82", "cut \uFFFD\uFFFD"},
        {"</script><!--", "</script><!--"},
        {"", ""},
    };
    enum { N = sizeof nasty / sizeof *nasty };
    const char *argv[N + 1] = {NULL};
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    for (size_t i = 0; i < N; i++)
        argv[i] = nasty[i][0];
    snapshot.argv = argv;
    json_t *json = export_json(&snapshot);
    for (size_t i = 0; i < N; i++)
        cr_assert_str_eq(json_string_value(json_array_get(at(json, "program.argv"), i)),
                         nasty[i][1]);
    json_decref(json);
}

Test(run_json, a_command_line_longer_than_every_buffer) {
    enum { N = 100000 };
    char *text = malloc(N + 1);
    for (size_t i = 0; i < N; i++)
        text[i] = i % 3 == 0 ? '"' : i % 3 == 1 ? '\x02' : 'x';
    text[N] = '\0';
    const char *argv[] = {text, "next", NULL};
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    snapshot.argv = argv;
    json_t *json = export_json(&snapshot);
    expect_text(json, "program.argv.0", text);
    expect_text(json, "program.argv.1", "next");
    json_decref(json);
    free(text);
}

Test(run_json, numbers_at_the_ends) {
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    snapshot.duration_ns = UINT64_MAX;
    snapshot.start_time_ns = -1;
    snapshot.pid = INT64_MIN;
    json_t *json = export_json(&snapshot);
    expect_number(json, "duration_ns", INT64_MAX);
    expect_number(json, "start_time_ns", -1);
    expect_text(json, "start_time", "1969-12-31T23:59:59.999999999Z");
    expect_number(json, "program.pid", INT64_MIN);
    json_decref(json);
}

static int refuse(void *context, const void *bytes, size_t size) {
    (void)context;
    (void)bytes;
    (void)size;
    return -ENOSPC;
}

Test(run_json, the_first_error_is_returned) {
    struct tli_json json;
    tli_json_begin(&json, (struct tli_sink){refuse, NULL});
    tli_json_open(&json, NULL, '[');
    for (uint64_t i = 0; i < 10000; i++)
        tli_json_u64(&json, NULL, i);
    tli_json_close(&json, ']');
    cr_assert_eq(tli_json_finish(&json), -ENOSPC);
}
