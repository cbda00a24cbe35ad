/*
 * text.c - see text.h.
 *
 * UTF-8 is decoded here and not by mbrtowc, because repair for JSON must not depend on the locale;
 * wcwidth alone needs one, and where it knows nothing of a character one column is assumed.
 */
#include "text.h"

#include "say.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { TAB_COLUMNS = 8 };

/* Bytes of the valid UTF-8 sequence at `at`, its character in *code; 0 if there is none. */
static size_t decode(const char *at, uint32_t *code) {
    const unsigned char *byte = (const unsigned char *)at;
    if (byte[0] < 0x80) {
        *code = byte[0];
        return 1;
    }
    size_t length = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (byte[0] < 0xc2 || byte[0] > 0xf4)
        return 0;
    uint32_t value = byte[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (byte[i] & 0x3f);
    }
    if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *code = value;
    return length;
}

static size_t columns_of(uint32_t code) {
    if (code < 0x80)
        return 1;
    int columns = wcwidth((wchar_t)code);
    return columns < 0 ? 1 : (size_t)columns;
}

char *text_clean(const char *text, bool utf8) {
    char *clean = need_array(strlen(text) * TAB_COLUMNS + 1, 1), *to = clean;
    size_t column = 0;
    while (*text) {
        uint32_t code;
        size_t length = decode(text, &code);
        if (length == 1 && code == '\t') {
            do
                *to++ = ' ';
            while (++column % TAB_COLUMNS);
        } else if (length == 0 || code < ' ' || (code >= 0x7f && code < 0xa0) ||
                   (length > 1 && !utf8)) {
            *to++ = '?';
            column++;
        } else {
            memcpy(to, text, length);
            to += length;
            column += columns_of(code);
        }
        text += length ? length : 1;
    }
    return clean;
}

char *text_repair(const char *text) {
    char *repaired = need_array(strlen(text) * 3 + 1, 1), *to = repaired;
    while (*text) {
        uint32_t code;
        size_t length = decode(text, &code);
        if (length == 0) {
            memcpy(to, "\xef\xbf\xbd", 3);
            to += 3;
            text++;
        } else {
            memcpy(to, text, length);
            to += length;
            text += length;
        }
    }
    return repaired;
}

size_t text_width(const char *text) {
    size_t width = 0;
    while (*text) {
        uint32_t code;
        size_t length = decode(text, &code);
        width += length ? columns_of(code) : 1;
        text += length ? length : 1;
    }
    return width;
}

/* Bytes of the longest beginning of `text` that takes at most `width` columns. */
static size_t head_bytes(const char *text, size_t width) {
    size_t bytes = 0;
    for (size_t columns = 0; text[bytes];) {
        uint32_t code;
        size_t length = decode(text + bytes, &code);
        columns += length ? columns_of(code) : 1;
        if (columns > width)
            break;
        bytes += length ? length : 1;
    }
    return bytes;
}

/* The longest end of `text` that takes at most `width` columns. */
static const char *tail(const char *text, size_t width) {
    for (size_t columns = text_width(text); columns > width;) {
        uint32_t code;
        size_t length = decode(text, &code);
        columns -= length ? columns_of(code) : 1;
        text += length ? length : 1;
    }
    return text;
}

char *text_shorten(const char *text, size_t width, bool utf8) {
    if (text_width(text) <= width)
        return need_copy(text);
    const char *gap = utf8 ? "\xe2\x80\xa6" : "..";
    size_t gap_width = utf8 ? 1 : 2;
    if (width <= gap_width)
        return text_cut(text, width, utf8);
    size_t head = (width - gap_width + 1) / 2;
    return need_print("%.*s%s%s", (int)head_bytes(text, head), text, gap,
                      tail(text, width - gap_width - head));
}

char *text_cut(const char *text, size_t width, bool utf8) {
    if (text_width(text) <= width)
        return need_copy(text);
    size_t gap_width = utf8 ? 1 : 2;
    if (width < gap_width + 1)
        return need_print("%.*s", (int)head_bytes(text, width), text);
    return need_print("%.*s%s", (int)head_bytes(text, width - gap_width), text,
                      utf8 ? "\xe2\x80\xa6" : "..");
}

size_t text_distance(const char *one, const char *other) {
    size_t n = strlen(one), m = strlen(other), stride = m + 1;
    size_t *cost = need_array((n + 1) * stride, sizeof *cost);
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= m; j++) {
            size_t *here = &cost[i * stride + j];
            if (i == 0 || j == 0) {
                *here = i + j;
                continue;
            }
            *here = here[-(ptrdiff_t)stride - 1] + (one[i - 1] != other[j - 1]);
            if (here[-1] + 1 < *here)
                *here = here[-1] + 1;
            if (here[-(ptrdiff_t)stride] + 1 < *here)
                *here = here[-(ptrdiff_t)stride] + 1;
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] &&
                cost[(i - 2) * stride + j - 2] + 1 < *here)
                *here = cost[(i - 2) * stride + j - 2] + 1;
        }
    size_t distance = cost[n * stride + m];
    free(cost);
    return distance;
}

const char *text_base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool text_ends_with(const char *text, const char *end) {
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}
