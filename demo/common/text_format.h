/*
 * text_format.h - bytes, sizes and foreign text made fit to be read by people and by JSON.
 */
#ifndef TALLY_DEMO_TEXT_FORMAT_H
#define TALLY_DEMO_TEXT_FORMAT_H

#include <stddef.h>
#include <stdint.h>

/* Two lower-case hex digits a byte and a terminating zero: `text` has room for 2 * n + 1. */
void format_hex(const unsigned char *bytes, size_t n, char *text);

/* A new string that is valid UTF-8 without control characters, whatever the bytes were: each byte
 * that will not do becomes U+FFFD. File names and words come from strangers; a terminal obeys
 * escape sequences and a JSON reader refuses broken UTF-8. */
char *format_printable(const char *bytes, size_t size_bytes);

enum { FORMAT_QUANTITY_BYTES = 32 };
/* "512 B", "1.5 KiB", …; "870 ns", "12.3 ms", "2.50 s". */
void format_size(uint64_t size_bytes, char text[FORMAT_QUANTITY_BYTES]);
void format_duration(uint64_t duration_ns, char text[FORMAT_QUANTITY_BYTES]);

#endif
