/*
 * test_export_heap.c - the profiles of allocations: which there are, their values, places, labels.
 */
#include "dump.h"
#include "snapshots.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* main (10) calls grow at 12; grow (20) allocates at 22, and at 23 in make (30), inlined. */
static const struct tally_source main_source = {"main", "main", "/src/demo.c", 10, 0};
static const struct tally_source grow_source = {"grow", "grow", "/src/demo.c", 20, 0};
static const struct tally_source make_source = {"make", "make", "/src/demo.c", 30, 0};
static const struct tally_scope main_scopes[] = {{&main_source, TALLY_NO_INDEX, 0}};
static const struct tally_scope grow_scopes[] = {{&grow_source, TALLY_NO_INDEX, 0},
                                                 {&make_source, 0, 23}};
static const struct tally_site main_sites[] = {{0, 12}};
static const struct tally_site grow_sites[] = {{0, 22}, {1, 31}};
static const struct tally_function main_function = {.source = &main_source,
                                                    .address = AT(APP_BIAS, 0x2000),
                                                    .scopes = main_scopes,
                                                    .sites = main_sites,
                                                    .n_scopes = 1,
                                                    .n_sites = 1};
static const struct tally_function grow_function = {.source = &grow_source,
                                                    .address = AT(APP_BIAS, 0x3000),
                                                    .scopes = grow_scopes,
                                                    .sites = grow_sites,
                                                    .n_scopes = 2,
                                                    .n_sites = 2};
static const struct tally_function bare_function = {.address = AT(APP_BIAS, 0x4000)};

static const struct tally_context contexts[] = {
    {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 1000, NULL, 0, 0},
    {&grow_function, 0, 0, 2, 20, NULL, 0, 0},
    {&bare_function, 0, 0, 1, 1, NULL, 0, 0},
};

static struct tally_snapshot snapshot_of(const struct tally_allocation *allocations, size_t n) {
    struct tally_snapshot snapshot = make_snapshot(contexts, COUNT(contexts));
    snapshot.heap.allocations = allocations;
    snapshot.heap.n_allocations = n;
    snapshot.heap.timed = true;
    return snapshot;
}

static void expect(const struct tally_snapshot *snapshot, const char *file, const char *types,
                   const char *stacks) {
    struct tally_pprof_profile *profile = export_and_read_file(snapshot, file);
    cr_assert_not_null(profile, "no %s", file);
    char *text, *samples = dump_stacks(profile);
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (size_t i = 0; i < profile->n_sample_types; i++)
        fprintf(out, "%s/%s ", profile->sample_types[i].type, profile->sample_types[i].unit);
    fprintf(out, "default %s", profile->default_sample_type);
    fclose(out);
    cr_expect_str_eq(text, types);
    cr_expect_str_eq(samples, stacks);
    cr_expect_str_eq(profile->period_type.type, "space");
    cr_expect_str_eq(profile->period_type.unit, "bytes");
    cr_expect_eq(profile->period, 1);
    free(text);
    free(samples);
    tally_pprof_free(profile);
}

static void expect_none(const struct tally_snapshot *snapshot, const char *file) {
    cr_expect_null(export_and_read_file(snapshot, file), "%s is there", file);
}

#define HEAP_TYPES                                                                                 \
    "alloc_objects/count alloc_space/bytes inuse_objects/count inuse_space/bytes default "         \
    "inuse_space"

static const struct tally_allocation plain[] = {
    {.context = 1,
     .site = 0,
     .allocated_objects = 5,
     .allocated_bytes = 500,
     .freed_objects = 2,
     .freed_bytes = 200,
     .temporary_objects = 1,
     .lifetime_ns = 30,
     .shortest_ns = 10,
     .longest_ns = 20,
     .peak_objects = 4,
     .peak_bytes = 400,
     .most_bytes = 450,
     .size_class = 8},
    {.context = 1, .site = 1, .allocated_objects = 1, .allocated_bytes = 16, .size_class = 5},
    {.context = 1,
     .site = TALLY_NO_INDEX,
     .allocated_objects = 1,
     .allocated_bytes = 1,
     .size_class = 1},
    {.context = TALLY_NO_INDEX,
     .site = TALLY_NO_INDEX,
     .allocated_objects = 1,
     .allocated_bytes = 72704,
     .size_class = 18},
};

Test(export_heap, places_and_amounts) {
    struct tally_snapshot snapshot = snapshot_of(plain, COUNT(plain));
    expect(&snapshot, "heap.pb.gz", HEAP_TYPES,
           "[outside instrumented code]:0 = 1 72704 1 72704\n"
           "grow:20 < main:12 = 1 1 1 1\n"
           "grow:22 < main:12 = 5 500 3 300\n"
           "make:31 ^ grow:23 < main:12 = 1 16 1 16\n");
    expect_none(&snapshot, "pools.pb.gz");
}

Test(export_heap, peak) {
    struct tally_snapshot snapshot = snapshot_of(plain, COUNT(plain));
    expect(&snapshot, "peak.pb.gz",
           "peak_objects/count peak_space/bytes site_peak_space/bytes default peak_space",
           "grow:22 < main:12 = 4 400 450\n");
}

Test(export_heap, lifetimes) {
    struct tally_snapshot snapshot = snapshot_of(plain, COUNT(plain));
    expect(&snapshot, "lifetime.pb.gz",
           "freed_objects/count temporary_objects/count lifetime/nanoseconds default lifetime",
           "grow:22 < main:12 = 2 1 30, lifetime_min 10 nanoseconds, lifetime_max 20 "
           "nanoseconds\n");
    snapshot.heap.timed = false;
    expect(&snapshot, "lifetime.pb.gz",
           "freed_objects/count temporary_objects/count default freed_objects",
           "grow:22 < main:12 = 2 1\n");
}

Test(export_heap, classes_of_sizes) {
    uint64_t histogram[TALLY_SIZE_CLASSES] = {[0] = 1, [1] = 2, [6] = 3, [48] = 4};
    struct tally_allocation allocations[] = {plain[0], plain[1]};
    allocations[1].histogram = histogram;
    struct tally_snapshot snapshot = snapshot_of(allocations, 2);
    expect(&snapshot, "sizes.pb.gz", "alloc_objects/count default alloc_objects",
           "grow:22 < main:12 = 5, bytes 128 bytes\n"
           "make:31 ^ grow:23 < main:12 = 1, bytes 0 bytes\n"
           "make:31 ^ grow:23 < main:12 = 2, bytes 1 bytes\n"
           "make:31 ^ grow:23 < main:12 = 3, bytes 32 bytes\n"
           "make:31 ^ grow:23 < main:12 = 4, bytes 140737488355328 bytes\n");
}

Test(export_heap, objects_of_each_size) {
    struct tally_allocation allocations[] = {plain[1], plain[1]};
    allocations[0].size_bytes = 16;
    allocations[1].size_bytes = 24;
    allocations[1].allocated_bytes = 24;
    struct tally_snapshot snapshot = snapshot_of(allocations, 2);
    snapshot.heap.sizes = true;
    expect(&snapshot, "heap.pb.gz", HEAP_TYPES,
           "make:31 ^ grow:23 < main:12 = 1 16 1 16, bytes 16 bytes\n"
           "make:31 ^ grow:23 < main:12 = 1 24 1 24, bytes 24 bytes\n");
}

Test(export_heap, pools_are_apart) {
    struct tally_allocation allocations[] = {plain[0], plain[1]};
    allocations[1].kind = "pool_get";
    struct tally_snapshot snapshot = snapshot_of(allocations, 2);
    expect(&snapshot, "heap.pb.gz", HEAP_TYPES, "grow:22 < main:12 = 5 500 3 300\n");
    expect(&snapshot, "pools.pb.gz", HEAP_TYPES,
           "make:31 ^ grow:23 < main:12 = 1 16 1 16, kind pool_get\n");
}

Test(export_heap, less_may_be_there_than_before) {
    struct tally_allocation allocations[] = {plain[0]};
    allocations[0].allocated_objects = 1;
    allocations[0].allocated_bytes = 100;
    struct tally_snapshot snapshot = snapshot_of(allocations, 1);
    expect(&snapshot, "heap.pb.gz", HEAP_TYPES, "grow:22 < main:12 = 1 100 -1 -100\n");
}

/* In functions known by address alone, where the call is. */
Test(export_heap, by_address) {
    struct tally_allocation allocations[] = {plain[1]};
    allocations[0].context = 2;
    allocations[0].site = TALLY_NO_INDEX;
    allocations[0].call_address = APP_BIAS + 0x4021;
    struct tally_snapshot snapshot = snapshot_of(allocations, 1);
    struct tally_pprof_profile *profile = export_and_read_file(&snapshot, "heap.pb.gz");
    cr_assert_eq(profile->n_samples, 1);
    cr_expect_eq(profile->samples[0].locations[0]->address % 0x10000, 0x4020);
    cr_expect_str_eq(profile->samples[0].locations[0]->lines[0].function->name, "[demo+0x4000]");
    tally_pprof_free(profile);
}

Test(export_heap, counts_only) {
    struct tally_snapshot snapshot = snapshot_of(plain, 1);
    snapshot.heap.mode = TALLY_HEAP_COUNTS;
    expect(&snapshot, "heap.pb.gz", "alloc_objects/count alloc_space/bytes default alloc_space",
           "grow:22 < main:12 = 5 500\n");
    expect_none(&snapshot, "peak.pb.gz");
    expect_none(&snapshot, "lifetime.pb.gz");
    expect(&snapshot, "sizes.pb.gz", "alloc_objects/count default alloc_objects",
           "grow:22 < main:12 = 5, bytes 128 bytes\n");
}

Test(export_heap, off) {
    static const char *const files[] = {"heap.pb.gz", "peak.pb.gz", "lifetime.pb.gz", "sizes.pb.gz",
                                        "pools.pb.gz"};
    struct tally_snapshot snapshot = snapshot_of(plain, 1);
    snapshot.heap.mode = TALLY_HEAP_OFF;
    for (size_t i = 0; i < COUNT(files); i++)
        expect_none(&snapshot, files[i]);
}

Test(export_heap, one_file) {
    struct counting counting = {0};
    struct tally_allocator allocator = counting_allocator(&counting);
    struct tally_snapshot snapshot = snapshot_of(plain, COUNT(plain));
    char path[] = "/tmp/tally-heap-XXXXXX";
    int fd = mkstemp(path);
    cr_assert_eq(tally_export_heap(&snapshot, fd, &allocator), 0);
    cr_expect_eq(counting.live, 0);
    struct tally_pprof_profile *profile;
    cr_assert_eq(tally_pprof_read(path, NULL, &profile, NULL), TALLY_PPROF_OK);
    cr_expect_eq(profile->n_samples, COUNT(plain));
    tally_pprof_free(profile);
    snapshot.heap.mode = TALLY_HEAP_OFF;
    cr_expect_eq(tally_export_heap(&snapshot, fd, &allocator), -ENOTSUP);
    close(fd);
    unlink(path);
}

/* Each allocation of memory that fails is told, and nothing is lost. */
Test(export_heap, without_memory) {
    struct tally_snapshot snapshot = snapshot_of(plain, COUNT(plain));
    int null = open("/dev/null", O_WRONLY), status = -ENOMEM;
    for (size_t fail_at = 1; status == -ENOMEM; fail_at++) {
        struct counting counting = {.fail_at = fail_at};
        struct tally_allocator allocator = counting_allocator(&counting);
        status = tally_export_heap(&snapshot, null, &allocator);
        cr_assert_eq(counting.live, 0);
    }
    cr_expect_eq(status, 0);
    close(null);
}
