/*
 * interop_write.c - writes the profiles that the interop tests look at.
 *
 * interop_write CASE DIRECTORY makes DIRECTORY/demo.c (the source the profile speaks of) and
 * DIRECTORY/calls.pb.gz and its kin: by tally_export (case export, with exact timing, and adaptive
 * and off), read back and written by the model (gzip), or the sum of two runs (merged). The numbers
 * stand in check_pprof.py as well.
 */
#include "tally/pprof.h"
#include "tally/snapshot.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char source_text[] =
    "/* demo.c - what the profile of the interop tests speaks of. */\n"
    "static inline int helper(int n) {\n"
    "    return work(n) + 1;\n"
    "}\n"
    "\n"
    "int work(int n) {\n"
    "    return n > 0 ? work(n - 1) : 0;\n"
    "}\n"
    "\n"
    "int main(void) {\n"
    "    work(1);\n"
    "    get();\n"
    "    helper(2);\n"
    "}\n";

#define APP UINT64_C(0x555555554000)
#define LIB UINT64_C(0x7ffff7dc0000)
#define CODE(base, offset) ((const void *)(uintptr_t)((base) + (offset)))

static char source_path[4096];
static const struct tally_source main_source = {"main", "main", source_path, 10, 0},
                                 work_source = {"work", "work", source_path, 6, 0},
                                 helper_source = {"helper", "helper", source_path, 2, 0},
                                 get_source = {"ns::box<int>::get", "_ZN2ns3boxIiE3getEv",
                                               "/src/box.cc", 41, 0};

static const struct tally_scope main_scopes[] = {{&main_source, TALLY_NO_INDEX, 0},
                                                 {&helper_source, 0, 13}};
static const struct tally_scope work_scopes[] = {{&work_source, TALLY_NO_INDEX, 0},
                                                 {&work_source, 0, 7}};
static const struct tally_scope get_scopes[] = {{&get_source, TALLY_NO_INDEX, 0}};
static const struct tally_site main_sites[] = {{0, 11}, {0, 12}, {1, 3}};
static const struct tally_site work_sites[] = {{0, 7}};
static const struct tally_site get_sites[] = {{0, 42}};
static const struct tally_counter main_counters[] = {{1, 0}};
static const struct tally_counter work_counters[] = {{1, 0}};

static const struct tally_function main_function = {
    &main_source, CODE(APP, 0x1200), main_scopes, main_sites, main_counters, 2, 3, 1, 0, 0, 0};
static const struct tally_function work_function = {
    &work_source, CODE(APP, 0x1300), work_scopes, work_sites, work_counters, 2, 1, 1, 0, 0, 0};
static const struct tally_function get_function = {
    &get_source, CODE(LIB, 0x1400), get_scopes, get_sites, NULL, 1, 1, 0, 0, 0, 0};

static const uint64_t main_counts[] = {70}, work_counts[] = {5};
static const struct tally_context contexts[] = {
    {&main_function, TALLY_NO_INDEX, TALLY_NO_INDEX, 1, 5000000, main_counts, 0, 0},
    {&work_function, 0, 0, 100, 2000000, work_counts, 0, 5000000000},
    {&get_function, 0, 1, 50, 500, NULL, 0, 0},
    {&work_function, 0, 2, 7, 7000, NULL, 0, 0},
    {&work_function, 1, 0, 3, 3000, NULL, 0, 0},
    {&work_function, 2, 0, 50, 1000000, NULL, 0, 250},
};
/* work allocates at line 7, by main's call at 11, and helper, inlined into main, at 3. */
static const struct tally_allocation allocations[] = {
    {.context = 1,
     .site = 0,
     .allocated_objects = 30,
     .allocated_bytes = 3000,
     .freed_objects = 20,
     .freed_bytes = 2000,
     .temporary_objects = 5,
     .lifetime_ns = 900,
     .shortest_ns = 10,
     .longest_ns = 100,
     .peak_objects = 12,
     .peak_bytes = 1200,
     .most_bytes = 1500,
     .size_class = 8},
    {.context = 0,
     .site = 2,
     .allocated_objects = 4,
     .allocated_bytes = 64,
     .peak_objects = 4,
     .peak_bytes = 64,
     .most_bytes = 64,
     .size_class = 5},
    {.context = 0, .site = 0, .kind = "pool", .allocated_objects = 2, .allocated_bytes = 32},
};
static const struct tally_module modules[] = {
    {APP + 0x1000, APP + 0x3000, 0x1000, APP, "/app/demo", "0123456789abcdef"},
    {LIB + 0x1000, LIB + 0x3000, 0x1000, LIB, "/lib/libbox.so", "fedcba9876543210"},
};

static void *allocate(void *context, size_t size_bytes) {
    (void)context;
    return malloc(size_bytes);
}

static void release(void *context, void *memory) {
    (void)context;
    free(memory);
}

static void insist(int truth, const char *what) {
    if (!truth) {
        fprintf(stderr, "interop_write: %s\n", what);
        exit(1);
    }
}

static void export_to(const char *directory, enum tally_timing timing) {
    static const char *const argv[] = {"demo", "caf\xe9", NULL};
    const struct tally_allocator allocator = {allocate, release, NULL};
    struct tally_snapshot snapshot = {
        .contexts = contexts,
        .n_contexts = sizeof contexts / sizeof *contexts,
        .modules = modules,
        .n_modules = 2,
        .argv = argv,
        .executable = "/app/demo",
        .working_directory = "/",
        .ended_by = "exit",
        .clock = "tsc",
        .timing = timing,
        .start_time_ns = 1700000000000000000,
        .duration_ns = 9000000,
        .clock_hz = 1000000000,
        .threads = 1,
        .pid = 1,
        .losses = {.exits_unmatched = 3},
        .heap = {.allocations = allocations,
                 .n_allocations = sizeof allocations / sizeof *allocations,
                 .timed = true},
    };
    int fd = open(directory, O_RDONLY | O_DIRECTORY);
    insist(fd >= 0, directory);
    insist(tally_export(&snapshot, fd, &allocator) == 0, "tally_export");
    close(fd);
}

static enum tally_timing timing_of(const char *name) {
    return strcmp(name, "adaptive") == 0 ? TALLY_TIMING_ADAPTIVE
           : strcmp(name, "off") == 0    ? TALLY_TIMING_OFF
                                         : TALLY_TIMING_EXACT;
}

/* Reads the exported file and writes the sum of `n` of it in its place. */
static void rewrite(const char *path, size_t n) {
    struct tally_pprof_error error = {0};
    struct tally_pprof_profile *profile, *sum;
    insist(tally_pprof_read(path, NULL, &profile, &error) == TALLY_PPROF_OK, error.message);
    const struct tally_pprof_profile *list[] = {profile, profile};
    insist(tally_pprof_merge(list, n, &sum, &error) == TALLY_PPROF_OK, error.message);
    insist(tally_pprof_write(sum, path, TALLY_PPROF_GZIP, &error) == TALLY_PPROF_OK, error.message);
    tally_pprof_free(profile);
    tally_pprof_free(sum);
}

int main(int argc, char **argv) {
    insist(argc == 3, "usage: interop_write export|adaptive|off|gzip|merged DIRECTORY");
    char path[4200];
    snprintf(source_path, sizeof source_path, "%s/demo.c", argv[2]);
    FILE *source = fopen(source_path, "w");
    insist(source != NULL, source_path);
    fputs(source_text, source);
    fclose(source);
    export_to(argv[2], timing_of(argv[1]));
    snprintf(path, sizeof path, "%s/calls.pb.gz", argv[2]);
    if (strcmp(argv[1], "gzip") == 0)
        rewrite(path, 1);
    else if (strcmp(argv[1], "merged") == 0)
        rewrite(path, 2);
    return 0;
}
