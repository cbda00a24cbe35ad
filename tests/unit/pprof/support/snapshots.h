/*
 * snapshots.h - snapshots made by hand, as the runtime would, and their export.
 */
#ifndef SNAPSHOTS_H
#define SNAPSHOTS_H

#include "tally/pprof.h"
#include "tally/snapshot.h"

#define AT(base, offset) ((const void *)(uintptr_t)((base) + (offset)))
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* An allocator that counts, and fails on request. */
struct counting {
    size_t live; /* pieces not given back */
    size_t bytes, peak_bytes;
    size_t calls, fail_at; /* the call that fails, from 1; 0: none */
};
struct tally_allocator counting_allocator(struct counting *counting);

/* The executable at 0x555500000000 (bias; /app/demo) and a library at 0x7f0000000000. */
extern const struct tally_module test_modules[2];
#define APP_BIAS UINT64_C(0x555500000000)
#define LIB_BIAS UINT64_C(0x7f0000000000)

/* A snapshot of those contexts, with plausible values for everything else. */
struct tally_snapshot make_snapshot(const struct tally_context *contexts, size_t n);

/* Exports into a new directory and reads calls.pb.gz, or another file, back; the test fails if
 * anything does, or if memory is not given back. Null if there is no such file. */
struct tally_pprof_profile *export_and_read(const struct tally_snapshot *snapshot);
struct tally_pprof_profile *export_and_read_file(const struct tally_snapshot *snapshot,
                                                 const char *file);

/* A snapshot with n contexts in a tree of random shape, over functions with sites and counters;
 * all of it is in one block, *memory, to be freed. */
struct tally_snapshot make_large_snapshot(size_t n, size_t n_functions, uint64_t seed,
                                          size_t *size_bytes, void **memory);

/* Whether each location has an address, and one that no other has. */
bool has_unique_addresses(const struct tally_pprof_profile *profile);

#endif
