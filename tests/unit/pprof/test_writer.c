/*
 * test_writer.c - the streaming writer by itself, and the hash table below it.
 */
#include "bytes.h"
#include "gzip.h"
#include "memory.h"
#include "random_profile.h"
#include "snapshots.h"
#include "tally/pprof.h"
#include "writer.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int full(void *context, const void *bytes, size_t size) {
    (void)bytes;
    size_t *room = context;
    if (size > *room)
        return -ENOSPC;
    *room -= size;
    return 0;
}

static void put_profile(struct tli_writer *writer, size_t n_samples) {
    Perftools__Profiles__ValueType type = PERFTOOLS__PROFILES__VALUE_TYPE__INIT, *types[] = {&type};
    Perftools__Profiles__Profile header = PERFTOOLS__PROFILES__PROFILE__INIT;
    Perftools__Profiles__Location location = PERFTOOLS__PROFILES__LOCATION__INIT;
    Perftools__Profiles__Sample sample = PERFTOOLS__PROFILES__SAMPLE__INIT;
    type.type = tli_writer_string(writer, "calls");
    type.unit = tli_writer_string(writer, "count");
    header.n_sample_type = 1;
    header.sample_type = types;
    tli_writer_put_header(writer, &header);
    sample.n_location_id = sample.n_value = 1;
    for (size_t i = 0; i < n_samples; i++) {
        location.id = i + 1;
        location.address = i + 1;
        tli_writer_put_location(writer, &location);
        sample.location_id = (uint64_t[]){i + 1};
        sample.value = (int64_t[]){(int64_t)i};
        tli_writer_put_sample(writer, &sample);
    }
}

Test(writer, streams_what_the_decoder_reads) {
    struct tli_bytes bytes = {.limit = SIZE_MAX};
    struct tli_writer writer;
    struct tally_pprof_profile *profile;
    struct tally_pprof_error error;
    tli_writer_begin(&writer, &tli_malloc_allocator, tli_bytes_sink(&bytes));
    put_profile(&writer, 50000);
    cr_assert_eq(tli_writer_finish(&writer), 0);
    tli_writer_end(&writer);
    cr_assert_eq(tally_pprof_decode(bytes.bytes, bytes.size, &profile, &error), TALLY_PPROF_OK,
                 "%s", error.message);
    cr_assert_eq(profile->n_samples, 50000);
    for (size_t i = 0; i < 50000; i++) {
        cr_assert_eq(profile->samples[i].values[0], (int64_t)i);
        cr_assert_eq(profile->samples[i].locations[0]->address, i + 1);
    }
    tally_pprof_free(profile);
    free(bytes.bytes);
}

Test(writer, equal_strings_have_one_index) {
    struct tli_bytes bytes = {.limit = SIZE_MAX};
    struct tli_writer writer;
    tli_writer_begin(&writer, &tli_malloc_allocator, tli_bytes_sink(&bytes));
    char copy[] = "hello";
    int64_t hello = tli_writer_string(&writer, "hello");
    cr_assert_eq(hello, 1);
    cr_assert_eq(tli_writer_string(&writer, copy), hello);
    cr_assert_eq(tli_writer_string(&writer, "other"), 2);
    cr_assert_eq(tli_writer_string(&writer, ""), 0);
    cr_assert_eq(tli_writer_string(&writer, NULL), 0);
    tli_writer_end(&writer);
    free(bytes.bytes);
}

Test(writer, the_first_error_sticks) {
    for (size_t room = 0; room < 3000000; room += 60000) {
        struct tli_writer writer;
        size_t left = room;
        tli_writer_begin(&writer, &tli_malloc_allocator, (struct tli_sink){full, &left});
        put_profile(&writer, 300000);
        cr_assert_eq(tli_writer_finish(&writer), -ENOSPC, "with room for %zu bytes", room);
        cr_assert_eq(tli_writer_finish(&writer), -ENOSPC);
        tli_writer_end(&writer);
    }
}

Test(writer, through_gzip_the_error_comes_through_too) {
    struct tli_gzip gzip;
    struct tli_writer writer;
    size_t left = 10;
    cr_assert_eq(tli_gzip_begin(&gzip, &tli_malloc_allocator, (struct tli_sink){full, &left}, 1),
                 0);
    tli_writer_begin(&writer, &tli_malloc_allocator, tli_gzip_sink(&gzip));
    put_profile(&writer, 10);
    int error = tli_writer_finish(&writer);
    if (error == 0)
        error = tli_gzip_finish(&gzip);
    cr_assert_eq(error, -ENOSPC);
    tli_writer_end(&writer);
    tli_gzip_end(&gzip);
}

Test(writer, memory_that_runs_out_is_an_error_and_is_given_back) {
    struct counting whole = {0};
    struct tally_allocator allocator = counting_allocator(&whole);
    for (size_t fail_at = 1;; fail_at++) {
        struct counting counting = {.fail_at = fail_at};
        struct tli_bytes bytes = {.limit = SIZE_MAX};
        struct tli_writer writer;
        allocator = counting_allocator(&counting);
        tli_writer_begin(&writer, &allocator, tli_bytes_sink(&bytes));
        put_profile(&writer, 10);
        for (int i = 0; i < 1000; i++) {
            static char names[1000][8];
            snprintf(names[i], sizeof names[i], "n%d\xff", i);
            tli_writer_string(&writer, names[i]);
        }
        int error = tli_writer_finish(&writer);
        tli_writer_end(&writer);
        free(bytes.bytes);
        cr_assert_eq(counting.live, 0, "failing at %zu leaks", fail_at);
        if (counting.calls < fail_at) {
            cr_assert_eq(error, 0);
            break;
        }
        cr_assert_eq(error, -ENOMEM, "failing at %zu", fail_at);
    }
}

/* ---- the table ---- */

static bool same_number(const void *context, uint32_t index, const void *key) {
    return ((const uint64_t *)context)[index] == *(const uint64_t *)key;
}

Test(table, finds_what_was_put_in_and_nothing_else) {
    enum { N = 5000 };
    uint64_t *numbers = calloc(N, sizeof *numbers), state = 3;
    struct tli_table table = {.allocator = &tli_malloc_allocator};
    for (uint32_t i = 0; i < N; i++) {
        numbers[i] = next_random(&state) | 1;
        /* a poor hash: many things in few places */
        cr_assert(tli_table_insert(&table, numbers[i] % 1250, i));
    }
    for (uint32_t i = 0; i < N; i++) {
        uint64_t even = numbers[i] & ~UINT64_C(1);
        cr_assert_eq(tli_table_find(&table, numbers[i] % 1250, same_number, numbers, &numbers[i]),
                     i);
        cr_assert_eq(tli_table_find(&table, even % 1250, same_number, numbers, &even), TLI_ABSENT);
    }
    tli_table_free(&table);
    free(numbers);
}

Test(table, hashes_of_near_keys_spread) {
    enum { N = 4096 };
    unsigned char buckets[N] = {0};
    unsigned fullest = 0;
    for (uint64_t i = 0; i < N; i++) {
        unsigned n = ++buckets[tli_hash_word(77, 64 * i) % N];
        fullest = n > fullest ? n : fullest;
    }
    cr_assert_lt(fullest, 12);
    cr_assert_neq(tli_hash_bytes(1, "abc", 3), tli_hash_bytes(2, "abc", 3));
    cr_assert_neq(tli_hash_bytes(1, "abc\0", 4), tli_hash_bytes(1, "abc", 3));
}
