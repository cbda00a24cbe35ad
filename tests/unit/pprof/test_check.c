/*
 * test_check.c - every rule of tally_pprof_check, each with a profile that breaks only it.
 */
#include "random_profile.h"
#include "tally/pprof.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct tally_pprof_profile *profile, *other;

static struct tally_pprof_profile *build(void) {
    struct tally_pprof_profile *made = tally_pprof_new();
    struct tally_pprof_mapping like = {.filename = "/bin/x", .memory_limit = 4096};
    tally_pprof_add_sample_type(made, "calls", "count");
    tally_pprof_add_sample_type(made, "wall", "nanoseconds");
    made->default_sample_type = tally_pprof_intern(made, "wall");
    const struct tally_pprof_mapping *mapping = tally_pprof_add_mapping(made, &like);
    struct tally_pprof_line lines[2] = {
        {.function = tally_pprof_add_function(made, "f", "f", "a.c", 1), .line = 2},
        {.function = tally_pprof_add_function(made, "g", "g", "a.c", 9), .line = 10},
    };
    const struct tally_pprof_location *stack[] = {
        tally_pprof_add_location(made, mapping, 16, lines, 2),
        tally_pprof_add_location(made, NULL, 32, NULL, 0)};
    struct tally_pprof_label label = {.key = "size", .num = 8, .num_unit = "bytes"};
    tally_pprof_add_sample(made, stack, 2, (int64_t[]){1, 2}, &label, 1);
    return made;
}

static void begin(void) {
    profile = build();
    other = build();
}

static void end(void) {
    tally_pprof_free(profile);
    tally_pprof_free(other);
}

TestSuite(check, .init = begin, .fini = end);

/* The model hands its parts out as constant; here they are broken on purpose. */
#define BREAK(type, pointer) ((type *)(uintptr_t)(pointer))

static void expect_invalid(const char *words) {
    struct tally_pprof_error error;
    cr_assert_eq(tally_pprof_check(profile, &error), TALLY_PPROF_INVALID);
    cr_assert_eq(error.status, TALLY_PPROF_INVALID);
    cr_assert(strstr(error.message, words) != NULL, "\"%s\" does not say \"%s\"", error.message,
              words);
    cr_assert_null(strchr(error.message, '\n'));
    cr_assert_eq(tally_pprof_check(profile, NULL), TALLY_PPROF_INVALID);
}

Test(check, a_good_profile_passes) {
    struct tally_pprof_error error;
    cr_assert_eq(tally_pprof_check(profile, &error), TALLY_PPROF_OK);
    cr_assert_eq(error.status, TALLY_PPROF_OK);
    cr_assert_str_eq(error.message, "");
}

Test(check, random_profiles_pass) {
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct tally_pprof_profile *random = random_profile(seed, 30);
        struct tally_pprof_error error;
        cr_assert_eq(tally_pprof_check(random, &error), TALLY_PPROF_OK, "%s", error.message);
        tally_pprof_free(random);
    }
}

Test(check, an_empty_default_sample_type_stands_for_the_last) {
    profile->default_sample_type = "";
    cr_assert_eq(tally_pprof_check(profile, NULL), TALLY_PPROF_OK);
}

Test(check, no_sample_types) {
    profile->n_sample_types = 0;
    expect_invalid("no sample types");
}

Test(check, a_sample_type_without_a_name) {
    profile->sample_types[0].type = "";
    expect_invalid("has no name");
}

Test(check, a_sample_type_twice) {
    profile->sample_types[0].type = "wall";
    expect_invalid("\"wall\" occurs twice");
}

Test(check, a_default_sample_type_that_is_not_there) {
    profile->default_sample_type = "cpu";
    expect_invalid("\"cpu\" is not among the sample types");
}

Test(check, a_missing_mapping) {
    profile->mappings[0] = NULL;
    expect_invalid("mapping 1 is missing");
}

Test(check, mapping_ids) {
    profile->mappings[0]->id = 0;
    expect_invalid("mapping 1");
}

Test(check, a_missing_function) {
    profile->functions[1] = NULL;
    expect_invalid("function 2 is missing");
}

Test(check, function_ids) {
    profile->functions[1]->id = 1;
    expect_invalid("function 2");
}

Test(check, a_missing_location) {
    profile->locations[0] = NULL;
    expect_invalid("location 1 is missing");
}

Test(check, location_ids) {
    profile->locations[1]->id = 1;
    expect_invalid("location 2");
}

Test(check, a_mapping_of_another_profile) {
    profile->locations[0]->mapping = other->mappings[0];
    expect_invalid("mapping of another profile");
}

Test(check, a_line_without_a_function) {
    BREAK(struct tally_pprof_line, profile->locations[0]->lines)[1].function = NULL;
    expect_invalid("line 1 of location 1 has no function");
}

Test(check, a_function_of_another_profile) {
    BREAK(struct tally_pprof_line, profile->locations[0]->lines)[0].function = other->functions[0];
    expect_invalid("function of another profile");
}

Test(check, a_sample_without_values) {
    profile->samples[0].values = NULL;
    expect_invalid("sample 0 has no values");
}

Test(check, a_frame_without_a_location) {
    BREAK(const struct tally_pprof_location *, profile->samples[0].locations)[1] = NULL;
    expect_invalid("frame 1 of sample 0 has no location");
}

Test(check, a_location_of_another_profile) {
    BREAK(const struct tally_pprof_location *, profile->samples[0].locations)
    [0] = other->locations[0];
    expect_invalid("location of another profile");
}

Test(check, a_label_that_is_both_string_and_number) {
    BREAK(struct tally_pprof_label, profile->samples[0].labels)[0].str = "eight";
    expect_invalid("both a string and a number");
}

Test(check, a_documentation_address_that_is_no_web_page) {
    profile->doc_url = "javascript:alert(1)";
    expect_invalid("doc_url");
    profile->doc_url = "http://example.org";
    cr_assert_eq(tally_pprof_check(profile, NULL), TALLY_PPROF_OK);
}

Test(check, quoted_text_stays_on_one_line) {
    profile->default_sample_type = "two\nlines";
    expect_invalid("two?lines");
}
