/*
 * string_list.c - string lists, and the one way in which the wrapper fails.
 *
 * See string_list.h. Everything here may be called at any time; there is one thread. A failure is a
 * line on stderr and exit status 2, which no compiler uses for errors in the source (they use 1),
 * so that a build log tells them apart.
 */
#include "string_list.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_WRAPPER_ERROR = 2 };

static const char *program_name = "tally-cc";

void set_program_name(const char *name) {
    program_name = name;
}

_Noreturn void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", program_name);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_WRAPPER_ERROR);
}

void string_list_add(struct string_list *list, const char *string) {
    if (list->count + 2 > list->capacity) {
        list->capacity = list->capacity ? 2 * list->capacity : 64;
        list->items = realloc(list->items, list->capacity * sizeof *list->items);
        if (!list->items)
            fail("out of memory");
    }
    list->items[list->count++] = (char *)string; /* exec wants char *, and changes nothing */
    list->items[list->count] = NULL;
}

void string_list_add_all(struct string_list *list, const struct string_list *more) {
    for (size_t i = 0; i < more->count; i++)
        string_list_add(list, more->items[i]);
}

char *format_string(const char *format, ...) {
    char *string;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&string, format, arguments) < 0)
        fail("out of memory");
    va_end(arguments);
    return string;
}

bool has_prefix(const char *string, const char *prefix) {
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

bool has_suffix(const char *string, const char *suffix) {
    size_t length = strlen(string), suffix_length = strlen(suffix);
    return length >= suffix_length && strcmp(string + length - suffix_length, suffix) == 0;
}

const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}
