/*
 * string_buffer.c - see string_buffer.h. The capacity doubles, so that appending n bytes one by
 * one costs O(n) in all.
 */
#include "common/string_buffer.h"

#include "common/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY_BYTES = 64 };

static void grow_to(struct string_buffer *buffer, size_t needed_bytes) {
    size_t capacity = buffer->capacity_bytes > 0 ? buffer->capacity_bytes : FIRST_CAPACITY_BYTES;
    while (capacity < needed_bytes) {
        if (capacity > SIZE_MAX / 2) {
            memory_exhausted();
        }
        capacity *= 2;
    }
    buffer->data = memory_resize(buffer->data, capacity, 1);
    buffer->capacity_bytes = capacity;
}

char *string_buffer_reserve(struct string_buffer *buffer, size_t extra_bytes) {
    if (extra_bytes >= SIZE_MAX - buffer->size_bytes) {
        memory_exhausted();
    }
    size_t needed_bytes = buffer->size_bytes + extra_bytes + 1;
    if (needed_bytes > buffer->capacity_bytes) {
        grow_to(buffer, needed_bytes);
        buffer->data[buffer->size_bytes] = '\0';
    }
    return buffer->data + buffer->size_bytes;
}

void string_buffer_commit(struct string_buffer *buffer, size_t filled_bytes) {
    buffer->size_bytes += filled_bytes;
    buffer->data[buffer->size_bytes] = '\0';
}

void string_buffer_append(struct string_buffer *buffer, const char *bytes, size_t size_bytes) {
    memcpy(string_buffer_reserve(buffer, size_bytes), bytes, size_bytes);
    string_buffer_commit(buffer, size_bytes);
}

void string_buffer_append_text(struct string_buffer *buffer, const char *text) {
    string_buffer_append(buffer, text, strlen(text));
}

void string_buffer_clear(struct string_buffer *buffer) {
    buffer->size_bytes = 0;
    if (buffer->data != NULL) {
        buffer->data[0] = '\0';
    }
}

char *string_buffer_detach(struct string_buffer *buffer) {
    char *text = buffer->data != NULL ? buffer->data : memory_copy_text("", 0);
    *buffer = STRING_BUFFER_EMPTY;
    return text;
}

void string_buffer_free(struct string_buffer *buffer) {
    free(buffer->data);
    *buffer = STRING_BUFFER_EMPTY;
}
