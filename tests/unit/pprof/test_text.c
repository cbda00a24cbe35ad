/*
 * test_text.c - numbers, times and UTF-8 against libc's own.
 */
#define _GNU_SOURCE

#include "random_profile.h"
#include "text.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static char buffer[64];

Test(text, numbers) {
    const uint64_t numbers[] = {0, 9, 10, 1234567890, UINT64_MAX};
    for (size_t i = 0; i < 5; i++) {
        char expected[64];
        struct tli_text text = tli_text_in(buffer, sizeof buffer);
        tli_text_add_u64(&text, numbers[i]);
        tli_text_add(&text, " ");
        tli_text_add_i64(&text, (int64_t)numbers[i]);
        tli_text_add(&text, " ");
        tli_text_add_hex(&text, numbers[i]);
        snprintf(expected, sizeof expected, "%" PRIu64 " %" PRId64 " 0x%" PRIx64, numbers[i],
                 (int64_t)numbers[i], numbers[i]);
        cr_assert_str_eq(buffer, expected);
    }
    struct tli_text text = tli_text_in(buffer, sizeof buffer);
    tli_text_add_i64(&text, INT64_MIN);
    cr_assert_str_eq(buffer, "-9223372036854775808");
}

Test(text, what_does_not_fit_is_cut_off) {
    struct tli_text text = tli_text_in(buffer, 8);
    memset(buffer + 8, '#', 8);
    tli_text_add(&text, "abcde");
    tli_text_add(&text, "fghij");
    tli_text_add_u64(&text, 12345);
    cr_assert_str_eq(buffer, "abcdefg");
    cr_assert_eq(buffer[8], '#');
}

static void expect_utc(int64_t time_s, int64_t rest_ns) {
    char expected[64];
    struct tm parts;
    time_t time = (time_t)time_s;
    gmtime_r(&time, &parts);
    size_t size = strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(expected + size, sizeof expected - size, ".%09" PRId64 "Z", rest_ns);
    struct tli_text text = tli_text_in(buffer, sizeof buffer);
    tli_text_add_utc(&text, time_s * 1000000000 + rest_ns);
    cr_assert_str_eq(buffer, expected);
}

Test(text, every_day_of_five_centuries) {
    for (int64_t day = -60000; day < 100000; day++)
        expect_utc(day * 86400 + (day & 0xffff), (day & 0xffff) * 15000);
}

Test(text, seconds_around_midnight_and_the_epoch) {
    for (int64_t second = -90000; second < 90000; second += 7)
        expect_utc(second, 999999999);
}

Test(text, utf8_as_the_standard_has_it) {
    const char *good[] = {"",
                          "plain",
                          "größe",
                          "关于",
                          "\xf0\x9f\x98\x80",
                          "\xed\x9f\xbf",
                          "\xee\x80\x80",
                          "\xf4\x8f\xbf\xbf",
                          "\xc2\x80",
                          "\xe0\xa0\x80",
                          "\xf0\x90\x80\x80"};
    const char *bad[] = {"\x80",
                         "\xc0\x80",
                         "\xc1\xbf",
                         "\xe0\x9f\xbf",
                         "\xed\xa0\x80",
                         "\xed\xbf\xbf",
                         "\xf0\x8f\xbf\xbf",
                         "\xf4\x90\x80\x80",
                         "\xf5\x80\x80\x80",
                         "\xff",
                         "\xe2\x82",
                         "\xc3",
                         "\xf0\x9f\x98",
                         "\xc3("};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        cr_assert_eq(tli_utf8_valid_bytes(good[i], strlen(good[i])), strlen(good[i]), "good %zu",
                     i);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert_eq(tli_utf8_valid_bytes(bad[i], strlen(bad[i])), 0, "bad %zu", i);
    cr_assert_eq(tli_utf8_valid_bytes("ab\xff", 3), 2);
}
