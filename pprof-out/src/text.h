/*
 * text.h - text without stdio: numbers, times, and UTF-8.
 *
 * For code that runs in the profiled process, perhaps in a signal handler: no locale, no
 * allocation, no time zone database. Buffers are the caller's.
 */
#ifndef TLI_TEXT_H
#define TLI_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define TLI_TEXT_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* A text that grows in a buffer of fixed size; what does not fit is cut off. Always terminated. */
struct tli_text {
    char *start;
    size_t size, capacity;
};

struct tli_text tli_text_in(char *buffer, size_t capacity_bytes);
void tli_text_add(struct tli_text *text, const char *more);
void tli_text_add_u64(struct tli_text *text, uint64_t number);
/* 0x1f, without zeros in front. */
void tli_text_add_hex(struct tli_text *text, uint64_t number);
void tli_text_add_i64(struct tli_text *text, int64_t number);
/* At least `digits` digits, zeros in front. */
void tli_text_add_padded(struct tli_text *text, uint64_t number, int digits);
/* 2026-11-21T08:41:28.123456789Z for a time since the epoch. */
void tli_text_add_utc(struct tli_text *text, int64_t time_ns);

/* Bytes of the well-formed UTF-8 sequence at `at`, of which `size` > 0 bytes can be read; 0 if
 * there is none (broken, overlong, a surrogate, or beyond U+10FFFF). */
size_t tli_utf8_sequence(const char *at, size_t size);
/* Offset of the first byte that is not UTF-8, or `size`. */
size_t tli_utf8_valid_bytes(const char *text, size_t size);

#endif
