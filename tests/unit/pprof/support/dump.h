/*
 * dump.h - a profile, or one stack of it, as text, so that tests can compare whole profiles and
 * write down what they expect.
 */
#ifndef DUMP_H
#define DUMP_H

#include "tally/pprof.h"

/* Everything there is in a profile, in its order; free() it. */
char *dump_profile(const struct tally_pprof_profile *profile);

/* One line per sample, sorted: "leaf:12 < caller:7 = 3 450, label 16 bytes\n". Inlined bodies are joined to what
 * they are inlined into by " ^ "; a location without lines is its address in hex. free() it. */
char *dump_stacks(const struct tally_pprof_profile *profile);

#endif
