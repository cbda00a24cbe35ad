/*
 * json.h - writes a JSON document piece by piece, laid out for people to read.
 *
 * Values inside an object take a key, values inside an array a null key. Nothing is kept but a
 * 4 KiB buffer and the depth; commas and indentation come by themselves. Strings may be anything:
 * control characters and quotes are escaped, bytes that are not UTF-8 become U+FFFD. Numbers above
 * 2^63 - 1 are written as that, because readers with 64-bit integers refuse larger ones.
 *
 * No malloc, no stdio, no locale. The first error sticks (-errno) and is returned by finish.
 */
#ifndef TLI_JSON_H
#define TLI_JSON_H

#include "sink.h"

#include <stdbool.h>
#include <stdint.h>

#define TLI_JSON_BUFFER_BYTES 4096

struct tli_json {
    struct tli_sink sink;
    int error;
    unsigned depth;
    bool is_first; /* of its object or array */
    size_t n_buffered;
    char buffer[TLI_JSON_BUFFER_BYTES];
};

void tli_json_begin(struct tli_json *json, struct tli_sink sink);
void tli_json_open(struct tli_json *json, const char *key, char bracket); /* '{' or '[' */
void tli_json_close(struct tli_json *json, char bracket);                 /* '}' or ']' */
void tli_json_string(struct tli_json *json, const char *key, const char *value);
void tli_json_u64(struct tli_json *json, const char *key, uint64_t value);
void tli_json_i64(struct tli_json *json, const char *key, int64_t value);
int tli_json_finish(struct tli_json *json);

#endif
