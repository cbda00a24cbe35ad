/*
 * memory.c - see memory.h. The only place of the demo that calls malloc and its kin.
 */
#include "common/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void memory_exhausted(void) {
    static const char message[] = "tally-demo: out of memory\n";
    /* stdio may want to allocate, and exit handlers would meet other threads at work. */
    ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);
    (void)ignored;
    _exit(1);
}

void *memory_allocate(size_t size_bytes) {
    void *block = malloc(size_bytes > 0 ? size_bytes : 1);
    if (block == NULL) {
        memory_exhausted();
    }
    return block;
}

void *memory_resize(void *block, size_t count, size_t item_bytes) {
    void *resized = reallocarray(block, count > 0 ? count : 1, item_bytes);
    if (resized == NULL) {
        memory_exhausted();
    }
    return resized;
}

void *memory_allocate_with_items(size_t struct_bytes, size_t count, size_t item_bytes) {
    size_t size_bytes;
    if (__builtin_mul_overflow(count, item_bytes, &size_bytes) ||
        __builtin_add_overflow(size_bytes, struct_bytes, &size_bytes)) {
        memory_exhausted();
    }
    return memory_allocate(size_bytes);
}

char *memory_copy_text(const char *text, size_t size_bytes) {
    char *copy = memory_allocate(size_bytes + 1);
    memcpy(copy, text, size_bytes);
    copy[size_bytes] = '\0';
    return copy;
}

char *memory_format(const char *format, ...) {
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) {
        memory_exhausted();
    }
    return text;
}
