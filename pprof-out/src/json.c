/*
 * json.c - the JSON emitter; see json.h.
 *
 * Role in the flow: run_json.c says what is in the document, this file how it is spelled. RFC 8259:
 * inside strings only the quote, the backslash and what is below U+0020 must be escaped; everything
 * else goes out as the UTF-8 it is. The caller keeps brackets and keys in order.
 */
#include "json.h"

#include "text.h"

#include <string.h>

static void flush_buffer(struct tli_json *json) {
    if (json->error == 0 && json->n_buffered > 0)
        json->error = json->sink.write(json->sink.context, json->buffer, json->n_buffered);
    json->n_buffered = 0;
}

static void put(struct tli_json *json, const char *bytes, size_t size) {
    while (size > 0) {
        size_t room = TLI_JSON_BUFFER_BYTES - json->n_buffered;
        size_t part = size < room ? size : room;
        memcpy(json->buffer + json->n_buffered, bytes, part);
        json->n_buffered += part;
        bytes += part;
        size -= part;
        if (json->n_buffered == TLI_JSON_BUFFER_BYTES)
            flush_buffer(json);
    }
}

static void put_text(struct tli_json *json, const char *text) {
    put(json, text, strlen(text));
}

static void put_ascii(struct tli_json *json, unsigned char byte) {
    static const char hex[] = "0123456789abcdef";
    char escape[] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};
    const char *plain = (const char *)&byte;
    switch (byte) {
    case '\n':
        put_text(json, "\\n");
        break;
    case '\t':
        put_text(json, "\\t");
        break;
    case '"':
    case '\\':
        put_text(json, "\\");
        put(json, plain, 1);
        break;
    default:
        if (byte < 0x20)
            put(json, escape, sizeof escape);
        else
            put(json, plain, 1);
    }
}

static void put_quoted(struct tli_json *json, const char *value) {
    size_t size = strlen(value);
    put_text(json, "\"");
    for (size_t at = 0; at < size;) {
        size_t length = tli_utf8_sequence(value + at, size - at);
        if (length == 1)
            put_ascii(json, (unsigned char)value[at]);
        else if (length == 0)
            put_text(json, TLI_TEXT_REPLACEMENT);
        else
            put(json, value + at, length);
        at += length != 0 ? length : 1;
    }
    put_text(json, "\"");
}

static void new_line(struct tli_json *json) {
    put_text(json, "\n");
    for (unsigned i = 0; i < json->depth; i++)
        put_text(json, "  ");
}

/* What comes before any value. */
static void lead_in(struct tli_json *json, const char *key) {
    if (!json->is_first)
        put_text(json, ",");
    if (json->depth > 0)
        new_line(json);
    json->is_first = false;
    if (key != NULL) {
        put_quoted(json, key);
        put_text(json, ": ");
    }
}

void tli_json_begin(struct tli_json *json, struct tli_sink sink) {
    json->sink = sink;
    json->error = 0;
    json->depth = 0;
    json->is_first = true;
    json->n_buffered = 0;
}

void tli_json_open(struct tli_json *json, const char *key, char bracket) {
    lead_in(json, key);
    put(json, &bracket, 1);
    json->depth++;
    json->is_first = true;
}

void tli_json_close(struct tli_json *json, char bracket) {
    json->depth--;
    if (!json->is_first)
        new_line(json);
    put(json, &bracket, 1);
    json->is_first = false;
}

void tli_json_string(struct tli_json *json, const char *key, const char *value) {
    lead_in(json, key);
    put_quoted(json, value != NULL ? value : "");
}

void tli_json_u64(struct tli_json *json, const char *key, uint64_t value) {
    tli_json_i64(json, key, value < INT64_MAX ? (int64_t)value : INT64_MAX);
}

void tli_json_i64(struct tli_json *json, const char *key, int64_t value) {
    char digits[24];
    struct tli_text text = tli_text_in(digits, sizeof digits);
    tli_text_add_i64(&text, value);
    lead_in(json, key);
    put(json, text.start, text.size);
}

int tli_json_finish(struct tli_json *json) {
    put_text(json, "\n");
    flush_buffer(json);
    return json->error;
}
