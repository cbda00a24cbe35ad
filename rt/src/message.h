/*
 * message.h - one line on standard error, without stdio.
 *
 * tli_message(level, piece, …, NULL) writes "tally: " + pieces + newline with one write(2), if the
 * option `verbosity` is at least `level`. Safe in signal handlers; keeps errno; cuts at 1 KiB.
 */
#ifndef TLI_MESSAGE_H
#define TLI_MESSAGE_H

#include <stdint.h>

__attribute__((sentinel)) void tli_message(int level, const char *piece, ...);

enum { TLI_NUMBER_SIZE = 21 };
/* Decimal text of `number` in `text` (TLI_NUMBER_SIZE bytes); returns its first character. */
const char *tli_number(uint64_t number, char *text);

#endif
