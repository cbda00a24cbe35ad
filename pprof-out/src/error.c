/*
 * error.c - fills in struct tally_pprof_error; see error.h.
 *
 * Role in the flow: every failing path of the model, its checks, its readers and its writers ends
 * here. Not for the profiled process, where errors are -errno.
 */
#define _GNU_SOURCE /* strerror_r that returns the text */

#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum tally_pprof_status tli_fail(struct tally_pprof_error *error, enum tally_pprof_status status,
                                 const char *format, ...) {
    if (error == NULL)
        return status;
    error->status = status;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    for (char *at = error->message; *at != '\0'; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = '?';
    return status;
}

enum tally_pprof_status tli_no_memory(struct tally_pprof_error *error) {
    return tli_fail(error, TALLY_PPROF_NO_MEMORY, "out of memory");
}

enum tally_pprof_status tli_fail_errno(struct tally_pprof_error *error, int minus_errno) {
    char words[128];
    if (minus_errno == -ENOMEM)
        return tli_no_memory(error);
    return tli_fail(error, TALLY_PPROF_IO, "%s", strerror_r(-minus_errno, words, sizeof words));
}

enum tally_pprof_status tli_succeed(struct tally_pprof_error *error) {
    if (error != NULL) {
        error->status = TALLY_PPROF_OK;
        error->message[0] = '\0';
    }
    return TALLY_PPROF_OK;
}
