/*
 * test_export.c - snapshots whose profile is known: who calls whom, at which line, how often.
 */
#include "dump.h"
#include "random_profile.h"
#include "snapshots.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* main (10) calls work at 12 and 13, and at 14 inline_a (30), inlined, which calls work at 32;
 * inline_b (40) is inlined into inline_a at 33 and calls work at 41. work (20) calls itself at 22
 * and by a jump. */
static const struct tally_source main_source = {"main", "main", "/src/demo.c", 10, 0};
static const struct tally_source work_source = {"ns::work", "_ZN2ns4workEi", "/src/work.cc", 20, 0};
static const struct tally_source inline_a_source = {"inline_a", "inline_a", "/src/in.h", 30, 0};
static const struct tally_source inline_b_source = {"inline_b", "inline_b", "/src/in.h", 40, 0};

static const struct tally_scope main_scopes[] = {
    {&main_source, TALLY_NO_INDEX, 0}, {&inline_a_source, 0, 14}, {&inline_b_source, 1, 33}};
static const struct tally_site main_sites[] = {{0, 12}, {0, 13}, {1, 32}, {2, 41}};
static const struct tally_counter main_counters[] = {{1, 0}, {2, 0}};
static const struct tally_function main_function = {
    &main_source, AT(APP_BIAS, 0x2000), main_scopes, main_sites, main_counters, 3, 4, 2, 0, 0, 0};

static const struct tally_scope work_scopes[] = {{&work_source, TALLY_NO_INDEX, 0},
                                                 {&work_source, 0, 23}};
static const struct tally_site work_sites[] = {{0, 22}};
static const struct tally_counter work_counters[] = {{1, 0}};
static const struct tally_function work_function = {
    &work_source, AT(APP_BIAS, 0x3000), work_scopes, work_sites, work_counters, 2, 1, 1, 0, 0, 0};

static void expect_stacks(const struct tally_snapshot *snapshot, const char *expected) {
    struct tally_pprof_profile *profile = export_and_read(snapshot);
    char *stacks = dump_stacks(profile);
    cr_assert_str_eq(stacks, expected);
    free(stacks);
    tally_pprof_free(profile);
}

Test(export, a_call_from_each_site) {
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1000, NULL, 0, 0},
        {&work_function, 0, 0, 2, 20, NULL, 0, 0},
        {&work_function, 0, 1, 3, 30, NULL, 0, 0},
        {&work_function, 0, TALLY_NO_INDEX, 4, 40, NULL, 0, 0},
        {&work_function, 1, 0, 5, 50, NULL, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    expect_stacks(&snapshot, "main:10 = 1 1000\n"
                             "ns::work:20 < main:10 = 4 40\n"
                             "ns::work:20 < main:12 = 2 20\n"
                             "ns::work:20 < main:13 = 3 30\n"
                             "ns::work:20 < ns::work:22 < main:12 = 5 50\n");
}

Test(export, calls_from_inlined_bodies_show_the_bodies) {
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
        {&work_function, 0, 2, 2, 20, NULL, 0, 0},
        {&work_function, 0, 3, 3, 30, NULL, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    expect_stacks(&snapshot, "main:10 = 1 1\n"
                             "ns::work:20 < inline_a:32 ^ main:14 = 2 20\n"
                             "ns::work:20 < inline_b:41 ^ inline_a:33 ^ main:14 = 3 30\n");
}

Test(export, counters_of_inlined_bodies) {
    const uint64_t first[] = {7, 9}, second[] = {0, 5};
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, first, 0, 0},
        {&work_function, 0, 1, 2, 20, NULL, 0, 0},
        {&main_function, 1, 0, 1, 1, second, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    expect_stacks(&snapshot, "inline_a:30 ^ main:14 = 7 0\n"
                             "inline_b:40 ^ inline_a:33 ^ main:14 < ns::work:22 < main:13 = 5 0\n"
                             "inline_b:40 ^ inline_a:33 ^ main:14 = 9 0\n"
                             "main:10 < ns::work:22 < main:13 = 1 1\n"
                             "main:10 = 1 1\n"
                             "ns::work:20 < main:13 = 2 20\n");
}

Test(export, a_function_that_jumps_to_itself_calls_itself) {
    const uint64_t counters[] = {8};
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
        {&work_function, 0, 0, 2, 20, counters, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    expect_stacks(&snapshot, "main:10 = 1 1\n"
                             "ns::work:20 < main:12 = 2 20\n"
                             "ns::work:20 ^ ns::work:23 < main:12 = 8 0\n");
}

Test(export, contexts_without_calls_and_time_are_left_out_but_not_their_children) {
    const uint64_t counters[] = {3, 0};
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 0, 0, counters, 0, 0},
        {&work_function, 0, 0, 0, 0, NULL, 0, 0},
        {&work_function, 1, 0, 1, 0, NULL, 0, 0},
        {&work_function, 2, 0, 0, 1, NULL, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    expect_stacks(&snapshot, "inline_a:30 ^ main:14 = 3 0\n"
                             "ns::work:20 < ns::work:22 < main:12 = 1 0\n"
                             "ns::work:20 < ns::work:22 < ns::work:22 < main:12 = 0 1\n");
}

Test(export, nothing_at_all) {
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->n_samples, 0);
    cr_assert_eq(profile->n_mappings, 1);
    cr_assert_str_eq(profile->mappings[0]->filename, "/app/demo");
    tally_pprof_free(profile);
}

Test(export, numbers_beyond_the_format_stop_at_its_end) {
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, UINT64_MAX, UINT64_MAX - 1, NULL, 0, 0}};
    struct tally_snapshot snapshot = make_snapshot(contexts, 1);
    expect_stacks(&snapshot, "main:10 = 9223372036854775807 9223372036854775807\n");
}

Test(export, the_header) {
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0}};
    struct tally_snapshot snapshot = make_snapshot(contexts, 1);
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->n_sample_types, 2);
    cr_assert_str_eq(profile->sample_types[0].type, "calls");
    cr_assert_str_eq(profile->sample_types[0].unit, "count");
    cr_assert_str_eq(profile->sample_types[1].type, "wall");
    cr_assert_str_eq(profile->sample_types[1].unit, "nanoseconds");
    cr_assert_str_eq(profile->default_sample_type, "wall");
    cr_assert_str_eq(profile->period_type.type, "wall");
    cr_assert_str_eq(profile->period_type.unit, "nanoseconds");
    cr_assert_eq(profile->period, 1);
    cr_assert_eq(profile->time_ns, 1700000000123456789);
    cr_assert_eq(profile->duration_ns, 5000000);
    cr_assert_eq(profile->n_comments, 1, "a perfect run has no losses to tell of");
    cr_assert_eq(strncmp(profile->comments[0], "Made by Tally ", 14), 0);
    tally_pprof_free(profile);
}

static void expect_losses(const struct tally_losses *losses, const char *const expected[4]) {
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    snapshot.losses = *losses;
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->n_comments, 5);
    for (size_t i = 0; i < 4; i++)
        cr_assert_str_eq(profile->comments[i + 1], expected[i]);
    tally_pprof_free(profile);
}

Test(export, every_loss_is_told) {
    expect_losses(&(struct tally_losses){11, 22, 33, 44, 55},
                  (const char *const[]){
                      "Loss: calls without their path, under \"[contexts beyond the memory "
                      "limit]\": 11",
                      "Loss: threads not recorded, for lack of memory: 22",
                      "Loss: calls never seen to return (-finstrument-functions): 33",
                      "Loss: contexts with less time than the profiler's own cost in them: 55, "
                      "together 44 ns too long",
                  });
}

#define MOST "18446744073709551615"

Test(export, losses_of_any_size_are_not_cut_off) {
    expect_losses(
        &(struct tally_losses){UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
        (const char *const[]){
            "Loss: calls without their path, under \"[contexts beyond the memory limit]\": " MOST,
            "Loss: threads not recorded, for lack of memory: " MOST,
            "Loss: calls never seen to return (-finstrument-functions): " MOST,
            "Loss: contexts with less time than the profiler's own cost in them: " MOST
            ", together " MOST " ns too long",
        });
}

/* ---- functions ---- */

Test(export, copies_of_one_function_are_one_function) {
    /* An inline function of a header, compiled into three units: equal by content, not by
     * pointer. And one of another file that has its name. */
    char names[3][8] = {"helper", "helper", "helper"};
    struct tally_source sources[4];
    struct tally_function copies[4];
    struct tally_context contexts[4];
    for (size_t i = 0; i < 4; i++) {
        sources[i] = (struct tally_source){i < 3 ? names[i] : "helper", "helper",
                                           i < 3 ? "/src/in.h" : "/src/other.c", 5, 0};
        copies[i] = (struct tally_function){.source = &sources[i],
                                            .address = AT(APP_BIAS, 0x4000 + 256 * i)};
        contexts[i] =
            (struct tally_context){&copies[i], TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0};
    }
    struct tally_snapshot snapshot = make_snapshot(contexts, 4);
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->n_functions, 2);
    cr_assert_eq(profile->n_locations, 4, "each copy is at its own address");
    cr_assert_eq(profile->n_samples, 4);
    tally_pprof_free(profile);
}

Test(export, names) {
    const struct tally_source odd = {"odd", NULL, NULL, 0, 0}, plain = {"plain", "", "", 0, 0};
    const struct tally_function functions[] = {{.source = &odd, .address = AT(APP_BIAS, 0x5000)},
                                               {.source = &plain, .address = AT(APP_BIAS, 0x5100)}};
    const struct tally_context contexts[] = {
        {&work_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
        {&functions[0], TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
        {&functions[1], TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, 3);
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_str_eq(profile->functions[0]->name, "ns::work");
    cr_assert_str_eq(profile->functions[0]->system_name, "_ZN2ns4workEi");
    cr_assert_str_eq(profile->functions[0]->filename, "/src/work.cc");
    cr_assert_eq(profile->functions[0]->start_line, 20);
    cr_assert_str_eq(profile->functions[1]->system_name, "odd");
    cr_assert_str_eq(profile->functions[1]->filename, "");
    cr_assert_str_eq(profile->functions[2]->system_name, "plain");
    tally_pprof_free(profile);
}

/* ---- addresses and mappings ---- */

static const struct tally_function lib_function = {.source = &inline_a_source,
                                                   .address = AT(LIB_BIAS, 0x2000)};

Test(export, two_modules) {
    const uint64_t counters[] = {1, 1};
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, counters, 0, 0},
        {&lib_function, 0, 0, 1, 1, NULL, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, 2);
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->n_mappings, 2);
    const struct tally_pprof_mapping *app = profile->mappings[0], *lib = profile->mappings[1];
    cr_assert_str_eq(app->filename, "/app/demo", "the first mapping is the executable");
    cr_assert_str_eq(app->build_id, "a1a2");
    cr_assert_str_eq(lib->filename, "/lib/libdemo.so.1");
    cr_assert_eq(app->file_offset, 0x1000);
    cr_assert_eq(app->memory_limit - app->memory_start, 0x8ff000);
    cr_assert(app->has_functions && app->has_filenames && app->has_line_numbers &&
              app->has_inline_frames);
    for (size_t i = 0; i < profile->n_locations; i++) {
        const struct tally_pprof_location *location = profile->locations[i];
        cr_assert_eq(location->mapping,
                     location->lines[0].function->name[0] == 'i' && location->n_lines == 1 ? lib
                                                                                           : app);
        cr_assert(location->address >= location->mapping->memory_start &&
                  location->address < location->mapping->memory_limit);
    }
    cr_assert(has_unique_addresses(profile));
    tally_pprof_free(profile);
}

Test(export, each_place_has_the_address_the_format_says) {
    const uint64_t counters[] = {1, 1};
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, counters, 0, 0},
        {&work_function, 0, 3, 1, 1, NULL, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, 2);
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    uint64_t main_address = profile->mappings[0]->memory_start + 0x1000;
    uint64_t expected[] = {main_address, main_address + 1 + 4, main_address + 1 + 4 + 1,
                           main_address + 1 + 3, main_address + 0x1000};
    cr_assert_eq(profile->n_locations, 5);
    for (size_t i = 0; i < 5; i++) {
        bool found = false;
        for (size_t j = 0; j < 5; j++)
            found |= profile->locations[j]->address == expected[i];
        cr_assert(found, "expected %zu", i);
    }
    tally_pprof_free(profile);
}

Test(export, addresses_are_the_same_wherever_the_kernel_loads_things) {
    char *dumps[2];
    for (int run = 0; run < 2; run++) {
        const uint64_t shift = run == 0 ? 0 : 0x1234000;
        struct tally_function functions[2] = {main_function, lib_function};
        struct tally_module modules[2] = {test_modules[run], test_modules[1 - run]};
        for (int i = 0; i < 2; i++) {
            functions[i].address = (const char *)functions[i].address + shift;
            modules[i].start += shift;
            modules[i].limit += shift;
            modules[i].bias += shift;
        }
        const struct tally_context contexts[] = {
            {&functions[0], TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
            {&functions[1], 0, 2, 1, 1, NULL, 0, 0},
        };
        struct tally_snapshot snapshot = make_snapshot(contexts, 2);
        snapshot.modules = modules;
        struct tally_pprof_profile *profile = export_and_read(&snapshot);
        dumps[run] = dump_profile(profile);
        tally_pprof_free(profile);
    }
    cr_assert_str_eq(dumps[0], dumps[1]);
    free(dumps[0]);
    free(dumps[1]);
}

Test(export, another_library_does_not_move_the_first_one) {
    const struct tally_context contexts[] = {
        {&lib_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0}};
    const struct tally_module more[3] = {
        test_modules[0],
        test_modules[1],
        {0x7e0000001000, 0x7e0000002000, 0, 0x7e0000000000, "/lib/first.so", ""}};
    struct tally_snapshot snapshot = make_snapshot(contexts, 1);
    struct tally_pprof_profile *before = export_and_read(&snapshot);
    snapshot.modules = more;
    snapshot.n_modules = 3;
    struct tally_pprof_profile *after = export_and_read(&snapshot);
    cr_assert_eq(before->locations[0]->address, after->locations[0]->address);
    cr_assert_eq(after->n_mappings, 2, "a module that nothing was recorded in is not written");
    tally_pprof_free(before);
    tally_pprof_free(after);
}

Test(export, many_libraries_have_bases_of_their_own) {
    enum { N = 600 };
    struct tally_module *modules = calloc(N, sizeof *modules);
    struct tally_function *functions = calloc(N, sizeof *functions);
    struct tally_context *contexts = calloc(N, sizeof *contexts);
    char(*paths)[32] = calloc(N, sizeof *paths);
    for (size_t i = 0; i < N; i++) {
        uint64_t bias = LIB_BIAS + 0x100000 * ((i * 7) % N);
        snprintf(paths[i], sizeof paths[i], "/lib/lib%zu.so", i);
        modules[i] =
            (struct tally_module){bias + 0x1000, bias + 0x2000, 0x1000, bias, paths[i], ""};
        functions[i] = (struct tally_function){.source = &main_source, .address = AT(bias, 0x1800)};
        contexts[i] =
            (struct tally_context){&functions[i], TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0};
    }
    struct tally_snapshot snapshot = make_snapshot(contexts, N);
    snapshot.modules = modules;
    snapshot.n_modules = N;
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->n_mappings, N + 1, "and the executable, which is not among them");
    cr_assert_str_eq(profile->mappings[0]->filename, "/app/demo");
    for (size_t i = 0; i < profile->n_locations; i++) {
        const struct tally_pprof_location *location = profile->locations[i];
        cr_assert_eq(location->address & 0xffffffffff, 0x1800);
        cr_assert_lt(location->address, UINT64_C(1) << 53);
        cr_assert_eq(location->mapping->memory_start, location->address - 0x800);
    }
    cr_assert(has_unique_addresses(profile));
    tally_pprof_free(profile);
    free(modules);
    free(functions);
    free(contexts);
    free(paths);
}

Test(export, a_program_at_a_fixed_address_keeps_it) {
    const struct tally_module fixed = {0x401000, 0x500000, 0x1000, 0, "/app/demo", ""};
    const struct tally_function function = {.source = &main_source, .address = AT(0, 0x402000)};
    const struct tally_context contexts[] = {
        {&function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0}};
    struct tally_snapshot snapshot = make_snapshot(contexts, 1);
    snapshot.modules = &fixed;
    snapshot.n_modules = 1;
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->locations[0]->address, 0x402000);
    cr_assert_eq(profile->mappings[0]->memory_start, 0x401000);
    tally_pprof_free(profile);
}

Test(export, places_that_claim_one_address_get_the_next_free_one) {
    /* Two functions at one address, and one whose sites reach into the next function. */
    const struct tally_function first = {&main_source,
                                         AT(APP_BIAS, 0x2000),
                                         main_scopes,
                                         main_sites,
                                         main_counters,
                                         3,
                                         4,
                                         2,
                                         0,
                                         0,
                                         0};
    const struct tally_function second = {&work_source,
                                          AT(APP_BIAS, 0x2000),
                                          work_scopes,
                                          work_sites,
                                          work_counters,
                                          2,
                                          1,
                                          1,
                                          0,
                                          0,
                                          0};
    const struct tally_function third = {.source = &inline_a_source,
                                         .address = AT(APP_BIAS, 0x2003)};
    const uint64_t counters[] = {5};
    const struct tally_context contexts[] = {
        {&first, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 10, NULL, 0, 0},
        {&second, 0, 0, 2, 20, counters, 0, 0},
        {&second, 0, 1, 3, 30, NULL, 0, 0},
        {&third, 1, 0, 4, 40, NULL, 0, 0},
        {&third, 0, 2, 6, 60, NULL, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    char *stacks = dump_stacks(profile);
    cr_assert_str_eq(stacks, "inline_a:30 < inline_a:32 ^ main:14 = 6 60\n"
                             "inline_a:30 < ns::work:22 < main:12 = 4 40\n"
                             "main:10 = 1 10\n"
                             "ns::work:20 < main:12 = 2 20\n"
                             "ns::work:20 < main:13 = 3 30\n"
                             "ns::work:20 ^ ns::work:23 < main:12 = 5 0\n");
    cr_assert(has_unique_addresses(profile));
    free(stacks);
    tally_pprof_free(profile);
}

Test(export, a_function_without_an_address) {
    const struct tally_source collapsed = {"[contexts beyond the memory limit]", "", "", 0, 0};
    const struct tally_function function = {.source = &collapsed};
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
        {&function, 0, TALLY_NO_INDEX, 5, 6, NULL, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, 2);
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    char *stacks = dump_stacks(profile);
    cr_assert_str_eq(stacks, "[contexts beyond the memory limit]:0 < main:10 = 5 6\n"
                             "main:10 = 1 1\n");
    cr_assert(has_unique_addresses(profile));
    cr_assert(profile->mappings[0]->has_line_numbers);
    free(stacks);
    tally_pprof_free(profile);
}

Test(export, mappings_say_where_symbols_are_missing) {
    const struct tally_function bare_lib = {.address = AT(LIB_BIAS, 0x7000)};
    const struct tally_context contexts[] = {
        {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0},
        {&bare_lib, 0, 0, 2, 20, NULL, APP_BIAS + 0x2010, 0},
        {&lib_function, 1, TALLY_NO_INDEX, 2, 20, NULL, 0, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    const struct tally_pprof_mapping *app = profile->mappings[0], *lib = profile->mappings[1];
    cr_assert(app->has_functions && app->has_filenames && app->has_line_numbers);
    cr_assert(!lib->has_functions && !lib->has_filenames && !lib->has_line_numbers &&
              !lib->has_inline_frames);
    tally_pprof_free(profile);
}

Test(export, without_debug_information_there_are_functions_and_no_lines) {
    const struct tally_source source = {"f", "f", "", 0, 0};
    const struct tally_function function = {.source = &source, .address = AT(APP_BIAS, 0x2000)};
    const struct tally_context contexts[] = {
        {&function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0}};
    struct tally_snapshot snapshot = make_snapshot(contexts, 1);
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    const struct tally_pprof_mapping *app = profile->mappings[0];
    cr_assert(app->has_functions && !app->has_filenames && !app->has_line_numbers &&
              !app->has_inline_frames);
    tally_pprof_free(profile);
}

/* ---- errors ---- */

static int export_to(const char *path, const struct tally_snapshot *snapshot,
                     struct counting *counting) {
    struct tally_allocator allocator = counting_allocator(counting);
    int fd = open(path, O_RDONLY | O_DIRECTORY);
    int error = tally_export(snapshot, fd, &allocator);
    close(fd);
    cr_assert_eq(counting->live, 0, "memory is given back");
    return error;
}

/* Each allocation fails once. */
static size_t run_out_of_memory(const struct tally_snapshot *snapshot) {
    for (size_t fail_at = 1;; fail_at++) {
        struct counting counting = {.fail_at = fail_at};
        char *directory = make_directory();
        int error = export_to(directory, snapshot, &counting);
        remove_directory(directory);
        if (counting.calls < fail_at) {
            cr_assert_eq(error, 0);
            return fail_at;
        }
        cr_assert_eq(error, -ENOMEM, "allocation %zu", fail_at);
    }
}

Test(export, memory_that_runs_out) {
    size_t size_bytes;
    void *memory;
    struct tally_snapshot snapshot = make_large_snapshot(2000, 300, 1, &size_bytes, &memory);
    cr_assert_gt(run_out_of_memory(&snapshot), 20);
    free(memory);
}

Test(export, memory_that_runs_out_for_bare_functions) {
    const struct tally_function caller = {.address = AT(APP_BIAS, 0x6000)};
    const struct tally_function callee = {.address = AT(APP_BIAS, 0x7000)};
    const struct tally_context contexts[] = {
        {&caller, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 100, NULL, 0, 0},
        {&callee, 0, TALLY_NO_INDEX, 2, 20, NULL, APP_BIAS + 0x6010, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    run_out_of_memory(&snapshot);
}

Test(export, files_that_are_there_already) {
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    struct counting counting = {0};
    char *directory = make_directory(), *json = path_in(directory, "run.json");
    write_bytes(json, "", 0);
    cr_assert_eq(export_to(directory, &snapshot, &counting), -EEXIST);
    cr_assert_eq(export_to(directory, &snapshot, &counting), -EEXIST);
    free(json);
    remove_directory(directory);
}

Test(export, a_directory_that_is_none) {
    struct tally_snapshot snapshot = make_snapshot(NULL, 0);
    struct counting counting = {0};
    struct tally_allocator allocator = counting_allocator(&counting);
    cr_assert_eq(tally_export(&snapshot, -1, &allocator), -EBADF);
    cr_assert_eq(counting.live, 0);
}

Test(export, a_file_size_limit) {
    size_t size_bytes;
    void *memory;
    struct tally_snapshot snapshot = make_large_snapshot(20000, 300, 1, &size_bytes, &memory);
    struct counting counting = {0};
    char *directory = make_directory();
    struct rlimit limit = {4096, 4096};
    signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    int error = export_to(directory, &snapshot, &counting);
    cr_assert_eq(error, -EFBIG);
    remove_directory(directory);
    free(memory);
}

/* ---- size ---- */

Test(export, a_large_snapshot_adds_up) {
    size_t size_bytes;
    void *memory;
    struct tally_snapshot snapshot = make_large_snapshot(50000, 2000, 8, &size_bytes, &memory);
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    uint64_t calls = 0, wall_ns = 0, written_calls = 0, written_wall_ns = 0;
    for (size_t i = 0; i < snapshot.n_contexts; i++) {
        calls += snapshot.contexts[i].calls + snapshot.contexts[i].counters[0];
        wall_ns += snapshot.contexts[i].wall_ns;
    }
    for (size_t i = 0; i < profile->n_samples; i++) {
        written_calls += (uint64_t)profile->samples[i].values[0];
        written_wall_ns += (uint64_t)profile->samples[i].values[1];
    }
    cr_assert_eq(calls, written_calls);
    cr_assert_eq(wall_ns, written_wall_ns);
    tally_pprof_free(profile);
    free(memory);
}
