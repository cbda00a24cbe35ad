/*
 * export_heap.c - the profiles of allocations, beside calls.pb.gz.
 *
 *   heap.pb.gz      what was allocated and is live, with Go's sample types in Go's order
 *   peak.pb.gz      what was live when most was, and the most that each place had
 *   lifetime.pb.gz  what was freed: how long it lived
 *   sizes.pb.gz     what was allocated, by classes of sizes
 *   pools.pb.gz     as heap.pb.gz, of what the program's own allocators hand out
 *
 * Each is one pass over the allocations of the snapshot. A value that cannot be added up, such as a
 * shortest lifetime, is a label.
 */
#include "export.h"

static struct tli_label number(struct tli_samples *samples, const char *key, uint64_t value,
                               const char *unit) {
    return (struct tli_label){
        .key = tli_writer_string(samples->writer, key),
        .number = (int64_t)value,
        .unit = tli_writer_string(samples->writer, unit),
    };
}

static struct tli_label text(struct tli_samples *samples, const char *key, const char *value) {
    return (struct tli_label){.key = tli_writer_string(samples->writer, key),
                              .text = tli_writer_string(samples->writer, value)};
}

static void write_amounts(struct tli_samples *samples, const struct tally_allocation *a) {
    struct tli_values values = {
        .of = {a->allocated_objects, a->allocated_bytes, a->allocated_objects - a->freed_objects,
               a->allocated_bytes - a->freed_bytes},
    };
    /* Pools' are not told apart by it, nor what was allocated before the options were known. */
    bool is_of_one_size = !a->kind && (a->size_bytes || (!a->histogram && a->size_class == 0));
    if (samples->snapshot->heap.sizes && is_of_one_size)
        values.labels[values.n_labels++] = number(samples, "bytes", a->size_bytes, "bytes");
    if (a->kind)
        values.labels[values.n_labels++] = text(samples, "kind", a->kind);
    tli_samples_write_allocation(samples, a, &values);
}

static void write_peak(struct tli_samples *samples, const struct tally_allocation *a) {
    struct tli_values values = {.of = {a->peak_objects, a->peak_bytes, a->most_bytes}};
    tli_samples_write_allocation(samples, a, &values);
}

static void write_lifetime(struct tli_samples *samples, const struct tally_allocation *a) {
    struct tli_values values = {
        .of = {a->freed_objects, (int64_t)a->temporary_objects, (int64_t)a->lifetime_ns},
    };
    if (samples->snapshot->heap.timed) {
        values.labels[0] = number(samples, "lifetime_min", a->shortest_ns, "nanoseconds");
        values.labels[1] = number(samples, "lifetime_max", a->longest_ns, "nanoseconds");
        values.n_labels = 2;
    }
    tli_samples_write_allocation(samples, a, &values);
}

static uint64_t largest_of(unsigned size_class) {
    return size_class ? UINT64_C(1) << (size_class - 1) : 0;
}

static void write_sizes(struct tli_samples *samples, const struct tally_allocation *a) {
    for (unsigned i = 0; i < TALLY_SIZE_CLASSES; i++) {
        uint64_t objects = a->histogram ? a->histogram[i] : 0;
        if (!a->histogram && i == a->size_class)
            objects = (uint64_t)a->allocated_objects;
        struct tli_values values = {.of = {(int64_t)objects}, .n_labels = 1};
        if (objects == 0)
            continue;
        values.labels[0] = number(samples, "bytes", largest_of(i), "bytes");
        tli_samples_write_allocation(samples, a, &values);
    }
}

typedef void write_allocation(struct tli_samples *samples, const struct tally_allocation *a);

static void write_all(struct tli_samples *samples, bool of_pools, write_allocation *write) {
    const struct tally_heap *heap = &samples->snapshot->heap;
    for (size_t i = 0; i < heap->n_allocations; i++)
        if ((heap->allocations[i].kind != NULL) == of_pools)
            write(samples, &heap->allocations[i]);
}

static void write_heap(struct tli_samples *samples) {
    write_all(samples, false, write_amounts);
}

static void write_peaks(struct tli_samples *samples) {
    write_all(samples, false, write_peak);
}

static void write_lifetimes(struct tli_samples *samples) {
    write_all(samples, false, write_lifetime);
}

static void write_all_sizes(struct tli_samples *samples) {
    write_all(samples, false, write_sizes);
}

static void write_pools(struct tli_samples *samples) {
    write_all(samples, true, write_amounts);
}

#define AMOUNTS                                                                                    \
    {                                                                                              \
        {"alloc_objects", "count"}, {"alloc_space", "bytes"}, {"inuse_objects", "count"}, {        \
            "inuse_space", "bytes"                                                                 \
        }                                                                                          \
    }

enum { HEAP, PEAK, LIFETIME, SIZES, POOLS, N_PROFILES };
enum { ALLOC_SPACE = 1, INUSE_SPACE = 3, PEAK_SPACE = 1, LIFETIME_SUM = 2 };

static const struct tli_profile profiles[N_PROFILES] = {
    [HEAP] = {.file = "heap.pb.gz",
              .values = AMOUNTS,
              .n_values = 4,
              .main_value = INUSE_SPACE,
              .period = {"space", "bytes"},
              .comment = "every allocation is recorded, nothing is sampled.",
              .write = write_heap},
    [PEAK] = {.file = "peak.pb.gz",
              .values = {{"peak_objects", "count"},
                         {"peak_space", "bytes"},
                         {"site_peak_space", "bytes"}},
              .n_values = 3,
              .main_value = PEAK_SPACE,
              .period = {"space", "bytes"},
              .comment = "what was live when the process had most live bytes; site_peak_space: the "
                         "most each place had, at times of their own.",
              .write = write_peaks},
    [LIFETIME] = {.file = "lifetime.pb.gz",
                  .values = {{"freed_objects", "count"},
                             {"temporary_objects", "count"},
                             {"lifetime", "nanoseconds"}},
                  .n_values = 3,
                  .main_value = LIFETIME_SUM,
                  .period = {"space", "bytes"},
                  .comment = "of what was freed: lifetime is the sum over objects.",
                  .write = write_lifetimes},
    [SIZES] = {.file = "sizes.pb.gz",
               .values = {{"alloc_objects", "count"}},
               .n_values = 1,
               .period = {"space", "bytes"},
               .comment = "allocations by size: the label is the largest size of a class.",
               .write = write_all_sizes},
    [POOLS] = {.file = "pools.pb.gz",
               .values = AMOUNTS,
               .n_values = 4,
               .main_value = INUSE_SPACE,
               .period = {"space", "bytes"},
               .comment = "what the program's own allocators, and mmap, handed out.",
               .write = write_pools},
};

static bool has_pools(const struct tally_heap *heap) {
    for (size_t i = 0; i < heap->n_allocations; i++)
        if (heap->allocations[i].kind != NULL)
            return true;
    return false;
}

bool tli_heap_profile(const struct tally_snapshot *snapshot, size_t i,
                      struct tli_profile *profile) {
    const struct tally_heap *heap = &snapshot->heap;
    if (i >= N_PROFILES || heap->mode == TALLY_HEAP_OFF)
        return false;
    *profile = profiles[i];
    bool needs_frees = i == PEAK || i == LIFETIME, counts_only = heap->mode == TALLY_HEAP_COUNTS;
    if ((needs_frees && counts_only) || (i == POOLS && !has_pools(heap)))
        profile->n_values = 0;
    else if (i == LIFETIME && !heap->timed)
        profile->n_values = LIFETIME_SUM, profile->main_value = 0;
    else if (counts_only && i != SIZES)
        profile->n_values = profile->main_value = ALLOC_SPACE, profile->n_values++;
    return true;
}
