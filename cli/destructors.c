/*
 * destructors.c - see destructors.h. By the Itanium C++ ABI a destructor's linkage name ends in
 * D0Ev, D1Ev or D2Ev; so may a member function's that is called so, but its name has no tilde. The
 * compiler's own copies have a suffix that begins with a point.
 */
#include "destructors.h"

#include <string.h>

enum destructor destructor_take(struct symbol_frame *frame) {
    size_t length = strcspn(frame->system_name, ".");
    if (length < 4 || strncmp(frame->system_name, "_Z", 2) != 0 || !strchr(frame->name, '~'))
        return NO_DESTRUCTOR;
    char *kind = frame->system_name + length - 4;
    if (kind[0] != 'D' || kind[1] < '0' || kind[1] > '2' || kind[2] != 'E' || kind[3] != 'v')
        return NO_DESTRUCTOR;
    enum destructor which = DELETING_DESTRUCTOR + (enum destructor)(kind[1] - '0');
    kind[1] = '1';
    return which;
}
