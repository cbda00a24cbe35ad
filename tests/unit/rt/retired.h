/* retired.h - what retired.c, a library that is loaded and unloaded by test_retire.c, holds. */
#ifndef RETIRED_H
#define RETIRED_H

#include "tally/abi.h"

/* outer: two sites, one counter of a body inlined at line 12; inner: no site; changed: outer, but
 * for the line of a site. */
extern const struct tally_function retired_outer, retired_inner, retired_changed;
extern struct tally_unit retired_unit;

#endif
