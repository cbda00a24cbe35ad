/*
 * stats.h - what several runs of one build say together.
 *
 * Counts are expected to be the same in all of them; that they are not is what there is to say.
 * Times vary, and whether those of two builds differ is asked of a test that assumes nothing about
 * how they are distributed (Mann-Whitney's U, two-sided), as benchstat does.
 */
#ifndef TALLY_CLI_STATS_H
#define TALLY_CLI_STATS_H

#include "format.h"

#include <stdbool.h>

struct range {
    wide least, median, most; /* median: of an even number the mean of both, rounded to even */
};

/* n is at least 1. */
struct range stats_range(const wide *values, size_t n);

/* How likely it is that two samples differ at least this much if both are of one distribution: 0 to
 * 1. Exact for up to 40 values in all, ties included; else by the normal approximation. */
double stats_mann_whitney(const wide *one, size_t n, const wide *other, size_t m);

/* Above it a difference is not told from noise; benchstat's level as well. */
#define STATS_NOISE 0.05

/* So many values on either side may be found to differ: four each, three and five, … Of fewer, even
 * when all of one side are beyond all of the other, the test says 2 / (n + m choose n) or more. */
bool stats_can_tell(size_t n, size_t m);

#endif
