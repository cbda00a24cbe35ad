/*
 * test_merge.c - the sum of profiles.
 */
#include "dump.h"
#include "random_profile.h"
#include "tally/pprof.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A run of one program: its mapping starts at `start`, f is called from main `calls` times. */
static struct tally_pprof_profile *run(uint64_t start, int64_t calls, const char *build_id) {
    struct tally_pprof_profile *made = tally_pprof_new();
    struct tally_pprof_mapping like = {.filename = "/bin/x",
                                       .build_id = build_id,
                                       .memory_start = start,
                                       .memory_limit = start + 8192,
                                       .has_functions = true};
    tally_pprof_add_sample_type(made, "calls", "count");
    tally_pprof_add_sample_type(made, "wall", "nanoseconds");
    made->period_type = (struct tally_pprof_value_type){tally_pprof_intern(made, "wall"),
                                                        tally_pprof_intern(made, "nanoseconds")};
    const struct tally_pprof_mapping *mapping = tally_pprof_add_mapping(made, &like);
    struct tally_pprof_line lines[2] = {
        {.function = tally_pprof_add_function(made, "f", "f", "a.c", 1), .line = 2},
        {.function = tally_pprof_add_function(made, "main", "main", "a.c", 9), .line = 10},
    };
    const struct tally_pprof_location *stack[] = {
        tally_pprof_add_location(made, mapping, start + 16, &lines[0], 1),
        tally_pprof_add_location(made, mapping, start + 32, &lines[1], 1)};
    tally_pprof_add_sample(made, stack, 2, (int64_t[]){calls, 10 * calls}, NULL, 0);
    tally_pprof_add_comment(made, "a run");
    return made;
}

static struct tally_pprof_profile *merge_two(struct tally_pprof_profile *a,
                                             struct tally_pprof_profile *b) {
    const struct tally_pprof_profile *both[] = {a, b};
    struct tally_pprof_profile *merged;
    struct tally_pprof_error error;
    cr_assert_eq(tally_pprof_merge(both, 2, &merged, &error), TALLY_PPROF_OK, "%s", error.message);
    cr_assert_eq(tally_pprof_check(merged, &error), TALLY_PPROF_OK, "%s", error.message);
    tally_pprof_free(a);
    tally_pprof_free(b);
    return merged;
}

Test(merge, equal_stacks_of_a_program_that_was_loaded_elsewhere) {
    struct tally_pprof_profile *merged = merge_two(run(0x1000, 3, "id"), run(0x7000, 4, "id"));
    char *stacks = dump_stacks(merged);
    cr_assert_str_eq(stacks, "f:2 < main:10 = 7 70\n");
    cr_assert_eq(merged->n_mappings, 1);
    cr_assert_eq(merged->n_locations, 2);
    cr_assert_eq(merged->n_functions, 2);
    cr_assert_eq(merged->n_comments, 1, "equal comments stand once");
    cr_assert_eq(merged->locations[0]->address, 0x1010);
    free(stacks);
    tally_pprof_free(merged);
}

Test(merge, builds_of_different_ids_stay_apart) {
    struct tally_pprof_profile *merged = merge_two(run(0x1000, 3, "id"), run(0x7000, 4, "other"));
    cr_assert_eq(merged->n_mappings, 2);
    cr_assert_eq(merged->n_locations, 4);
    cr_assert_eq(merged->n_functions, 2);
    cr_assert_eq(merged->n_samples, 2);
    tally_pprof_free(merged);
}

Test(merge, without_build_ids_the_file_name_decides) {
    struct tally_pprof_profile *merged = merge_two(run(0x1000, 3, ""), run(0x7000, 4, ""));
    cr_assert_eq(merged->n_mappings, 1);
    cr_assert_eq(merged->samples[0].values[0], 7);
    tally_pprof_free(merged);
}

Test(merge, a_mapping_is_symbolised_only_if_it_is_in_both) {
    struct tally_pprof_profile *bare = run(0x7000, 4, "id");
    bare->mappings[0]->has_functions = false;
    struct tally_pprof_profile *merged = merge_two(run(0x1000, 3, "id"), bare);
    cr_assert_not(merged->mappings[0]->has_functions);
    tally_pprof_free(merged);
}

Test(merge, times_and_periods) {
    struct tally_pprof_profile *a = run(0, 1, ""), *b = run(0, 1, "");
    a->time_ns = 500;
    b->time_ns = 400;
    a->duration_ns = 7;
    b->duration_ns = INT64_MAX - 3;
    a->period = 1;
    b->period = 5;
    b->doc_url = tally_pprof_intern(b, "http://b");
    struct tally_pprof_profile *merged = merge_two(a, b);
    cr_assert_eq(merged->time_ns, 400);
    cr_assert_eq(merged->duration_ns, INT64_MAX);
    cr_assert_eq(merged->period, 5);
    cr_assert_str_eq(merged->doc_url, "http://b");
    tally_pprof_free(merged);
}

Test(merge, an_unknown_start_time_does_not_count) {
    struct tally_pprof_profile *a = run(0, 1, ""), *b = run(0, 1, "");
    b->time_ns = 400;
    struct tally_pprof_profile *merged = merge_two(a, b);
    cr_assert_eq(merged->time_ns, 400);
    tally_pprof_free(merged);
}

Test(merge, samples_that_are_all_zero_stay) {
    struct tally_pprof_profile *merged = merge_two(run(0, 0, ""), run(0, 0, ""));
    cr_assert_eq(merged->n_samples, 1);
    tally_pprof_free(merged);
}

Test(merge, one_profile_is_its_own_sum) {
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct tally_pprof_profile *one = random_profile(seed, 40), *merged;
        const struct tally_pprof_profile *list[] = {one};
        cr_assert_eq(tally_pprof_merge(list, 1, &merged, NULL), TALLY_PPROF_OK);
        char *before = dump_profile(one), *after = dump_profile(merged);
        cr_assert_str_eq(before, after);
        free(before);
        free(after);
        tally_pprof_free(one);
        tally_pprof_free(merged);
    }
}

Test(merge, twice_the_same_doubles_every_value) {
    struct tally_pprof_profile *one = random_profile(7, 60), *merged;
    const struct tally_pprof_profile *list[] = {one, one};
    for (size_t i = 0; i < one->n_samples; i++)
        for (size_t j = 0; j < one->n_sample_types; j++)
            one->samples[i].values[j] = (int64_t)(i * 10 + j);
    cr_assert_eq(tally_pprof_merge(list, 2, &merged, NULL), TALLY_PPROF_OK);
    cr_assert_eq(merged->n_samples, one->n_samples);
    for (size_t i = 0; i < one->n_samples; i++)
        for (size_t j = 0; j < one->n_sample_types; j++)
            cr_assert_eq(merged->samples[i].values[j], 2 * one->samples[i].values[j]);
    tally_pprof_free(one);
    tally_pprof_free(merged);
}

static void expect_incompatible(struct tally_pprof_profile *a, struct tally_pprof_profile *b,
                                const char *words) {
    const struct tally_pprof_profile *both[] = {a, b};
    struct tally_pprof_profile *merged = a;
    struct tally_pprof_error error;
    cr_assert_eq(tally_pprof_merge(both, 2, &merged, &error), TALLY_PPROF_INCOMPATIBLE);
    cr_assert_null(merged);
    cr_assert(strstr(error.message, words) != NULL, "%s", error.message);
    tally_pprof_free(a);
    tally_pprof_free(b);
}

Test(merge, other_sample_types) {
    struct tally_pprof_profile *more = run(0, 1, ""), *named = run(0, 1, ""), *unit = run(0, 1, "");
    tally_pprof_add_sample_type(more, "cpu", "nanoseconds");
    expect_incompatible(run(0, 1, ""), more, "2 sample types and profile 2 has 3");
    named->sample_types[0].type = "alloc_space";
    expect_incompatible(run(0, 1, ""), named, "calls/count in profile 1 and alloc_space/count");
    unit->sample_types[1].unit = "seconds";
    expect_incompatible(run(0, 1, ""), unit, "wall/nanoseconds in profile 1 and wall/seconds");
}

Test(merge, another_period) {
    struct tally_pprof_profile *cpu = run(0, 1, "");
    cpu->period_type.type = "cpu";
    expect_incompatible(run(0, 1, ""), cpu, "period");
}

Test(merge, nothing) {
    struct tally_pprof_profile *merged;
    cr_assert_eq(tally_pprof_merge(NULL, 0, &merged, NULL), TALLY_PPROF_INCOMPATIBLE);
    cr_assert_null(merged);
}
