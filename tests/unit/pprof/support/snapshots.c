/*
 * snapshots.c - snapshots made by hand; see snapshots.h.
 */
#include "snapshots.h"

#include "random_profile.h"
#include "temporary.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER_BYTES 16 /* in front of each piece: its size; keeps the alignment */

static void *counting_alloc(void *context, size_t size_bytes) {
    struct counting *counting = context;
    if (++counting->calls == counting->fail_at)
        return NULL;
    char *memory = malloc(size_bytes + HEADER_BYTES);
    if (memory == NULL)
        return NULL;
    memcpy(memory, &size_bytes, sizeof size_bytes);
    counting->live++;
    counting->bytes += size_bytes;
    if (counting->bytes > counting->peak_bytes)
        counting->peak_bytes = counting->bytes;
    return memory + HEADER_BYTES;
}

static void counting_free(void *context, void *memory) {
    struct counting *counting = context;
    char *start = (char *)memory - HEADER_BYTES;
    size_t size_bytes;
    memcpy(&size_bytes, start, sizeof size_bytes);
    counting->live--;
    counting->bytes -= size_bytes;
    free(start);
}

struct tally_allocator counting_allocator(struct counting *counting) {
    return (struct tally_allocator){counting_alloc, counting_free, counting};
}

const struct tally_module test_modules[2] = {
    {LIB_BIAS + 0x1000, LIB_BIAS + 0x900000, 0x1000, LIB_BIAS, "/lib/libdemo.so.1", "b1b2"},
    {APP_BIAS + 0x1000, APP_BIAS + 0x900000, 0x1000, APP_BIAS, "/app/demo", "a1a2"},
};

struct tally_snapshot make_snapshot(const struct tally_context *contexts, size_t n) {
    static const char *const argv[] = {"./demo", "--fast", NULL};
    return (struct tally_snapshot){
        .contexts = contexts,
        .n_contexts = n,
        .modules = test_modules,
        .n_modules = 2,
        .argv = argv,
        .executable = "/app/demo",
        .working_directory = "/home/someone",
        .ended_by = "exit",
        .clock = "tsc",
        .start_time_ns = 1700000000123456789,
        .duration_ns = 5000000,
        .clock_hz = 2400000000,
        .probe_inside_ps = 9400,
        .probe_outside_ps = 9600,
        .threads = 1,
        .pid = 4711,
    };
}

static void insist(int truth, const char *what) {
    if (!truth) {
        fprintf(stderr, "%s\n", what);
        abort();
    }
}

struct tally_pprof_profile *export_and_read(const struct tally_snapshot *snapshot) {
    return export_and_read_file(snapshot, "calls.pb.gz");
}

struct tally_pprof_profile *export_and_read_file(const struct tally_snapshot *snapshot,
                                                 const char *file) {
    struct counting counting = {0};
    struct tally_allocator allocator = counting_allocator(&counting);
    struct tally_pprof_profile *profile = NULL;
    struct tally_pprof_error error;
    char *directory = make_directory(), *path = path_in(directory, file);
    int fd = open(directory, O_RDONLY | O_DIRECTORY);
    insist(tally_export(snapshot, fd, &allocator) == 0, "tally_export failed");
    insist(counting.live == 0, "tally_export leaks");
    if (access(path, F_OK) == 0) {
        insist(tally_pprof_read(path, NULL, &profile, &error) == TALLY_PPROF_OK, error.message);
        insist(tally_pprof_check(profile, &error) == TALLY_PPROF_OK, error.message);
    }
    close(fd);
    free(path);
    remove_directory(directory);
    return profile;
}

#define LARGE_SITES 6
#define LARGE_COUNTERS 1

struct large {
    struct tally_source *sources;
    struct tally_function *functions;
    struct tally_context *contexts;
    uint64_t *counters;
    char (*names)[32];
};

static size_t large_bytes(size_t n, size_t n_functions) {
    const struct large *large = NULL;
    return n * (sizeof *large->contexts + LARGE_COUNTERS * sizeof *large->counters) +
           n_functions * (sizeof *large->functions + sizeof *large->sources + sizeof *large->names);
}

static struct large lay_out(char *block, size_t n, size_t n_functions) {
    struct large large;
    large.contexts = (void *)block;
    large.counters = (void *)(large.contexts + n);
    large.functions = (void *)(large.counters + n * LARGE_COUNTERS);
    large.sources = (void *)(large.functions + n_functions);
    large.names = (void *)(large.sources + n_functions);
    return large;
}

static void fill_functions(const struct large *large, size_t n_functions) {
    static const struct tally_site sites[LARGE_SITES] = {{0, 11}, {0, 12}, {0, 13},
                                                         {0, 14}, {0, 15}, {0, 16}};
    static const struct tally_counter counters[LARGE_COUNTERS] = {{0, 0}};
    for (size_t i = 0; i < n_functions; i++) {
        snprintf(large->names[i], sizeof large->names[i], "function_%zu", i);
        large->sources[i] = (struct tally_source){
            .name = large->names[i], .linkage_name = large->names[i], .file = "large.c", .line = 9};
        large->functions[i] = (struct tally_function){
            .source = &large->sources[i],
            .address = (void *)(uintptr_t)(APP_BIAS + 0x1000 + 64 * i),
            .sites = sites,
            .n_sites = LARGE_SITES,
            .counters = counters,
            .n_counters = LARGE_COUNTERS,
        };
    }
}

struct tally_snapshot make_large_snapshot(size_t n, size_t n_functions, uint64_t seed,
                                          size_t *size_bytes, void **memory) {
    *size_bytes = large_bytes(n, n_functions);
    *memory = malloc(*size_bytes);
    struct large large = lay_out(*memory, n, n_functions);
    fill_functions(&large, n_functions);
    for (size_t i = 0; i < n; i++) {
        uint64_t random = next_random(&seed);
        /* Mostly below a recent context: deep, as call trees are. */
        size_t back = 1 + random % 40;
        large.counters[i] = random % 50 == 0 ? random % 1000 : 0;
        large.contexts[i] = (struct tally_context){
            .fn = &large.functions[(random >> 8) % n_functions],
            .parent = i == 0 ? TALLY_NO_INDEX
                             : (uint32_t)(random % 3 == 0 || back > i ? i / 2 : i - back),
            .site = i == 0 ? TALLY_NO_INDEX : (uint32_t)(random >> 40) % LARGE_SITES,
            .calls = 1 + (random >> 20) % 100000,
            .wall_ns = (random >> 16) % 1000000000,
            .counters = &large.counters[i],
        };
    }
    return make_snapshot(large.contexts, n);
}

bool has_unique_addresses(const struct tally_pprof_profile *profile) {
    for (size_t i = 0; i < profile->n_locations; i++) {
        if (profile->locations[i]->address == 0)
            return false;
        for (size_t j = 0; j < i; j++)
            if (profile->locations[i]->address == profile->locations[j]->address)
                return false;
    }
    return true;
}
