/*
 * destructors.h - the functions that a compiler makes of one destructor.
 *
 *   D0 deleting   destroys, by D1, and gives back the memory: what `delete` calls, if it is virtual
 *   D1 complete   destroys, by D2 or by itself, and then the virtual bases
 *   D2 base       destroys all but the virtual bases: what a derived class's destructor calls
 *
 * In the source they are one function; -finstrument-functions counts each. Which of them there are
 * in a program, and which are two names of one, is up to the compiler.
 */
#ifndef TALLY_CLI_DESTRUCTORS_H
#define TALLY_CLI_DESTRUCTORS_H

#include "symbols.h"

enum destructor { NO_DESTRUCTOR, DELETING_DESTRUCTOR, COMPLETE_DESTRUCTOR, BASE_DESTRUCTOR };

/* Which one the frame's function is. Its system name becomes that of the complete one, so that all
 * of a class are the same function. */
enum destructor destructor_take(struct symbol_frame *frame);

#endif
