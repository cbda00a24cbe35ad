/*
 * random_profile.h - profiles from a seed: the same seed, the same profile.
 */
#ifndef RANDOM_PROFILE_H
#define RANDOM_PROFILE_H

#include "tally/pprof.h"

/* A valid profile that has a bit of everything: several sample types, labels of both kinds,
 * inlined frames, unsymbolised locations, odd numbers. `size`: about how many samples. */
struct tally_pprof_profile *random_profile(uint64_t seed, size_t size);

uint64_t next_random(uint64_t *state);

#endif
