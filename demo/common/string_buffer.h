/*
 * string_buffer.h - a string that grows at its end.
 *
 *   data ──> [ size_bytes used │ 0 │ spare ]      capacity_bytes includes the zero
 *
 * Start from STRING_BUFFER_EMPTY. `data` is null until something was appended; from then on it is
 * always zero-terminated, and `size_bytes` does not count the zero. Bytes may have any value, zero
 * included. One buffer belongs to one thread.
 */
#ifndef TALLY_DEMO_STRING_BUFFER_H
#define TALLY_DEMO_STRING_BUFFER_H

#include <stddef.h>

struct string_buffer {
    char *data;
    size_t size_bytes;
    size_t capacity_bytes;
};

#define STRING_BUFFER_EMPTY ((struct string_buffer){NULL, 0, 0})

/* Makes room for `extra_bytes` more and returns where they go; string_buffer_commit() says how
 * many of them were filled in. */
char *string_buffer_reserve(struct string_buffer *buffer, size_t extra_bytes);
void string_buffer_commit(struct string_buffer *buffer, size_t filled_bytes);

void string_buffer_append(struct string_buffer *buffer, const char *bytes, size_t size_bytes);
void string_buffer_append_text(struct string_buffer *buffer, const char *text);

/* Empties the buffer and keeps its memory for what comes next. */
void string_buffer_clear(struct string_buffer *buffer);

/* Hands the string over to the caller, who frees it, and leaves the buffer empty. Never null. */
char *string_buffer_detach(struct string_buffer *buffer);
void string_buffer_free(struct string_buffer *buffer);

#endif
