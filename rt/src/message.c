/* message.c - see message.h. */
#include "message.h"

#include "options.h"
#include "syscall.h"

#include <stdarg.h>
#include <string.h>
#include <sys/syscall.h>

void tli_message(int level, const char *piece, ...) {
    if (tli_options.verbosity < (uint64_t)level)
        return;
    char line[1024] = "tally: ";
    size_t length = strlen(line);
    va_list pieces;
    va_start(pieces, piece);
    for (; piece; piece = va_arg(pieces, const char *))
        for (; *piece && length < sizeof line - 1; piece++)
            line[length++] = *piece;
    va_end(pieces);
    line[length++] = '\n';
    tli_syscall3(SYS_write, 2, (long)line, (long)length);
}

const char *tli_number(uint64_t number, char *text) {
    char *p = text + TLI_NUMBER_SIZE - 1;
    *p = '\0';
    do {
        *--p = (char)('0' + number % 10);
    } while (number /= 10);
    return p;
}
