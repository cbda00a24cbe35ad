/*
 * test_hostile.c - broken and hostile bytes: each gets a status and one line, none does harm.
 *
 * Run under AddressSanitizer these tests also show that nothing is read out of bounds or leaked.
 */
#define _GNU_SOURCE /* stpcpy */

#include "random_profile.h"
#include "tally/pprof.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1
#define TYPE "\x0a\x04\x08\x01\x10\x02"
#define STRINGS                                                                                    \
    "\x32\x00"                                                                                     \
    "\x32\x05"                                                                                     \
    "calls"                                                                                        \
    "\x32\x05"                                                                                     \
    "count"
#define LOCATION_1 "\x22\x04\x08\x01\x18\x10"

static void expect(enum tally_pprof_status status, const uint8_t *bytes, size_t size,
                   const char *words) {
    /* A copy of just that size, so that a sanitizer sees any read beyond it. */
    uint8_t *copy = malloc(size);
    struct tally_pprof_error error;
    struct tally_pprof_profile *profile = (void *)copy;
    memcpy(copy, bytes, size);
    enum tally_pprof_status result = tally_pprof_decode(copy, size, &profile, &error);
    cr_assert_eq(result, status, "status %d: %s", result, error.message);
    cr_assert_eq(error.status, status);
    cr_assert_null(profile);
    cr_assert(strstr(error.message, words) != NULL, "\"%s\" does not say \"%s\"", error.message,
              words);
    cr_assert_null(strchr(error.message, '\n'));
    cr_assert_eq(tally_pprof_decode(copy, size, &profile, NULL), status);
    free(copy);
}

Test(hostile, nothing) {
    expect(TALLY_PPROF_EMPTY, BYTES(""), "empty");
}

Test(hostile, other_kinds_of_files) {
    expect(TALLY_PPROF_NOT_A_PROFILE,
           BYTES("\x7f"
                 "ELF\x02\x01\x01"),
           "not a pprof profile");
    expect(TALLY_PPROF_NOT_A_PROFILE, BYTES("hello, world\n"), "not a pprof profile");
    expect(TALLY_PPROF_NOT_A_PROFILE, BYTES("{\"json\": true}"), "not a pprof profile");
    expect(TALLY_PPROF_NOT_A_PROFILE, BYTES("\0\0\0\0\0\0\0\0"), "not a pprof profile");
    expect(TALLY_PPROF_NOT_A_PROFILE, BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
           "not a pprof profile");
    expect(TALLY_PPROF_NOT_A_PROFILE, BYTES("\x48\x01"), "neither sample types nor strings");
}

Test(hostile, cut_short) {
    expect(TALLY_PPROF_TRUNCATED, BYTES(TYPE "\x32"), "mid-field");
    expect(TALLY_PPROF_TRUNCATED,
           BYTES(TYPE "\x32\x05"
                      "cal"),
           "mid-field");
    expect(TALLY_PPROF_TRUNCATED, BYTES(TYPE "\x48\x80\x80"), "mid-field");
    expect(TALLY_PPROF_TRUNCATED,
           BYTES(TYPE "\xa1\x06"
                      "1234567"),
           "mid-field");
}

Test(hostile, a_length_far_beyond_the_end) {
    expect(TALLY_PPROF_TRUNCATED, BYTES(TYPE "\x32\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
           "mid-field");
    expect(TALLY_PPROF_TRUNCATED, BYTES(TYPE "\x12\xff\xff\xff\xff\x0f"), "mid-field");
}

Test(hostile, overlong_numbers) {
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE "\x48\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
           "broken field");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE "\x48\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
           "broken field");
    /* in a location's id */
    expect(TALLY_PPROF_CORRUPT,
           BYTES(TYPE STRINGS "\x22\x0c\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
           "broken Location");
}

Test(hostile, tags_that_do_not_exist) {
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE "\x00\x00"), "broken field");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE "\x33\x34"), "broken field"); /* groups */
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE "\x37\x00"), "broken field"); /* wire type 7 */
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE "\xf8\xff\xff\xff\xff\x01\x00"), "broken field");
}

Test(hostile, known_fields_of_another_type) {
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE "\x30\x05"), "broken field");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE "\x4a\x01\x05"), "broken field");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x6a\x01\x80"), "comments");
}

Test(hostile, broken_messages) {
    expect(TALLY_PPROF_CORRUPT, BYTES("\x0a\x01\x08" STRINGS), "broken ValueType");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x12\x02\x0a\x05"), "broken Sample");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x1a\x01\x08"), "broken Mapping");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x2a\x02\x08\x80"), "broken Function");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x22\x04\x08\x01\x22\x7f"), "broken Location");
}

Test(hostile, strings_beyond_the_table) {
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE), "string index 1 in a table of 0");
    expect(TALLY_PPROF_CORRUPT, BYTES("\x0a\x04\x08\x01\x10\x03" STRINGS),
           "string index 3 in a table of 3");
    expect(TALLY_PPROF_CORRUPT,
           BYTES("\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01" STRINGS),
           "string index -1 in a table of 3");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x70\x09"), "string index 9");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x68\x09"), "string index 9");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x38\x09"), "string index 9");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x40\x09"), "string index 9");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x78\x09"), "string index 9");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x5a\x02\x08\x09"), "string index 9");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x1a\x04\x08\x01\x28\x09"), "string index 9");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x2a\x04\x08\x01\x18\x09"), "string index 9");
    expect(TALLY_PPROF_CORRUPT,
           BYTES(TYPE STRINGS LOCATION_1 "\x12\x08\x08\x01\x10\x05\x1a\x02\x08\x09"),
           "string index 9");
}

Test(hostile, a_string_table_that_is_wrong) {
    expect(TALLY_PPROF_CORRUPT,
           BYTES("\x32\x05"
                 "calls" TYPE),
           "string 0 is not the empty one");
    expect(TALLY_PPROF_CORRUPT,
           BYTES(TYPE "\x32\x00\x32\x03"
                      "a\0b"
                      "\x32\x00"),
           "string 1 has a null byte");
}

Test(hostile, ids) {
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x22\x02\x18\x10"),
           "location has the reserved id 0");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x2a\x00"), "function has the reserved id 0");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x1a\x00"), "mapping has the reserved id 0");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS LOCATION_1 "\x22\x04\x08\x01\x18\x20"),
           "location id 1 occurs twice");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS LOCATION_1 LOCATION_1),
           "location id 1 occurs twice");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x2a\x02\x08\x63\x2a\x02\x08\x63"),
           "function id 99 occurs twice");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x1a\x02\x08\x01\x1a\x02\x08\x01"),
           "mapping id 1 occurs twice");
}

Test(hostile, references_to_what_is_not_there) {
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x22\x04\x08\x01\x10\x05"),
           "refers to mapping 5, which is missing");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x22\x06\x08\x01\x22\x02\x08\x07"),
           "refers to function 7, which is missing");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS "\x12\x04\x08\x01\x10\x05"),
           "refers to location 1, which is missing");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS LOCATION_1 "\x12\x04\x08\x00\x10\x05"),
           "refers to location 0, which is missing");
}

Test(hostile, samples_with_the_wrong_number_of_values) {
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS LOCATION_1 "\x12\x02\x08\x01"),
           "0 values, the profile 1 sample types");
    expect(TALLY_PPROF_CORRUPT, BYTES(TYPE STRINGS LOCATION_1 "\x12\x06\x08\x01\x10\x05\x10\x05"),
           "2 values, the profile 1 sample types");
    expect(TALLY_PPROF_CORRUPT, BYTES(STRINGS LOCATION_1 "\x12\x04\x08\x01\x10\x05"),
           "1 values, the profile 0 sample types");
}

Test(hostile, a_message_too_large_to_be_one) {
    const size_t size = (size_t)20 * 1024 * 1024;
    uint8_t *bytes = calloc(1, size);
    memcpy(bytes, TYPE "\x32\x80\x80\x80\x09", 11); /* 18 MiB of zeros as a string */
    expect(TALLY_PPROF_TOO_LARGE, bytes, 11 + (size_t)18 * 1024 * 1024,
           "field 6 has 18874368 bytes, more than 16777216");
    memcpy(bytes, TYPE "\x12\x80\x80\x80\x01", 11); /* 2 MiB of zeros as a sample */
    expect(TALLY_PPROF_TOO_LARGE, bytes, 11 + (size_t)2 * 1024 * 1024,
           "field 2 has 2097152 bytes, more than 1310720");
    free(bytes);
}

/* Adds a field that holds `head`, n times `item`, and `tail`; returns its end. */
static uint8_t *add_field(uint8_t *at, uint8_t tag, const char *head, const char *item, size_t n,
                          const char *tail) {
    *at++ = tag;
    for (size_t rest = strlen(head) + n * strlen(item) + strlen(tail); rest > 0; rest >>= 7)
        *at++ = (uint8_t)(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0);
    at = (uint8_t *)stpcpy((char *)at, head);
    for (size_t i = 0; i < n; i++)
        at = (uint8_t *)stpcpy((char *)at, item);
    return (uint8_t *)stpcpy((char *)at, tail);
}

Test(hostile, more_sample_types_than_anyone_has) {
    uint8_t *bytes = malloc(1 << 16), *at = bytes;
    for (int i = 0; i <= TALLY_PPROF_MOST_SAMPLE_TYPES; i++, at += sizeof TYPE - 1)
        memcpy(at, TYPE, sizeof TYPE - 1);
    memcpy(at, STRINGS, sizeof STRINGS - 1);
    expect(TALLY_PPROF_TOO_LARGE, bytes, (size_t)(at - bytes) + sizeof STRINGS - 1,
           "257 sample types, more than 256");
    free(bytes);
}

/* One location of so many inlined bodies. */
static uint8_t *begin_deep(uint8_t *bytes, size_t n_lines) {
    static const char head[] = TYPE STRINGS "\x2a\x02\x08\x01";
    memcpy(bytes, head, sizeof head - 1);
    return add_field(bytes + sizeof head - 1, 0x22, "\x08\x01", "\x22\x02\x08\x01", n_lines, "");
}

/* A sample with a stack of so many of it. */
static uint8_t *add_sample(uint8_t *at, size_t n_locations) {
    return add_field(at, 0x12, "", "\x08\x01", n_locations, "\x10\x01");
}

Test(hostile, a_stack_deeper_than_any) {
    uint8_t *bytes = malloc(1 << 20);
    uint8_t *end = add_sample(begin_deep(bytes, 1), 262145);
    expect(TALLY_PPROF_TOO_LARGE, bytes, (size_t)(end - bytes),
           "a stack of 262145 frames, more than 262144");
    end = add_sample(begin_deep(bytes, 1000), 263);
    expect(TALLY_PPROF_TOO_LARGE, bytes, (size_t)(end - bytes),
           "a stack of 263000 frames, more than 262144");
    free(bytes);
}

/* Few bytes a sample, but each of many frames. */
Test(hostile, more_frames_in_all_than_bytes_are_worth) {
    uint8_t *bytes = malloc(1 << 20), *end = begin_deep(bytes, 1000);
    for (int i = 0; i < 300; i++)
        end = add_sample(end, 65);
    expect(TALLY_PPROF_TOO_LARGE, bytes, (size_t)(end - bytes), "frames in all");
    free(bytes);
}

Test(hostile, a_line_without_a_function_is_read_and_found_invalid) {
    struct tally_pprof_profile *profile;
    cr_assert_eq(
        tally_pprof_decode(BYTES(TYPE STRINGS "\x22\x06\x08\x01\x22\x02\x10\x07"), &profile, NULL),
        TALLY_PPROF_OK);
    cr_assert_null(profile->locations[0]->lines[0].function);
    cr_assert_eq(tally_pprof_check(profile, NULL), TALLY_PPROF_INVALID);
    tally_pprof_free(profile);
}

/* ---- every cut and every flipped bit of real profiles ---- */

static void try_decode(const uint8_t *bytes, size_t size) {
    uint8_t *copy = malloc(size > 0 ? size : 1), *again;
    size_t again_size;
    struct tally_pprof_profile *profile;
    struct tally_pprof_error error;
    memcpy(copy, bytes, size);
    enum tally_pprof_status status = tally_pprof_decode(copy, size, &profile, &error);
    cr_assert_eq(error.status, status);
    cr_assert_eq(status == TALLY_PPROF_OK, profile != NULL);
    cr_assert_eq(status == TALLY_PPROF_OK, error.message[0] == '\0');
    cr_assert(status == TALLY_PPROF_OK || status == TALLY_PPROF_EMPTY ||
                  status == TALLY_PPROF_NOT_A_PROFILE || status == TALLY_PPROF_TRUNCATED ||
                  status == TALLY_PPROF_CORRUPT,
              "status %d: %s", status, error.message);
    if (profile != NULL && tally_pprof_check(profile, NULL) == TALLY_PPROF_OK) {
        cr_assert_eq(tally_pprof_encode(profile, &again, &again_size, NULL), TALLY_PPROF_OK);
        free(again);
    }
    tally_pprof_free(profile);
    free(copy);
}

Test(hostile, every_cut) {
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct tally_pprof_profile *profile = random_profile(seed, 8);
        uint8_t *bytes;
        size_t size;
        cr_assert_eq(tally_pprof_encode(profile, &bytes, &size, NULL), TALLY_PPROF_OK);
        for (size_t cut = 0; cut <= size; cut++)
            try_decode(bytes, cut);
        free(bytes);
        tally_pprof_free(profile);
    }
}

Test(hostile, every_flipped_bit) {
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct tally_pprof_profile *profile = random_profile(seed, 8);
        uint8_t *bytes;
        size_t size;
        cr_assert_eq(tally_pprof_encode(profile, &bytes, &size, NULL), TALLY_PPROF_OK);
        for (size_t bit = 0; bit < 8 * size; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
            try_decode(bytes, size);
            bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        free(bytes);
        tally_pprof_free(profile);
    }
}
