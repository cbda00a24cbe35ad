/*
 * values.h - what the sample types of a profile are to one another.
 *
 *   wall            is a sum over  calls            wall_variance says how uncertain it is
 *   X_space         is a sum over  X_objects        (heap profiles: Tally's, Go's and others')
 *   lifetime        is a sum over  freed_objects
 *
 * Everything is told by the types' names and units, so it holds for profiles from any source.
 */
#ifndef TALLY_CLI_VALUES_H
#define TALLY_CLI_VALUES_H

#include "tally/pprof.h"

#include <stdbool.h>
#include <stddef.h>

/* What a count counts, in words. */
struct value_count {
    const char *one, *many; /* "call", "calls": the latter is also the title of the column */
    const char *average;    /* title of the column value / count */
    /* Calls are made to the function that is innermost in a sample, whatever filters leave of the
     * stack; objects are part of what is looked at, and go wherever their bytes go. */
    bool is_calls;
};

/* Index of the type that counts what type `of` is a sum over, which may be `of` itself, and the
 * words for it; or -1 and null. */
int values_count_of(const struct tally_pprof_profile *profile, size_t of,
                    const struct value_count **words);

/* Index of the type that is the variance of type `of` (X_variance, in squares of X's unit), or -1;
 * and of what it is that. */
int values_variance_of(const struct tally_pprof_profile *profile, size_t of);
int values_variance_is_of(const struct tally_pprof_profile *profile, size_t variance);

/* The names of all types, with commas between them. Free it. */
char *values_names(const struct tally_pprof_profile *profile);

#endif
