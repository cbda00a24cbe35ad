/*
 * structors.h - the functions that a compiler makes of one constructor or destructor.
 *
 *   C1 complete   makes all of an object
 *   C2 base       makes all but the virtual bases: what a derived class's constructor calls
 *   C4 unified    what C1 and C2 call if they share their body (gcc -Os)
 *
 *   D0 deleting   destroys, by D1, and gives back the memory: what `delete` calls, if it is virtual
 *   D1 complete   destroys, by D2 or by itself, and then the virtual bases
 *   D2 base       destroys all but the virtual bases: what a derived class's destructor calls
 *   D4 unified    what D1 and D2 call if they share their body (gcc -Os)
 *
 * In the source they are one function; -finstrument-functions counts each. Which of them there are
 * in a program, and which are two names of one, is up to the compiler. The plugin calls all of them
 * by the name of the base one, and so does this.
 */
#ifndef TALLY_CLI_STRUCTORS_H
#define TALLY_CLI_STRUCTORS_H

/* In the order in which they call each other, of one class and for one object. */
enum structor {
    NO_STRUCTOR,
    DELETING_DESTRUCTOR,
    COMPLETE_DESTRUCTOR,
    BASE_DESTRUCTOR,
    UNIFIED_DESTRUCTOR,
    CONSTRUCTOR, /* complete or base: neither calls the other */
    UNIFIED_CONSTRUCTOR,
};

/* Which one a linkage name is of. The name becomes that of the base one. */
enum structor structor_take(char *linkage_name);

#endif
