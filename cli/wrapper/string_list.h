/*
 * string_list.h - a growing list of strings, ended by a null pointer: what argument vectors are.
 *
 * The wrapper lives for some milliseconds and then becomes the compiler, so lists and the strings
 * in them are never released. Lack of memory ends the process with a message; no caller checks for
 * it.
 */
#ifndef TALLY_WRAPPER_STRING_LIST_H
#define TALLY_WRAPPER_STRING_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct string_list {
    char **items; /* items[count] is null once anything was added */
    size_t count, capacity;
};

void string_list_add(struct string_list *list, const char *string); /* keeps the pointer */
void string_list_add_all(struct string_list *list, const struct string_list *more);

/* printf into a new string. */
char *format_string(const char *format, ...) __attribute__((format(printf, 1, 2)));

bool has_prefix(const char *string, const char *prefix);
bool has_suffix(const char *string, const char *suffix);
const char *base_name(const char *path); /* what follows the last slash */

/* Prints "tally-cc: " (or "tally-c++: "), the message and a newline on stderr; exits with 2. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void set_program_name(const char *name);

#endif
