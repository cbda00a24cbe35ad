/*
 * test_model.c - building profiles: interning, and what counts as the same.
 */
#include "random_profile.h"
#include "tally/pprof.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct tally_pprof_profile *profile;
static const struct tally_pprof_function *f, *g;
static const struct tally_pprof_location *in_f, *in_g;

static void begin(void) {
    profile = tally_pprof_new();
    tally_pprof_add_sample_type(profile, "calls", "count");
    tally_pprof_add_sample_type(profile, "wall", "nanoseconds");
    f = tally_pprof_add_function(profile, "f", "f", "a.c", 1);
    g = tally_pprof_add_function(profile, "g", "g", "a.c", 20);
    in_f = tally_pprof_add_location(profile, NULL, 16,
                                    &(struct tally_pprof_line){.function = f, .line = 2}, 1);
    in_g = tally_pprof_add_location(profile, NULL, 32,
                                    &(struct tally_pprof_line){.function = g, .line = 21}, 1);
}

static void end(void) {
    tally_pprof_free(profile);
}

TestSuite(model, .init = begin, .fini = end);

Test(model, a_new_profile_is_empty_and_has_no_null_strings) {
    struct tally_pprof_profile *empty = tally_pprof_new();
    cr_assert_eq(empty->n_sample_types + empty->n_samples + empty->n_mappings + empty->n_locations +
                     empty->n_functions + empty->n_comments,
                 0);
    cr_assert_str_eq(empty->default_sample_type, "");
    cr_assert_str_eq(empty->drop_frames, "");
    cr_assert_str_eq(empty->keep_frames, "");
    cr_assert_str_eq(empty->doc_url, "");
    cr_assert_str_eq(empty->period_type.type, "");
    tally_pprof_free(empty);
    tally_pprof_free(NULL);
}

Test(model, equal_strings_are_one_copy) {
    char text[] = "hello";
    const char *first = tally_pprof_intern(profile, text);
    cr_assert_neq(first, (const char *)text, "interned strings are copies");
    text[0] = 'j';
    cr_assert_str_eq(first, "hello");
    cr_assert_eq(first, tally_pprof_intern(profile, "hello"));
    cr_assert_neq(first, tally_pprof_intern(profile, "hell"));
    cr_assert_neq(first, tally_pprof_intern(profile, "hello!"));
    cr_assert_eq(tally_pprof_intern(profile, NULL), tally_pprof_intern(profile, ""));
}

Test(model, many_strings_stay_where_they_are) {
    const char *kept[5000];
    char text[32];
    for (int i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "string %d", i);
        kept[i] = tally_pprof_intern(profile, text);
    }
    for (int i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "string %d", i);
        cr_assert_str_eq(kept[i], text);
        cr_assert_eq(kept[i], tally_pprof_intern(profile, text));
    }
}

Test(model, ids_run_from_one) {
    cr_assert_eq(f->id, 1);
    cr_assert_eq(g->id, 2);
    cr_assert_eq(in_f->id, 1);
    cr_assert_eq(in_g->id, 2);
    struct tally_pprof_mapping like = {.id = 77, .filename = "/bin/x", .build_id = NULL};
    cr_assert_eq(tally_pprof_add_mapping(profile, &like)->id, 1);
    cr_assert_eq(tally_pprof_add_mapping(profile, &like)->id, 2);
    cr_assert_str_eq(profile->mappings[0]->build_id, "");
}

Test(model, a_function_is_told_by_all_four_fields) {
    cr_assert_eq(tally_pprof_add_function(profile, "f", "f", "a.c", 1), f);
    cr_assert_eq(profile->n_functions, 2);
    cr_assert_neq(tally_pprof_add_function(profile, "F", "f", "a.c", 1), f);
    cr_assert_neq(tally_pprof_add_function(profile, "f", "F", "a.c", 1), f);
    cr_assert_neq(tally_pprof_add_function(profile, "f", "f", "b.c", 1), f);
    cr_assert_neq(tally_pprof_add_function(profile, "f", "f", "a.c", 2), f);
    cr_assert_eq(profile->n_functions, 6);
}

Test(model, a_location_is_told_by_mapping_address_and_lines) {
    struct tally_pprof_mapping like = {.filename = "/bin/x"};
    const struct tally_pprof_mapping *mapping = tally_pprof_add_mapping(profile, &like);
    struct tally_pprof_line lines[2] = {{.function = f, .line = 2}, {.function = g, .line = 21}};
    cr_assert_eq(tally_pprof_add_location(profile, NULL, 16, lines, 1), in_f);
    cr_assert_eq(profile->n_locations, 2);
    cr_assert_neq(tally_pprof_add_location(profile, mapping, 16, lines, 1), in_f);
    cr_assert_neq(tally_pprof_add_location(profile, NULL, 17, lines, 1), in_f);
    cr_assert_neq(tally_pprof_add_location(profile, NULL, 16, lines, 2), in_f);
    cr_assert_neq(tally_pprof_add_location(profile, NULL, 16, NULL, 0), in_f);
    lines[0].line = 3;
    cr_assert_neq(tally_pprof_add_location(profile, NULL, 16, lines, 1), in_f);
    lines[0].line = 2;
    lines[0].column = 5;
    cr_assert_neq(tally_pprof_add_location(profile, NULL, 16, lines, 1), in_f);
    cr_assert_eq(profile->n_locations, 8);
}

Test(model, samples_with_equal_stacks_are_added_up) {
    const struct tally_pprof_location *stack[] = {in_g, in_f}, *turned[] = {in_f, in_g};
    cr_assert(tally_pprof_add_sample(profile, stack, 2, (int64_t[]){1, 100}, NULL, 0));
    cr_assert(tally_pprof_add_sample(profile, stack, 2, (int64_t[]){2, 50}, NULL, 0));
    cr_assert(tally_pprof_add_sample(profile, turned, 2, (int64_t[]){5, 5}, NULL, 0));
    cr_assert(tally_pprof_add_sample(profile, stack, 1, (int64_t[]){7, 7}, NULL, 0));
    cr_assert(tally_pprof_add_sample(profile, NULL, 0, (int64_t[]){9, 9}, NULL, 0));
    cr_assert_eq(profile->n_samples, 4);
    cr_assert_eq(profile->samples[0].values[0], 3);
    cr_assert_eq(profile->samples[0].values[1], 150);
}

Test(model, labels_tell_samples_apart) {
    const struct tally_pprof_location *stack[] = {in_f};
    struct tally_pprof_label labels[] = {
        {.key = "thread", .str = "main"},
        {.key = "thread", .str = "worker"},
        {.key = "bytes", .num = 16, .num_unit = "bytes"},
        {.key = "bytes", .num = 32, .num_unit = "bytes"},
        {.key = "bytes", .num = 16, .num_unit = "kib"},
    };
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < 5; i++)
            cr_assert(tally_pprof_add_sample(profile, stack, 1, (int64_t[]){1, 0}, &labels[i], 1));
    cr_assert_eq(profile->n_samples, 5);
    for (size_t i = 0; i < 5; i++)
        cr_assert_eq(profile->samples[i].values[0], 2);
    cr_assert_null(profile->samples[2].labels[0].str);
}

Test(model, sums_stop_at_the_ends_of_the_range) {
    const struct tally_pprof_location *stack[] = {in_f};
    for (int i = 0; i < 3; i++)
        tally_pprof_add_sample(profile, stack, 1, (int64_t[]){INT64_MAX - 1, INT64_MIN + 1}, NULL,
                               0);
    cr_assert_eq(profile->samples[0].values[0], INT64_MAX);
    cr_assert_eq(profile->samples[0].values[1], INT64_MIN);
}

Test(model, the_default_sample_type_is_the_named_or_the_last_one) {
    cr_assert_eq(tally_pprof_sample_index(profile, "calls"), 0);
    cr_assert_eq(tally_pprof_sample_index(profile, "wall"), 1);
    cr_assert_eq(tally_pprof_sample_index(profile, "cpu"), -1);
    cr_assert_eq(tally_pprof_sample_index(profile, NULL), 1);
    profile->default_sample_type = tally_pprof_intern(profile, "calls");
    cr_assert_eq(tally_pprof_sample_index(profile, NULL), 0);
    struct tally_pprof_profile *empty = tally_pprof_new();
    cr_assert_eq(tally_pprof_sample_index(empty, NULL), -1);
    tally_pprof_free(empty);
}

Test(model, a_hundred_thousand_samples_are_found_again) {
    uint64_t state = 42;
    for (int round = 0; round < 2; round++) {
        state = 42;
        for (int i = 0; i < 100000; i++) {
            uint64_t address = next_random(&state);
            const struct tally_pprof_location *stack[] = {
                tally_pprof_add_location(profile, NULL, address, NULL, 0), in_f};
            tally_pprof_add_sample(profile, stack, 2, (int64_t[]){1, 1}, NULL, 0);
        }
        cr_assert_eq(profile->n_samples, 100000);
        cr_assert_eq(profile->n_locations, 100002);
    }
    cr_assert_eq(profile->samples[99999].values[0], 2);
}
