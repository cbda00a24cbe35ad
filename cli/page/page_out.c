/*
 * page_out.c - see page_out.h.
 */
#include "page_out.h"

#include "say.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum {
    BUFFER = 1 << 16,
    GZIP_WINDOW = 15 + 16, /* + 16: with gzip's header */
    GZIP_LEVEL = 9,
    GZIP_MEMORY = 9, /* the most there is */
};

struct page_out {
    FILE *to;
    bool packed;
    bool needs_comma;
    char json[BUFFER];
    size_t n_json;
    z_stream gzip;
    unsigned char left[3]; /* of base64's groups of three bytes: those that wait for more */
    size_t n_left;
};

/* ---- base64 ---- */

static void put_group(const unsigned char group[3], size_t n, char to[4]) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    to[0] = digits[group[0] >> 2];
    to[1] = digits[(group[0] & 3) << 4 | group[1] >> 4];
    to[2] = n > 1 ? digits[(group[1] & 15) << 2 | group[2] >> 6] : '=';
    to[3] = n > 2 ? digits[group[2] & 63] : '=';
}

static void put_base64(struct page_out *out, const unsigned char *bytes, size_t n) {
    char text[4 * (BUFFER / 3 + 1)];
    size_t length = 0;
    for (size_t i = 0; i < n; i++) {
        out->left[out->n_left++] = bytes[i];
        if (out->n_left < sizeof out->left)
            continue;
        put_group(out->left, out->n_left, text + length);
        length += 4;
        out->n_left = 0;
    }
    fwrite(text, 1, length, out->to);
}

static void end_base64(struct page_out *out) {
    char text[4];
    if (out->n_left == 0)
        return;
    memset(out->left + out->n_left, 0, sizeof out->left - out->n_left);
    put_group(out->left, out->n_left, text);
    fwrite(text, 1, sizeof text, out->to);
}

/* ---- gzip ---- */

static void pack(struct page_out *out, int flush) {
    unsigned char packed[BUFFER];
    out->gzip.next_in = (unsigned char *)out->json;
    out->gzip.avail_in = (unsigned)out->n_json;
    do {
        out->gzip.next_out = packed;
        out->gzip.avail_out = sizeof packed;
        deflate(&out->gzip, flush); /* fails if misused, and in no other way */
        put_base64(out, packed, sizeof packed - out->gzip.avail_out);
    } while (out->gzip.avail_out == 0);
}

static void flush_json(struct page_out *out, int flush) {
    if (out->packed)
        pack(out, flush);
    else
        fwrite(out->json, 1, out->n_json, out->to);
    out->n_json = 0;
}

struct page_out *page_out_new(FILE *to, bool packed) {
    struct page_out *out = need_array(1, sizeof *out);
    out->to = to;
    out->packed = packed;
    if (packed && deflateInit2(&out->gzip, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                               Z_DEFAULT_STRATEGY) != Z_OK)
        need(NULL);
    return out;
}

void page_out_finish(struct page_out *out) {
    flush_json(out, Z_FINISH);
    if (out->packed) {
        end_base64(out);
        deflateEnd(&out->gzip);
    }
    free(out);
}

/* ---- JSON ---- */

static void put_byte(struct page_out *out, char byte) {
    if (out->n_json == sizeof out->json)
        flush_json(out, Z_NO_FLUSH);
    out->json[out->n_json++] = byte;
}

static void put_bytes(struct page_out *out, const char *bytes) {
    for (; *bytes; bytes++)
        put_byte(out, *bytes);
}

static void put_string(struct page_out *out, const char *text) {
    char *valid = text_repair(text);
    put_byte(out, '"');
    for (const char *at = valid; *at; at++) {
        char escape[8];
        if (*at == '"' || *at == '\\')
            put_byte(out, '\\');
        if ((unsigned char)*at < ' ') {
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*at);
            put_bytes(out, escape);
        } else {
            put_byte(out, *at);
        }
    }
    put_byte(out, '"');
    free(valid);
}

static void begin_value(struct page_out *out, const char *key) {
    if (out->needs_comma)
        put_byte(out, ',');
    if (key) {
        put_string(out, key);
        put_byte(out, ':');
    }
    out->needs_comma = true;
}

void page_put_open(struct page_out *out, const char *key, char bracket) {
    begin_value(out, key);
    put_byte(out, bracket);
    out->needs_comma = false;
}

void page_put_close(struct page_out *out, char bracket) {
    put_byte(out, bracket == '{' ? '}' : ']');
    out->needs_comma = true;
}

void page_put_number(struct page_out *out, const char *key, wide value) {
    static const struct output exact = {.raw = true};
    static const wide most = ((wide)1 << 53) - 1;
    const bool fits = value >= -most && value <= most;
    begin_value(out, key);
    if (!fits)
        put_byte(out, '"');
    put_bytes(out, format_count(value, &exact).s);
    if (!fits)
        put_byte(out, '"');
}

void page_put_text(struct page_out *out, const char *key, const char *text) {
    begin_value(out, key);
    if (text)
        put_string(out, text);
    else
        put_bytes(out, "null");
}
