/*
 * test_export_timing.c - what a profile tells by timing: of each call, of a sample of calls, of
 * none.
 */
#include "dump.h"
#include "snapshots.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct tally_source caller_source = {"caller", "caller", "a.c", 10, 0};
static const struct tally_source callee_source = {"callee", "callee", "a.c", 20, 0};
static const struct tally_source inlined_source = {"inlined", "inlined", "a.c", 30, 0};
static const struct tally_scope caller_scopes[] = {{&caller_source, TALLY_NO_INDEX, 0},
                                                   {&inlined_source, 0, 12}};
static const struct tally_site caller_sites[] = {{0, 11}};
static const struct tally_counter caller_counters[] = {{1, 0}};
static const struct tally_function caller = {.source = &caller_source,
                                             .address = AT(APP_BIAS, 0x2000),
                                             .scopes = caller_scopes,
                                             .sites = caller_sites,
                                             .counters = caller_counters,
                                             .n_scopes = 2,
                                             .n_sites = 1,
                                             .n_counters = 1};
static const struct tally_function callee = {.source = &callee_source,
                                             .address = AT(APP_BIAS, 0x3000)};

static const uint64_t inlined_calls[] = {7};
static const struct tally_context contexts[] = {
    {&caller, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1000, inlined_calls, 0, 0},
    {&callee, 0, 0, 500, 60000, NULL, 0, 90000},
    {&callee, 0, 0, 30, 4000, NULL, 0, 10000}, /* the same stack: another copy's, for a reader */
};

/* Which sample types there are, the main one, what the comment says, and all stacks. */
static void expect_profile(enum tally_timing timing, const char *types, const char *main_type,
                           const char *comment, const char *stacks) {
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    snapshot.timing = timing;
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    char text[200] = "";
    for (size_t i = 0; i < profile->n_sample_types; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s/%s ",
                 profile->sample_types[i].type, profile->sample_types[i].unit);
    cr_assert_str_eq(text, types);
    int index = tally_pprof_sample_index(profile, main_type);
    cr_assert_str_eq(profile->default_sample_type, main_type);
    cr_assert_str_eq(profile->period_type.type, main_type);
    cr_assert_str_eq(profile->period_type.unit, profile->sample_types[index].unit);
    cr_assert_eq(profile->period, 1);
    cr_assert_eq(profile->n_comments, 1);
    cr_assert_str_eq(strchr(profile->comments[0], ':'), comment);
    char *dump = dump_stacks(profile);
    cr_assert_str_eq(dump, stacks);
    free(dump);
    tally_pprof_free(profile);
}

static void expect_exact(enum tally_timing timing) {
    expect_profile(timing, "calls/count wall/nanoseconds ", "wall",
                   ": every call is counted and timed, nothing is sampled.",
                   "callee:20 < caller:11 = 530 64000\n"
                   "caller:10 = 1 1000\n"
                   "inlined:30 ^ caller:12 = 7 0\n");
}

Test(export_timing, exact) {
    expect_exact(TALLY_TIMING_EXACT);
}

Test(export_timing, any_is_exact) {
    expect_exact(TALLY_TIMING_ANY);
}

Test(export_timing, adaptive_has_the_variance_of_its_estimates) {
    expect_profile(TALLY_TIMING_ADAPTIVE,
                   "calls/count wall/nanoseconds wall_variance/nanoseconds^2 ", "wall",
                   ": every call is counted; where many are short, a random sample of them is "
                   "timed, and their time estimated.",
                   "callee:20 < caller:11 = 530 64000 100000\n"
                   "caller:10 = 1 1000 0\n"
                   "inlined:30 ^ caller:12 = 7 0 0\n");
}

Test(export_timing, off_has_counts_only) {
    expect_profile(TALLY_TIMING_OFF, "calls/count ", "calls",
                   ": every call is counted, none is timed.",
                   "callee:20 < caller:11 = 530\n"
                   "caller:10 = 1\n"
                   "inlined:30 ^ caller:12 = 7\n");
}

Test(export_timing, off_leaves_out_what_has_time_only) {
    const struct tally_context timed[] = {
        {&caller, TALLY_NO_INDEX, TALLY_NO_INDEX, 0, 1000, NULL, 0, 0}};
    struct tally_snapshot snapshot = make_snapshot(timed, 1);
    snapshot.timing = TALLY_TIMING_OFF;
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->n_samples, 0);
    tally_pprof_free(profile);
}

Test(export_timing, a_variance_beyond_the_format_stops_at_its_end) {
    const struct tally_context wild[] = {
        {&callee, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 2, NULL, 0, UINT64_MAX}};
    struct tally_snapshot snapshot = make_snapshot(wild, 1);
    snapshot.timing = TALLY_TIMING_ADAPTIVE;
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->samples[0].values[2], INT64_MAX);
    tally_pprof_free(profile);
}

Test(export_timing, variances_add_up_when_profiles_are_merged) {
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    snapshot.timing = TALLY_TIMING_ADAPTIVE;
    struct tally_pprof_profile *profile = export_and_read(&snapshot), *merged;
    const struct tally_pprof_profile *both[] = {profile, profile};
    struct tally_pprof_error error;
    cr_assert_eq(tally_pprof_merge(both, 2, &merged, &error), TALLY_PPROF_OK, "%s", error.message);
    char *dump = dump_stacks(merged);
    cr_assert_str_eq(dump, "callee:20 < caller:11 = 1060 128000 200000\n"
                           "caller:10 = 2 2000 0\n"
                           "inlined:30 ^ caller:12 = 14 0 0\n");
    free(dump);
    tally_pprof_free(merged);
    tally_pprof_free(profile);
}

Test(export_timing, profiles_of_two_timings_are_not_merged) {
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    struct tally_pprof_profile *exact = export_and_read(&snapshot), *merged = NULL;
    snapshot.timing = TALLY_TIMING_OFF;
    struct tally_pprof_profile *off = export_and_read(&snapshot);
    const struct tally_pprof_profile *both[] = {exact, off};
    struct tally_pprof_error error;
    cr_assert_neq(tally_pprof_merge(both, 2, &merged, &error), TALLY_PPROF_OK);
    tally_pprof_free(exact);
    tally_pprof_free(off);
}
