/*
 * random.h - reproducible random numbers: xoshiro256** seeded by splitmix64.
 *
 * Both are Blackman and Vigna's (https://prng.di.unimi.it). The same seed gives the same sequence
 * on every machine and with every compiler, which rand() does not promise. Not for secrets.
 *
 * A generator belongs to one thread.
 */
#ifndef TALLY_DEMO_RANDOM_H
#define TALLY_DEMO_RANDOM_H

#include <stdint.h>

struct random_generator {
    uint64_t state[4];
};

/* One step of splitmix64: advances *state and returns its next number. */
uint64_t random_split_mix(uint64_t *state);

struct random_generator random_seeded(uint64_t seed);
uint64_t random_next(struct random_generator *generator);

/* Uniform in 0 .. bound - 1; bound must not be 0. */
uint32_t random_below(struct random_generator *generator, uint32_t bound);

#endif
