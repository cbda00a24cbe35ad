/*
 * test_comparable.c - whether two runs may be compared: each reason alone, all of them together,
 * and what is no reason.
 */
#include "comparable.h"

#include "say.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdlib.h>
#include <string.h>

/* With ' in the place of ". */
static json_t *parse(const char *text) {
    char *quoted = need_copy(text);
    for (char *at = quoted; *at; at++)
        if (*at == '\'')
            *at = '"';
    json_error_t error;
    json_t *json = json_loads(quoted, JSON_DECODE_ANY, &error);
    cr_assert_not_null(json, "%s: %s", error.text, text);
    free(quoted);
    return json;
}

static json_t *run(void) {
    return parse(
        "{'program': {'executable': '/o/app', 'argv': ['./app', '-n', '1000', '/o/in.txt'],"
        "             'working_directory': '/o'},"
        " 'ended_by': 'exit', 'timing': 'exact', 'clock': {'name': 'tsc'},"
        " 'options': {'enabled': 'true', 'sizes': 'false', 'mmap': 'false', 'out': 'old.tally'},"
        " 'machine': {'architecture': 'x86_64', 'processor': 'A 7', 'processors': 2,"
        "             'kernel': '6.1'},"
        " 'heap': {'mode': 'full', 'blocks_unrecorded': 0, 'frees_unmatched': 3},"
        " 'units': [{'file': 'a.c', 'producer': 'clang 14', 'options': '', 'flags': '-O2 -DX',"
        "            'functions': 5, 'optimization': 2},"
        "           {'file': 'b.c', 'producer': 'clang 14', 'options': '', 'flags': '-O2 -DX',"
        "            'functions': 7, 'optimization': 2}],"
        " 'losses': {'contexts_collapsed': 0, 'threads_unrecorded': 0, 'exits_unmatched': 0,"
        "            'clamped_ns': 17, 'clamped_contexts': 2}}");
}

/* Sets what is at a path such as "units.0.flags"; null text takes it away. */
static void set(json_t *json, const char *path, const char *value) {
    char parts[64], *rest = parts;
    snprintf(parts, sizeof parts, "%s", path);
    for (char *dot; (dot = strchr(rest, '.')); rest = dot + 1) {
        *dot = '\0';
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(rest))
                                   : json_object_get(json, rest);
    }
    if (!value)
        json_object_del(json, rest);
    else if (json_is_array(json) && (size_t)atoi(rest) < json_array_size(json))
        json_array_set_new(json, (size_t)atoi(rest), parse(value));
    else if (json_is_array(json))
        json_array_append_new(json, parse(value));
    else
        json_object_set_new(json, rest, parse(value));
}

/* "reason: sentence" lines. */
static char *find(const json_t *old, const json_t *new, bool times) {
    struct comparable found;
    char *all = need_copy("");
    comparable_find(old, new, times, &found);
    for (size_t i = 0; i < found.n; i++) {
        const struct comparable_difference *difference = &found.differences[i];
        char *longer = need_print("%s%s%s: %s", all, *all ? "\n" : "",
                                  comparable_name(difference->reason), difference->sentence);
        cr_expect_null(strchr(difference->sentence, '\n'));
        free(all);
        all = longer;
    }
    comparable_free(&found);
    return all;
}

static void expect(const json_t *old, const json_t *new, bool times, const char *expected) {
    char *found = find(old, new, times);
    cr_expect_str_eq(found, expected, "found:\n%s\nexpected:\n%s", found, expected);
    free(found);
}

/* What is found when one side has `value` at `path`, counts alone being judged, or times too. */
struct change {
    const char *path, *value;
    const char *counts, *times; /* null: the same as counts */
};

static void try_change(const struct change *change) {
    json_t *old = run(), *new = run();
    set(new, change->path, change->value);
    expect(old, new, false, change->counts);
    expect(old, new, true, change->times ? change->times : change->counts);
    json_decref(old);
    json_decref(new);
}

Test(comparable, each_reason_alone) {
    static const struct change changes[] = {
        {"units.0.producer", "'clang 19'",
         "compiler: the compiler of a.c differs: clang 14 in old, clang 19 in new", NULL},
        {"units.1.flags", "'-O3 -DX'", "flags: flags of b.c differ: -O2 in old, -O3 in new", NULL},
        {"units.1.flags", "'-O2 -DX -DY=a\\\\ b'",
         "flags: flags of b.c differ: none in old, -DY=a\\ b in new", NULL},
        {"units.1.flags", "'-DX -O2'", "flags: flags of b.c differ: -O2 -DX in old, -DX -O2 in new",
         NULL},
        {"units.1.flags", "''", "flags: flags of b.c differ: -O2 -DX in old, unknown in new", NULL},
        {"units.1.flags", NULL, "flags: flags of b.c differ: -O2 -DX in old, unknown in new", NULL},
        {"units.1.optimization", "3", "flags: flags of b.c differ: -O2 in old, -O3 in new", NULL},
        {"units.1.options", "'exclude=x'",
         "instrumented: plugin options of b.c differ: none in old, exclude=x in new", NULL},
        {"units.1.file", "'lib/c.c'",
         "instrumented: 1 file is instrumented by the plugin in old only (b.c)\n"
         "instrumented: 1 file is instrumented by the plugin in new only (lib/c.c)",
         NULL},
        {"units.2", "{'file': 'c.c'}",
         "instrumented: 1 file is instrumented by the plugin in new only (c.c)", NULL},
        {"units.2", "{'file': 'a.c', 'producer': 'clang 14', 'flags': '-O2 -DX'}",
         "instrumented: 1 file is instrumented by the plugin in new only (a.c)", NULL},
        {"units", NULL,
         "instrumented: 2 files are instrumented by the plugin in old only (a.c, b.c)", NULL},
        {"timing", "'off'", "timing: timing differs: exact in old, off in new", NULL},
        {"clock.name", "'monotonic'", "",
         "timing: the clock differs: tsc in old, monotonic in new"},
        {"heap.mode", "'counts'", "recording: heap recording differs: full in old, counts in new",
         NULL},
        {"heap", NULL, "recording: heap recording differs: full in old, off in new", NULL},
        {"options.enabled", "'off'", "recording: the option enabled is on in old, off in new",
         NULL},
        {"options.sizes", "'1'", "recording: the option sizes is off in old, on in new", NULL},
        {"options.mmap", "'yes'", "recording: the option mmap is off in old, on in new", NULL},
        {"program.argv.2", "'2000'", "arguments: argument 2 differs: '1000' in old, '2000' in new",
         NULL},
        {"program.argv.4", "'x'", "arguments: argument 4 differs: none in old, 'x' in new", NULL},
        {"program.argv", "['app']",
         "arguments: argument 1 differs: '-n' in old, none in new, and 2 more differ", NULL},
        {"program.argv", "[]", "arguments: the arguments of new are not known", NULL},
        {"program.argv.0", "'tool'", "arguments: app was called app in old, tool in new", NULL},
        {"machine.processor", "'B 9'", "",
         "machine: the processor differs: A 7 in old, B 9 in new"},
        {"machine.processors", "4", "",
         "machine: the number of processors differs: 2 in old, 4 in new"},
        {"machine.kernel", "'6.8'", "", "machine: the kernel differs: 6.1 in old, 6.8 in new"},
        {"machine.architecture", "'riscv'", "",
         "machine: the machine's architecture differs: x86_64 in old, riscv in new"},
        {"machine", NULL, "",
         "machine: the machine's architecture differs: x86_64 in old, unknown in new\n"
         "machine: the processor differs: A 7 in old, unknown in new\n"
         "machine: the kernel differs: 6.1 in old, unknown in new\n"
         "machine: the number of processors differs: 2 in old, unknown in new"},
        {"ended_by", "'signal SIGSEGV'", "ending: old was ended by exit, new by signal SIGSEGV",
         NULL},
        {"losses.contexts_collapsed", "12",
         "losses: new is incomplete: calls in contexts beyond the memory limit: 12", NULL},
        {"losses.threads_unrecorded", "1", "losses: new is incomplete: threads not recorded: 1",
         NULL},
        {"losses.exits_unmatched", "2", "losses: new is incomplete: calls never seen to return: 2",
         NULL},
        {"losses.of_the_future", "3", "losses: new is incomplete: of_the_future: 3", NULL},
        {"heap.blocks_unrecorded", "4", "losses: new is incomplete: heap blocks not recorded: 4",
         NULL},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        try_change(&changes[i]);
}

Test(comparable, what_is_no_reason) {
    static const struct change changes[] = {
        {"units.0.functions", "6", "", NULL},
        {"losses.clamped_ns", "99999", "", NULL},
        {"heap.frees_unmatched", "0", "", NULL},
        {"options.out", "'new.tally'", "", NULL},
        {"options.enabled", "'yes'", "", NULL},
        {"options.sizes", NULL, "", NULL},
        {"ended_by", "'_exit'", "", NULL},
        {"timing", NULL, "", NULL},
        {"program.argv.0", "'/usr/bin/app'", "", NULL},
        {"program.argv.3", "'in.txt'", "", NULL},
        {"tally_version", "'9'", "", NULL},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        try_change(&changes[i]);
}

Test(comparable, equal_runs) {
    json_t *one = run(), *other = run();
    expect(one, other, true, "");
    expect(one, one, true, "");
    json_decref(one);
    json_decref(other);
}

Test(comparable, runs_that_are_unknown) {
    json_t *one = run(), *nothing = parse("{}"), *odd = parse("{'units': 3, 'program': []}");
    expect(NULL, NULL, true, "");
    expect(one, NULL, true, "unknown: how new was built and run is not known: it has no run.json");
    expect(NULL, one, false, "unknown: how old was built and run is not known: it has no run.json");
    expect(nothing, nothing, true, "");
    expect(nothing, odd, true, "");
    json_decref(one);
    json_decref(nothing);
    json_decref(odd);
}

Test(comparable, other_folders_and_names_of_the_program) {
    json_t *old = run(), *new = run();
    set(new, "program.executable", "'/new/folder/app-new'");
    set(new, "program.working_directory", "'/new'");
    set(new, "program.argv", "['folder/app-new', '-n', '1000', '/new/in.txt']");
    set(old, "units.0.file", "'/o/src/a.c'");
    set(old, "units.1.file", "'/o/lib/a.c'");
    set(new, "units.0.file", "'/new/lib/a.c'");
    set(new, "units.1.file", "'/new/src/a.c'");
    set(old, "units.0.flags", "'-O1'");
    set(new, "units.1.flags", "'-O1'");
    set(old, "units.0.optimization", "1");
    set(new, "units.1.optimization", "1");
    expect(old, new, true, "");
    json_decref(old);
    json_decref(new);
}

Test(comparable, losses_of_both_sides) {
    json_t *old = run(), *new = run();
    set(old, "losses.contexts_collapsed", "12345678901");
    set(old, "losses.exits_unmatched", "1");
    set(new, "heap.blocks_unrecorded", "5");
    expect(old, new, false,
           "losses: old is incomplete: calls in contexts beyond the memory limit: 12345678901, "
           "calls never seen to return: 1\n"
           "losses: new is incomplete: heap blocks not recorded: 5");
    expect(new, new, false,
           "losses: old is incomplete: heap blocks not recorded: 5\n"
           "losses: new is incomplete: heap blocks not recorded: 5");
    json_decref(old);
    json_decref(new);
}

Test(comparable, all_reasons_together) {
    static const char *const changes[][2] = {{"units.0.producer", "'clang 19'"},
                                             {"units.1.producer", "'clang 19'"},
                                             {"units.0.flags", "'-O3 -DX'"},
                                             {"units.1.flags", "'-O3 -DX'"},
                                             {"units.0.options", "'timing=off'"},
                                             {"units.2", "{'file': 'c.c'}"},
                                             {"timing", "'adaptive'"},
                                             {"heap.mode", "'off'"},
                                             {"program.argv.1", "'-m'"},
                                             {"machine.kernel", "'6.8'"},
                                             {"ended_by", "'signal SIGTERM'"},
                                             {"losses.exits_unmatched", "1"}};
    json_t *old = run(), *new = run();
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        set(new, changes[i][0], changes[i][1]);
    expect(old, new, true,
           "compiler: the compiler of 2 of 2 files differs: clang 14 in old, clang 19 in new (a.c, "
           "b.c)\n"
           "flags: flags of 2 of 2 files differ: -O2 in old, -O3 in new (a.c, b.c)\n"
           "instrumented: plugin options of a.c differ: none in old, timing=off in new\n"
           "instrumented: 1 file is instrumented by the plugin in new only (c.c)\n"
           "timing: timing differs: exact in old, adaptive in new\n"
           "recording: heap recording differs: full in old, off in new\n"
           "arguments: argument 1 differs: '-n' in old, '-m' in new\n"
           "machine: the kernel differs: 6.1 in old, 6.8 in new\n"
           "ending: old was ended by exit, new by signal SIGTERM\n"
           "losses: new is incomplete: calls never seen to return: 1");
    json_decref(old);
    json_decref(new);
}

/* Files f0.c … with these flags; a null ends them. */
static json_t *with_flags(const char *const *flags) {
    json_t *json = parse("{'units': []}");
    for (int i = 0; flags[i]; i++) {
        char *unit = need_print("{'file': 'src/f%d.c', 'flags': '%s'}", i, flags[i]);
        json_array_append_new(json_object_get(json, "units"), parse(unit));
        free(unit);
    }
    return json;
}

Test(comparable, many_files_are_few_sentences) {
    json_t *old = with_flags((const char *const[]){"-O2", "-O2", "-O2", "-O2", "-O2", "-g1", NULL});
    json_t *new = with_flags((const char *const[]){"-O3", "-O3", "-O3", "-O3", "-O2", "-g2", NULL});
    expect(old, new, false,
           "flags: flags of 4 of 6 files differ: -O2 in old, -O3 in new (f0.c, f1.c, f2.c, ...)\n"
           "flags: flags of f5.c differ: -g1 in old, -g2 in new");
    json_decref(old);
    json_decref(new);
    old = with_flags((const char *const[]){"-D1", "-D2", "-D3", "-D4", "-D5", "-D6", NULL});
    new = with_flags((const char *const[]){"-E", "-E", "-E", "-E", "-E", "-E", NULL});
    expect(old, new, false,
           "flags: flags of f0.c differ: -D1 in old, -E in new\n"
           "flags: flags of f1.c differ: -D2 in old, -E in new\n"
           "flags: flags of f2.c differ: -D3 in old, -E in new\n"
           "flags: flags of f3.c differ: -D4 in old, -E in new\n"
           "flags: flags of 2 more files differ in other ways");
    json_decref(old);
    json_decref(new);
}

Test(comparable, long_texts_are_cut) {
    char flags[1001];
    memset(flags, 'x', 1000);
    flags[1000] = '\0';
    json_t *old = with_flags((const char *const[]){flags, NULL});
    json_t *new = with_flags((const char *const[]){"-O2", NULL});
    char *expected = need_print("flags: flags of f0.c differ: %.200s... in old, -O2 in new", flags);
    expect(old, new, false, expected);
    free(expected);
    json_decref(old);
    json_decref(new);
}

Test(comparable, allowances) {
    unsigned allowed;
    cr_expect_eq(comparable_allow("--allow", "flags", &allowed), STATUS_OK);
    cr_expect_eq(allowed, 1u << COMPARABLE_FLAGS);
    cr_expect_eq(comparable_allow("--allow", "machine,compiler,machine", &allowed), STATUS_OK);
    cr_expect_eq(allowed, 1u << COMPARABLE_MACHINE | 1u << COMPARABLE_COMPILER);
    cr_expect_eq(comparable_allow("--allow", "all", &allowed), STATUS_OK);
    cr_expect_eq(allowed, (1u << COMPARABLE_REASONS) - 1);
    for (enum comparable_reason reason = 0; reason < COMPARABLE_REASONS; reason++) {
        cr_expect_eq(comparable_allow("--allow", comparable_name(reason), &allowed), STATUS_OK);
        cr_expect_eq(allowed, 1u << reason);
    }
}

Test(comparable, allowances_that_do_not_exist, .init = cr_redirect_stderr) {
    unsigned allowed;
    static const char *const wrong[] = {"flgas", "", "flags,", "flags,,timing", "flags, timing"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        cr_expect_eq(comparable_allow("--allow", wrong[i], &allowed), STATUS_TROUBLE, "%s",
                     wrong[i]);
    FILE *errors = cr_get_redirected_stderr();
    char line[512] = "";
    cr_assert_not_null(fgets(line, sizeof line, errors));
    cr_expect_str_eq(line, "tally: --allow: 'flgas' is none of compiler, flags, instrumented, "
                           "timing, recording, arguments, machine, ending, losses, unknown, all; "
                           "did you mean 'flags'?\n");
}
