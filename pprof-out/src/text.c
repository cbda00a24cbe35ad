/*
 * text.c - numbers, UTC times and UTF-8 checks in plain C; see text.h.
 *
 * Role in the flow: comments of the profile and everything in run.json. libc's own functions are
 * not for a signal handler: snprintf may allocate and asks the locale, gmtime_r takes the time
 * zone lock. Pure functions on the caller's buffers; times are nanoseconds since the epoch.
 */
#include "text.h"

#include <string.h>

struct tli_text tli_text_in(char *buffer, size_t capacity_bytes) {
    buffer[0] = '\0';
    return (struct tli_text){buffer, 0, capacity_bytes};
}

void tli_text_add(struct tli_text *text, const char *more) {
    size_t size = strlen(more), room = text->capacity - text->size - 1;
    if (size > room)
        size = room;
    memcpy(text->start + text->size, more, size);
    text->size += size;
    text->start[text->size] = '\0';
}

void tli_text_add_padded(struct tli_text *text, uint64_t number, int digits) {
    char reversed[21], *at = &reversed[20];
    *at = '\0';
    for (; number != 0 || digits > 0; number /= 10, digits--)
        *--at = (char)('0' + number % 10);
    tli_text_add(text, at);
}

void tli_text_add_u64(struct tli_text *text, uint64_t number) {
    tli_text_add_padded(text, number, 1);
}

void tli_text_add_hex(struct tli_text *text, uint64_t number) {
    char reversed[19], *at = &reversed[18];
    *at = '\0';
    do
        *--at = "0123456789abcdef"[number % 16];
    while ((number /= 16) != 0);
    *--at = 'x';
    *--at = '0';
    tli_text_add(text, at);
}

void tli_text_add_i64(struct tli_text *text, int64_t number) {
    if (number < 0)
        tli_text_add(text, "-");
    tli_text_add_u64(text, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

/* The calendar is counted in years that begin in March, so that the leap day comes last: then the
 * days before month m (0: March) are (153 m + 2) / 5, and 400 years are 146097 days. */
static void add_date(struct tli_text *text, int64_t days_since_epoch) {
    int64_t days = days_since_epoch + 719468; /* since 0000-03-01 */
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * march_month + 2) / 5 + 1;
    int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    tli_text_add_padded(text, (uint64_t)year, 4);
    tli_text_add(text, "-");
    tli_text_add_padded(text, (uint64_t)month, 2);
    tli_text_add(text, "-");
    tli_text_add_padded(text, (uint64_t)day, 2);
}

void tli_text_add_utc(struct tli_text *text, int64_t time_ns) {
    const int64_t second_ns = 1000000000, day_s = 86400;
    int64_t time_s = time_ns / second_ns, rest_ns = time_ns % second_ns;
    if (rest_ns < 0) {
        time_s--;
        rest_ns += second_ns;
    }
    int64_t days = time_s / day_s, rest_s = time_s % day_s;
    if (rest_s < 0) {
        days--;
        rest_s += day_s;
    }
    add_date(text, days);
    tli_text_add(text, "T");
    tli_text_add_padded(text, (uint64_t)(rest_s / 3600), 2);
    tli_text_add(text, ":");
    tli_text_add_padded(text, (uint64_t)(rest_s / 60 % 60), 2);
    tli_text_add(text, ":");
    tli_text_add_padded(text, (uint64_t)(rest_s % 60), 2);
    tli_text_add(text, ".");
    tli_text_add_padded(text, (uint64_t)rest_ns, 9);
    tli_text_add(text, "Z");
}

size_t tli_utf8_sequence(const char *at, size_t size) {
    const unsigned char *byte = (const unsigned char *)at;
    if (byte[0] < 0x80)
        return 1;
    size_t length = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
    if (byte[0] < 0xc2 || byte[0] > 0xf4 || size < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
    /* The second byte says what the first cannot: overlong forms, surrogates, the upper end. */
    if ((byte[0] == 0xe0 && byte[1] < 0xa0) || (byte[0] == 0xed && byte[1] > 0x9f) ||
        (byte[0] == 0xf0 && byte[1] < 0x90) || (byte[0] == 0xf4 && byte[1] > 0x8f))
        return 0;
    return length;
}

size_t tli_utf8_valid_bytes(const char *text, size_t size) {
    size_t at = 0;
    while (at < size) {
        size_t length = tli_utf8_sequence(text + at, size - at);
        if (length == 0)
            return at;
        at += length;
    }
    return size;
}
