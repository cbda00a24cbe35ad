/*
 * say.c - messages on standard error, and checked memory. See say.h.
 *
 * A message is put together first and written by one call, so that the lines of several tally
 * processes do not mix. Line breaks and control characters in it (file names may have them) are
 * shown as '?', since a message is one line by contract.
 */
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int quiet_notes;

static void say(const char *subject, const char *format, va_list values) {
    char message[4096];
    int used = snprintf(message, sizeof message, subject ? "tally: %s: " : "tally: ", subject);
    if (used >= 0 && (size_t)used < sizeof message)
        vsnprintf(message + used, sizeof message - (size_t)used, format, values);
    for (char *at = message; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    fprintf(stderr, "%s\n", message);
}

int say_error(const char *subject, const char *format, ...) {
    va_list values;
    va_start(values, format);
    say(subject, format, values);
    va_end(values);
    return STATUS_TROUBLE;
}

void say_note(const char *format, ...) {
    if (quiet_notes)
        return;
    va_list values;
    va_start(values, format);
    say(NULL, format, values);
    va_end(values);
}

void say_quiet(int quiet) {
    quiet_notes = quiet;
}

void *need(void *memory) {
    if (!memory)
        exit(say_error(NULL, "out of memory"));
    return memory;
}

void *need_array(size_t n, size_t item_size) {
    return need(calloc(n ? n : 1, item_size));
}

char *need_copy(const char *text) {
    return need(strdup(text));
}

char *need_print(const char *format, ...) {
    va_list values;
    char *text = NULL;
    va_start(values, format);
    if (vasprintf(&text, format, values) < 0)
        text = NULL;
    va_end(values);
    return need(text);
}

void *need_room(void *array, size_t *capacity, size_t n, size_t item_size) {
    if (n < *capacity)
        return array;
    *capacity = *capacity ? *capacity * 2 : 16;
    return need(reallocarray(array, *capacity, item_size));
}
