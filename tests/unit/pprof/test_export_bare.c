/*
 * test_export_bare.c - snapshots of functions that are known by their address alone: what stands
 * for their names, and whose each call is.
 */
#include "snapshots.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct tally_function bare_main = {.address = AT(APP_BIAS, 0x6000)};
static const struct tally_function bare_work = {.address = AT(APP_BIAS, 0x7000)};

/* Each sample, in the order of contexts: "address function < address function = calls". */
static void expect_bare_stacks(const struct tally_snapshot *snapshot, const char *expected) {
    struct tally_pprof_profile *profile = export_and_read(snapshot);
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < profile->n_samples; i++) {
        const struct tally_pprof_sample *sample = &profile->samples[i];
        for (size_t j = 0; j < sample->n_locations; j++) {
            const struct tally_pprof_location *location = sample->locations[j];
            cr_assert_eq(location->n_lines, 1);
            cr_assert_eq(location->lines[0].line, 0);
            fprintf(out, "%s%" PRIx64 " %s", j > 0 ? " < " : "", location->address,
                    location->lines[0].function->name);
        }
        fprintf(out, " = %" PRId64 "\n", sample->values[0]);
    }
    fclose(out);
    cr_assert_str_eq(text, expected, "%s", text);
    cr_assert(has_unique_addresses(profile));
    free(text);
    tally_pprof_free(profile);
}

#define MAIN_NAME "[demo+0x6000]"
#define WORK_NAME "[demo+0x7000]"

Test(export_bare, bare_functions_and_their_calls) {
    const struct tally_context contexts[] = {
        {&bare_main, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 100, NULL, LIB_BIAS + 0x1500, 0},
        {&bare_work, 0, TALLY_NO_INDEX, 2, 20, NULL, APP_BIAS + 0x6010, 0},
        {&bare_work, 0, TALLY_NO_INDEX, 3, 30, NULL, APP_BIAS + 0x6020, 0},
        {&bare_work, 0, TALLY_NO_INDEX, 4, 40, NULL, 0, 0},
        {&bare_work, 1, TALLY_NO_INDEX, 5, 50, NULL, APP_BIAS + 0x7010, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    expect_bare_stacks(&snapshot, "10000006000 " MAIN_NAME " = 1\n"
                                  "10000007000 " WORK_NAME " < 1000000600f " MAIN_NAME " = 2\n"
                                  "10000007000 " WORK_NAME " < 1000000601f " MAIN_NAME " = 3\n"
                                  "10000007000 " WORK_NAME " < 10000006000 " MAIN_NAME " = 4\n"
                                  "10000007000 " WORK_NAME " < 1000000700f " WORK_NAME
                                  " < 1000000600f " MAIN_NAME " = 5\n");
}

Test(export_bare, a_call_in_code_of_two_bare_functions) {
    /* work is inlined into main, and the compiler has made one call of both theirs. */
    const struct tally_context contexts[] = {
        {&bare_main, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 100, NULL, 0, 0},
        {&bare_work, 0, TALLY_NO_INDEX, 2, 20, NULL, 0, 0},
        {&bare_main, 0, TALLY_NO_INDEX, 3, 20, NULL, APP_BIAS + 0x6010, 0},
        {&bare_main, 1, TALLY_NO_INDEX, 4, 30, NULL, APP_BIAS + 0x6010, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    expect_bare_stacks(&snapshot, "10000006000 " MAIN_NAME " = 1\n"
                                  "10000007000 " WORK_NAME " < 10000006000 " MAIN_NAME " = 2\n"
                                  "10000006000 " MAIN_NAME " < 1000000600f " MAIN_NAME " = 3\n"
                                  "10000006000 " MAIN_NAME " < 1000000600e " WORK_NAME
                                  " < 10000006000 " MAIN_NAME " = 4\n");
}

Test(export_bare, a_bare_function_called_back_by_a_library) {
    /* As through qsort: where in the library the call came from is not where main stood. */
    const struct tally_context contexts[] = {
        {&bare_main, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 100, NULL, 0, 0},
        {&bare_work, 0, TALLY_NO_INDEX, 2, 20, NULL, LIB_BIAS + 0x3000, 0},
    };
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    expect_bare_stacks(&snapshot, "10000006000 " MAIN_NAME " = 1\n"
                                  "10000007000 " WORK_NAME " < 10000006000 " MAIN_NAME " = 2\n");
}

Test(export_bare, a_bare_function_in_no_file) {
    const struct tally_function made = {.address = AT(0x12345000, 0)};
    const struct tally_context contexts[] = {
        {&made, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1, NULL, 0, 0}};
    struct tally_snapshot snapshot = make_snapshot(contexts, 1);
    expect_bare_stacks(&snapshot, "12345000 0x12345000 = 1\n");
}
