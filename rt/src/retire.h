/*
 * retire.h - code that goes away (dlclose) leaves its names behind.
 *
 * Contexts point at constant data inside the object that holds the function. Before that object is
 * unmapped, every tally_function in it that a context uses is copied, and the contexts are pointed
 * at the copy. There is one copy of twins (twins.h), however often they come and go. When the
 * object is loaded again, wherever that is, a call that has no context yet takes that of the copy,
 * and it is pointed at the new function: nothing grows with the number of times.
 */
#ifndef TLI_RETIRE_H
#define TLI_RETIRE_H

#include <stdbool.h>

/* The object that has `inside` in it has its destructors called: it is about to be unmapped, or the
 * program exits. False, and nothing is done, if it is the program itself. */
bool tli_retire(const void *inside);

extern bool tli_has_retired; /* any function so far */

#endif
