/*
 * test_codec.c - what is encoded comes back, and what others encode differently is understood.
 */
#include "dump.h"
#include "profile.pb-c.h"
#include "random_profile.h"
#include "tally/pprof.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct tally_pprof_profile *decode(const uint8_t *bytes, size_t size) {
    struct tally_pprof_profile *profile;
    struct tally_pprof_error error;
    cr_assert_eq(tally_pprof_decode(bytes, size, &profile, &error), TALLY_PPROF_OK, "%s",
                 error.message);
    return profile;
}

static struct tally_pprof_profile *through_bytes(const struct tally_pprof_profile *profile) {
    uint8_t *bytes;
    size_t size;
    struct tally_pprof_error error;
    cr_assert_eq(tally_pprof_encode(profile, &bytes, &size, &error), TALLY_PPROF_OK, "%s",
                 error.message);
    struct tally_pprof_profile *back = decode(bytes, size);
    free(bytes);
    return back;
}

Test(codec, random_profiles_come_back_the_same) {
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct tally_pprof_profile *profile = random_profile(seed, seed % 70);
        struct tally_pprof_profile *back = through_bytes(profile);
        char *before = dump_profile(profile), *after = dump_profile(back);
        cr_assert_str_eq(before, after, "seed %d", (int)seed);
        free(before);
        free(after);
        tally_pprof_free(profile);
        tally_pprof_free(back);
    }
}

Test(codec, a_large_profile_comes_back_the_same) {
    struct tally_pprof_profile *profile = random_profile(99, 20000);
    struct tally_pprof_profile *back = through_bytes(profile);
    char *before = dump_profile(profile), *after = dump_profile(back);
    cr_assert(strcmp(before, after) == 0);
    free(before);
    free(after);
    tally_pprof_free(profile);
    tally_pprof_free(back);
}

Test(codec, a_profile_that_was_never_symbolised_survives) {
    struct tally_pprof_profile *profile = tally_pprof_new();
    struct tally_pprof_mapping like = {
        .memory_start = 4096, .memory_limit = 8192, .filename = "/x"};
    tally_pprof_add_sample_type(profile, "calls", "count");
    const struct tally_pprof_mapping *mapping = tally_pprof_add_mapping(profile, &like);
    const struct tally_pprof_location *stack[] = {
        tally_pprof_add_location(profile, mapping, 4100, NULL, 0),
        tally_pprof_add_location(profile, mapping, 4200, NULL, 0),
        tally_pprof_add_location(profile, NULL, UINT64_MAX, NULL, 0)};
    tally_pprof_add_sample(profile, stack, 3, (int64_t[]){12}, NULL, 0);
    struct tally_pprof_profile *back = through_bytes(profile);
    cr_assert_eq(back->n_locations, 3);
    cr_assert_eq(back->locations[0]->n_lines, 0);
    cr_assert_eq(back->locations[1]->address, 4200);
    cr_assert_eq(back->locations[2]->address, UINT64_MAX);
    cr_assert_null(back->locations[2]->mapping);
    cr_assert_eq(back->samples[0].values[0], 12);
    cr_assert_not(back->mappings[0]->has_functions);
    tally_pprof_free(profile);
    tally_pprof_free(back);
}

Test(codec, a_stack_as_deep_as_may_be_and_larger_than_every_buffer) {
    struct tally_pprof_profile *profile = tally_pprof_new();
    const size_t depth = TALLY_PPROF_MOST_FRAMES;
    const struct tally_pprof_location **stack = calloc(depth, sizeof(void *));
    tally_pprof_add_sample_type(profile, "calls", "count");
    for (size_t i = 0; i < depth; i++)
        stack[i] = tally_pprof_add_location(profile, NULL, 1 + i % 1000, NULL, 0);
    tally_pprof_add_sample(profile, stack, depth, (int64_t[]){1}, NULL, 0);
    struct tally_pprof_profile *back = through_bytes(profile);
    cr_assert_eq(back->samples[0].n_locations, depth);
    for (size_t i = 0; i < depth; i++)
        cr_assert_eq(back->samples[0].locations[i]->address, 1 + i % 1000);
    free(stack);
    tally_pprof_free(profile);
    tally_pprof_free(back);
}

Test(codec, the_default_sample_type_is_always_written) {
    struct tally_pprof_profile *profile = tally_pprof_new();
    tally_pprof_add_sample_type(profile, "calls", "count");
    tally_pprof_add_sample_type(profile, "wall", "nanoseconds");
    struct tally_pprof_profile *back = through_bytes(profile);
    cr_assert_str_eq(back->default_sample_type, "wall");
    tally_pprof_free(profile);
    tally_pprof_free(back);
}

Test(codec, bytes_that_are_not_utf8_are_replaced) {
    struct tally_pprof_profile *profile = tally_pprof_new();
    tally_pprof_add_sample_type(profile, "calls", "count");
    tally_pprof_add_comment(profile, "caf\xe9 \xff\xc0\xaf ok \xe2\x82");
    struct tally_pprof_profile *back = through_bytes(profile);
    cr_assert_str_eq(back->comments[0], "caf\uFFFD \uFFFD\uFFFD\uFFFD ok \uFFFD\uFFFD");
    tally_pprof_free(profile);
    tally_pprof_free(back);
}

/* ---- what other writers may do ---- */

static uint8_t buffer[4096];

static struct tally_pprof_profile *decode_message(const Perftools__Profiles__Profile *message) {
    cr_assert(perftools__profiles__profile__get_packed_size(message) <= sizeof buffer);
    return decode(buffer, perftools__profiles__profile__pack(message, buffer));
}

Test(codec, ids_may_be_any_numbers) {
    Perftools__Profiles__Profile message = PERFTOOLS__PROFILES__PROFILE__INIT;
    Perftools__Profiles__ValueType type = PERFTOOLS__PROFILES__VALUE_TYPE__INIT, *types[] = {&type};
    Perftools__Profiles__Function functions[3], *function_list[3];
    Perftools__Profiles__Line lines[3], *line_list[3];
    Perftools__Profiles__Location location = PERFTOOLS__PROFILES__LOCATION__INIT;
    Perftools__Profiles__Location *locations[] = {&location};
    Perftools__Profiles__Sample sample = PERFTOOLS__PROFILES__SAMPLE__INIT, *samples[] = {&sample};
    const uint64_t ids[3] = {UINT64_MAX, 2, 1000000007};
    char *strings[] = {"", "calls", "f", "g", "h"};
    for (int i = 0; i < 3; i++) {
        perftools__profiles__function__init(&functions[i]);
        functions[i].id = ids[i];
        functions[i].name = 2 + i;
        function_list[i] = &functions[i];
        perftools__profiles__line__init(&lines[i]);
        lines[i].function_id = ids[i];
        line_list[i] = &lines[i];
    }
    type.type = 1;
    location.id = 77;
    location.n_line = 3;
    location.line = line_list;
    sample.n_location_id = 1;
    sample.location_id = (uint64_t[]){77};
    sample.n_value = 1;
    sample.value = (int64_t[]){-5};
    message.n_sample_type = message.n_location = message.n_sample = 1;
    message.sample_type = types;
    message.location = locations;
    message.sample = samples;
    message.n_function = 3;
    message.function = function_list;
    message.n_string_table = 5;
    message.string_table = strings;
    struct tally_pprof_profile *profile = decode_message(&message);
    cr_assert_str_eq(profile->samples[0].locations[0]->lines[0].function->name, "f");
    cr_assert_str_eq(profile->samples[0].locations[0]->lines[1].function->name, "g");
    cr_assert_str_eq(profile->samples[0].locations[0]->lines[2].function->name, "h");
    cr_assert_eq(profile->samples[0].values[0], -5);
    cr_assert_eq(tally_pprof_check(profile, NULL), TALLY_PPROF_OK, "ids are given anew");
    tally_pprof_free(profile);
}

/* sample_type {1,2}; strings "", calls, count; location {id 1}; then a sample in several ways. */
#define START                                                                                      \
    "\x0a\x04\x08\x01\x10\x02"                                                                     \
    "\x32\x00"                                                                                     \
    "\x32\x05"                                                                                     \
    "calls"                                                                                        \
    "\x32\x05"                                                                                     \
    "count"
#define LOCATION_1 "\x22\x04\x08\x01\x18\x10"
#define LOCATION_2 "\x22\x04\x08\x02\x18\x20"
#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

static void expect_stacks(const uint8_t *bytes, size_t size, const char *expected) {
    struct tally_pprof_profile *profile = decode(bytes, size);
    char *stacks = dump_stacks(profile);
    cr_assert_str_eq(stacks, expected);
    free(stacks);
    tally_pprof_free(profile);
}

Test(codec, lists_of_numbers_may_be_packed_or_not) {
    expect_stacks(BYTES(START LOCATION_1 LOCATION_2 "\x12\x07\x0a\x02\x01\x02\x12\x01\x05"),
                  "10 < 20 = 5\n");
    expect_stacks(BYTES(START LOCATION_1 LOCATION_2 "\x12\x06\x08\x01\x08\x02\x10\x05"),
                  "10 < 20 = 5\n");
    expect_stacks(BYTES(START LOCATION_1 LOCATION_2 "\x12\x07\x0a\x01\x01\x08\x02\x10\x05"),
                  "10 < 20 = 5\n");
}

Test(codec, fields_may_stand_in_any_order) {
    expect_stacks(BYTES("\x12\x04\x08\x01\x10\x05" LOCATION_1 START), "10 = 5\n");
}

Test(codec, unknown_fields_are_skipped) {
    expect_stacks(BYTES(START "\xa2\x06\x03xyz"
                              "\xa0\x06\x01"
                              "\xa1\x06"
                              "12345678"
                              "\xa5\x06"
                              "1234" LOCATION_1 "\x12\x0a\x08\x01\x10\x05\xa2\x06\x03xyz"),
                  "10 = 5\n");
}

Test(codec, comments_may_be_packed_or_not) {
    struct tally_pprof_profile *packed = decode(BYTES(START "\x6a\x02\x01\x02"));
    struct tally_pprof_profile *single = decode(BYTES(START "\x68\x01\x68\x02"));
    cr_assert_eq(packed->n_comments, 2);
    cr_assert_eq(single->n_comments, 2);
    cr_assert_str_eq(packed->comments[1], "count");
    cr_assert_str_eq(single->comments[1], "count");
    tally_pprof_free(packed);
    tally_pprof_free(single);
}

Test(codec, locations_of_equal_contents_become_one) {
    struct tally_pprof_profile *profile =
        decode(BYTES(START LOCATION_1 "\x22\x04\x08\x09\x18\x10"
                                      "\x12\x04\x08\x01\x10\x05"
                                      "\x12\x04\x08\x09\x10\x07"));
    cr_assert_eq(profile->n_locations, 1);
    cr_assert_eq(profile->n_samples, 1);
    cr_assert_eq(profile->samples[0].values[0], 12);
    tally_pprof_free(profile);
}

Test(codec, a_string_label_of_zero_number_and_a_number_label_differ) {
    /* label {key 1, str 2}; label {key 1, num 0} */
    struct tally_pprof_profile *profile = decode(
        BYTES(START LOCATION_1 "\x12\x0e\x08\x01\x10\x05\x1a\x04\x08\x01\x10\x02\x1a\x02\x08\x01"));
    cr_assert_eq(profile->samples[0].n_labels, 2);
    cr_assert_str_eq(profile->samples[0].labels[0].str, "count");
    cr_assert_null(profile->samples[0].labels[1].str);
    tally_pprof_free(profile);
}
