/*
 * say.h - what the command says on standard error, and memory that is there or ends the command.
 *
 * Everything but results goes through here: one line a message, `tally: SUBJECT: cause`. Results
 * go to standard output through output.h. The need_* functions never return null: a command that
 * has no memory left says so and ends with STATUS_TROUBLE.
 */
#ifndef TALLY_CLI_SAY_H
#define TALLY_CLI_SAY_H

#include <stddef.h>

enum exit_status {
    STATUS_OK = 0,
    STATUS_REGRESSION = 1,     /* of check: NEW is not within its budget */
    STATUS_TROUBLE = 2,        /* wrong usage, unreadable input, output that could not be written */
    STATUS_NOT_COMPARABLE = 3, /* of check */
};

/* Prints `tally: subject: message` (subject may be null) and returns STATUS_TROUBLE. */
int say_error(const char *subject, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints `tally: message`, unless say_quiet(1) was called. */
void say_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void say_quiet(int quiet);

void *need(void *memory); /* memory, or the end of the command if it is null */
void *need_array(size_t n, size_t item_size);
char *need_copy(const char *text);
char *need_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Makes room for one more item: returns `array`, moved and with a larger *capacity if n was it. */
void *need_room(void *array, size_t *capacity, size_t n, size_t item_size);

#endif
