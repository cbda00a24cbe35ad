/*
 * error.h - how the functions of pprof.h report what went wrong.
 *
 * A failure is a status and one line of text that names the cause, not the file. What is quoted
 * from a file is made printable, so that the line stays one line.
 */
#ifndef TLI_ERROR_H
#define TLI_ERROR_H

#include "tally/pprof.h"

/* Fills in `error`, unless it is null, and returns `status`. */
__attribute__((format(printf, 3, 4))) enum tally_pprof_status
tli_fail(struct tally_pprof_error *error, enum tally_pprof_status status, const char *format, ...);

/* For -errno: TALLY_PPROF_NO_MEMORY or TALLY_PPROF_IO, in the system's words. */
enum tally_pprof_status tli_fail_errno(struct tally_pprof_error *error, int minus_errno);

enum tally_pprof_status tli_no_memory(struct tally_pprof_error *error);

/* TALLY_PPROF_OK, also in `error`. */
enum tally_pprof_status tli_succeed(struct tally_pprof_error *error);

#endif
