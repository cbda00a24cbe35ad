/*
 * twins.h - whether two descriptions of a function say the same.
 *
 * A library that is loaded again brings its descriptions with it, and they are like the copies that
 * were kept of those it had before (retire.h).
 */
#ifndef TLI_TWINS_H
#define TLI_TWINS_H

#include "tally/abi.h"

#include <stdbool.h>

/* Compares all but where the code is. Calls no libc. */
bool tli_are_twins(const struct tally_function *a, const struct tally_function *b);

#endif
