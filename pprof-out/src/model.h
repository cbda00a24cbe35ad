/*
 * model.h - what the parts of pprof-out know of a profile beyond pprof.h; private.
 *
 *   tally_pprof_store ── pool     strings, functions, locations, samples' arrays: all of it
 *                     ── tables    one for each kind of thing that may not stand twice
 *
 * The pointer arrays of the profile (samples[], functions[] …) grow by doubling and are blocks of
 * their own; everything they point to is in the pool and never moves.
 */
#ifndef TLI_MODEL_H
#define TLI_MODEL_H

#include "memory.h"
#include "pool.h"
#include "table.h"
#include "tally/pprof.h"

struct tally_pprof_store {
    struct tli_memory memory; /* of all that follows, and of the profile's arrays */
    struct tli_pool pool;
    uint64_t seed; /* of all hashes: random, because file contents may be hostile */
    struct tli_table strings_table, functions_table, locations_table, samples_table;
    const char **strings;
    size_t n_strings;
    bool is_cut; /* equal samples added up to what 64 bits do not hold */
    /* Capacities of the profile's arrays, and of strings. */
    size_t sample_types, samples, mappings, locations, functions, comments, strings_capacity;
};

/* `size` bytes that need not end in a null byte and hold none. */
const char *tli_intern_bytes(struct tally_pprof_profile *profile, const char *bytes, size_t size);

/* tally_pprof_add_location with what the format has beyond it. */
const struct tally_pprof_location *tli_add_location(struct tally_pprof_profile *profile,
                                                    const struct tally_pprof_location *like);

/* The sum, or the nearest number there is. */
int64_t tli_saturating_add(int64_t a, int64_t b);

#endif
