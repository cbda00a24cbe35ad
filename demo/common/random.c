/*
 * random.c - see random.h.
 */
#include "common/random.h"

uint64_t random_split_mix(uint64_t *state) {
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = *state;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31);
}

/* xoshiro must not start from all zeroes; splitmix64 never gives four of them in a row. */
struct random_generator random_seeded(uint64_t seed) {
    struct random_generator generator;
    for (int i = 0; i < 4; i++) {
        generator.state[i] = random_split_mix(&seed);
    }
    return generator;
}

static uint64_t rotate_left(uint64_t value, int bits) {
    return (value << bits) | (value >> (64 - bits));
}

uint64_t random_next(struct random_generator *generator) {
    uint64_t *state = generator->state;
    uint64_t result = rotate_left(state[1] * 5, 7) * 9;
    uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = rotate_left(state[3], 45);
    return result;
}

/* Lemire's method: the high half of a 32 x 32 bit product, with the few products thrown away that
 * would make some results likelier than others. */
uint32_t random_below(struct random_generator *generator, uint32_t bound) {
    uint32_t unfair_below = -bound % bound;
    uint64_t product;
    do {
        product = (random_next(generator) >> 32) * bound;
    } while ((uint32_t)product < unfair_below);
    return (uint32_t)(product >> 32);
}
