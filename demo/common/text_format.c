/*
 * text_format.c - see text_format.h.
 */
#include "common/text_format.h"

#include "common/string_buffer.h"

#include <stdbool.h>
#include <stdio.h>

void format_hex(const unsigned char *bytes, size_t n, char *text) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 0xf];
    }
    text[2 * n] = '\0';
}

/* The first byte of each form, and the range its second byte must be in: this is what rules out
 * overlong forms, surrogates and code points beyond U+10FFFF (Unicode, table 3-7). */
struct utf8_form {
    unsigned char first_low, first_high, second_low, second_high;
    size_t length;
};

static const struct utf8_form utf8_forms[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3}, {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool continues_form(const struct utf8_form *form, const unsigned char *bytes) {
    if (bytes[1] < form->second_low || bytes[1] > form->second_high) {
        return false;
    }
    for (size_t i = 2; i < form->length; i++) {
        if (bytes[i] < 0x80 || bytes[i] > 0xbf) {
            return false;
        }
    }
    return true;
}

/* Length of the printable character at `bytes`, of which `left` remain; 0 if there is none. */
static size_t printable_length(const unsigned char *bytes, size_t left) {
    if (bytes[0] < 0x80) {
        return bytes[0] >= ' ' && bytes[0] != 0x7f ? 1 : 0;
    }
    if (bytes[0] == 0xc2 && left >= 2 && bytes[1] < 0xa0) {
        return 0; /* U+0080..U+009F: control characters too */
    }
    for (size_t i = 0; i < sizeof(utf8_forms) / sizeof(utf8_forms[0]); i++) {
        const struct utf8_form *form = &utf8_forms[i];
        if (bytes[0] >= form->first_low && bytes[0] <= form->first_high) {
            return left >= form->length && continues_form(form, bytes) ? form->length : 0;
        }
    }
    return 0;
}

char *format_printable(const char *bytes, size_t size_bytes) {
    static const char replacement[] = "\xef\xbf\xbd";
    struct string_buffer text = STRING_BUFFER_EMPTY;
    for (size_t i = 0; i < size_bytes;) {
        size_t length = printable_length((const unsigned char *)bytes + i, size_bytes - i);
        if (length > 0) {
            string_buffer_append(&text, bytes + i, length);
            i += length;
        } else {
            string_buffer_append_text(&text, replacement);
            i++;
        }
    }
    return string_buffer_detach(&text);
}

void format_size(uint64_t size_bytes, char text[FORMAT_QUANTITY_BYTES]) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    double amount = (double)size_bytes;
    while (amount >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        amount /= 1024;
        unit++;
    }
    snprintf(text, FORMAT_QUANTITY_BYTES, unit == 0 ? "%.0f %s" : "%.1f %s", amount, units[unit]);
}

void format_duration(uint64_t duration_ns, char text[FORMAT_QUANTITY_BYTES]) {
    double amount = (double)duration_ns;
    if (amount < 1e3) {
        snprintf(text, FORMAT_QUANTITY_BYTES, "%.0f ns", amount);
    } else if (amount < 1e6) {
        snprintf(text, FORMAT_QUANTITY_BYTES, "%.1f us", amount / 1e3);
    } else if (amount < 1e9) {
        snprintf(text, FORMAT_QUANTITY_BYTES, "%.1f ms", amount / 1e6);
    } else {
        snprintf(text, FORMAT_QUANTITY_BYTES, "%.2f s", amount / 1e9);
    }
}
