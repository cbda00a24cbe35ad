/*
 * retire.h - code that goes away (dlclose) leaves its names behind.
 *
 * Contexts point at constant data inside the object that holds the function. Before that object is
 * unmapped, every tally_function in it that a context uses is copied, and the contexts are pointed
 * at the copy. The copy belongs to no code, so if the object is loaded again its functions simply
 * miss and get contexts of their own; both have the same names and are added up in the profile.
 */
#ifndef TLI_RETIRE_H
#define TLI_RETIRE_H

#include "tally/abi.h"

/* The object that holds `unit` is about to be unmapped. Called in dlclose, not while exiting. A
 * copy of the unit for run.json is returned; null without memory. */
struct tally_unit *tli_retire(const struct tally_unit *unit);

#endif
