/*
 * message.c - see message.h. A line is written in one piece, so that lines of several threads do
 * not mix, and made printable, since it often names a file that someone else named.
 */
#include "common/message.h"

#include "common/memory.h"
#include "common/text_format.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void message_print(const char *format, ...) {
    va_list arguments;
    char *raw = NULL;
    va_start(arguments, format);
    int length = vasprintf(&raw, format, arguments);
    va_end(arguments);
    if (length < 0) {
        memory_exhausted();
    }
    char *line = format_printable(raw, (size_t)length);
    fprintf(stderr, "tally-demo: %s\n", line);
    free(line);
    free(raw);
}
