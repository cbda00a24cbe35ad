/*
 * normalize_optimised.c - text made uniform in one pass, into a buffer that is used again.
 *
 * No pattern is needed: in normalised text white space and punctuation are the same, and a run of
 * them is what comes after a space.
 */
#include "documents/processor_optimised.h"

#include <stdint.h>

#define BYTE_BIT(byte) (UINT64_C(1) << (byte))

/* What becomes a space, as a set of bits: all of it is below 64. */
static const uint64_t separators = BYTE_BIT(' ') | BYTE_BIT('\t') | BYTE_BIT('\n') |
                                   BYTE_BIT('\v') | BYTE_BIT('\f') | BYTE_BIT('\r') |
                                   BYTE_BIT('.') | BYTE_BIT(',') | BYTE_BIT('!') | BYTE_BIT('?') |
                                   BYTE_BIT(';') | BYTE_BIT(':');

static void normalize_content(const char *content, size_t content_bytes,
                              struct string_buffer *normalized) {
    string_buffer_clear(normalized);
    char *start = string_buffer_reserve(normalized, content_bytes);
    char *end = start;
    for (size_t i = 0; i < content_bytes; i++) {
        unsigned char byte = (unsigned char)content[i];
        if (byte >= 64 || (separators >> byte & 1) == 0) {
            *end++ = (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
        } else if (end > start && end[-1] != ' ') {
            *end++ = ' ';
        }
    }
    if (end > start && end[-1] == ' ') {
        end--;
    }
    string_buffer_commit(normalized, (size_t)(end - start));
}

void (*const optimised_normalize_content)(const char *, size_t,
                                          struct string_buffer *) = normalize_content;
