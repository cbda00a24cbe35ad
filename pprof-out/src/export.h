/*
 * export.h - what the parts of tally_export share; private to export*.c and run_json.c.
 *
 *   snapshot ──> export.c               the files; what there is one of in a profile
 *                  ├─ export_heap.c     which profiles there are of allocations
 *                  ├─ export_samples.c  one sample per context, counter, allocation, streamed
 *                  ├─ export_places.c   which location is meant; its address, lines, functions
 *                  │     └─ export_modules.c   real address ──> mapping and run-stable address
 *                  └─ writer.h ─> gzip.h
 *
 * A place is what becomes a location: a function's own entry, a call site in it, or a counter's
 * inlined body. Each is written the first time it is needed, so nothing is kept of it but its
 * identity and its address.
 *
 * Memory: 40 to 60 bytes a place, 4 for each call site and counter of a function that has one, and
 * the tables; nothing for a context. All of it is from the runtime's allocator.
 */
#ifndef TLI_EXPORT_H
#define TLI_EXPORT_H

#include "tally/snapshot.h"
#include "writer.h"

#include <stdbool.h>

/* Which timing a snapshot is of: exact, adaptive or off. */
static inline enum tally_timing tli_timing_of(const struct tally_snapshot *snapshot) {
    return snapshot->timing == TALLY_TIMING_ANY ? TALLY_TIMING_EXACT : snapshot->timing;
}

/* ---- export_modules.c ---- */

/* A module as it stands in the profile. */
struct tli_module {
    const struct tally_module *module;
    uint64_t shift;    /* run-stable address minus run-time address */
    uint32_t mapping;  /* id; 0: no location refers to it yet */
    bool unsymbolised; /* a location in it has no function */
    bool has_filenames, has_line_numbers;
};

struct tli_modules {
    const struct tally_allocator *allocator;
    const char *executable;
    struct tli_module *by_start; /* [n] */
    size_t n;
    struct tli_module *main;   /* the executable's, or null: it is not among the modules */
    struct tli_module nowhere; /* for addresses outside of all modules: mapping 0, shift 0 */
    uint32_t n_mappings;
};

bool tli_modules_begin(struct tli_modules *modules, const struct tally_snapshot *snapshot,
                       const struct tally_allocator *allocator);
struct tli_module *tli_modules_find(struct tli_modules *modules, uint64_t address);
/* The id of a module's mapping, given to it now if it has none. */
uint32_t tli_modules_mapping(struct tli_modules *modules, struct tli_module *module);
void tli_modules_write(struct tli_modules *modules, struct tli_writer *writer);
void tli_modules_end(struct tli_modules *modules);

/* ---- export_places.c ---- */

/* Identity of a place: (function, 0), (function, 1 + site), (function, 1 + n_sites + counter); in a
 * function known by its address alone (function, 0) and (function, run-time address of a call). */
struct tli_place {
    const struct tally_function *fn;
    uint64_t which;
    uint64_t address;  /* run-stable, in no other place */
    uint32_t function; /* id of the function in the profile, if known by its address alone */
};

/* The places of one function that have been met so far. */
struct tli_function_places {
    const struct tally_function *fn;
    uint32_t ids[]; /* locations, by `which`: [1 + n_sites + n_counters]; 0: not met yet */
};

/* The name that stands for a function known by its address alone. */
struct tli_bare_name {
    struct tli_bare_name *next;
    char text[];
};

/* Identity of a function in the file, by string index. */
struct tli_function {
    uint32_t name, linkage_name, file, line;
};

struct tli_places {
    const struct tally_allocator *allocator;
    struct tli_writer *writer;
    struct tli_modules modules;
    struct tli_place *places; /* location id - 1 is the index; likewise below */
    uint32_t n_places, places_capacity;
    struct tli_table by_call, by_address; /* by_call: of functions known by their address alone */
    struct tli_function_places **met;     /* of the functions that have been asked for */
    uint32_t n_met, met_capacity;
    struct tli_table by_met;
    struct tli_function *functions; /* written; function id - 1 is the index */
    uint32_t n_functions, functions_capacity;
    struct tli_table by_function;
    struct tli_bare_name *bare_names;
    /* The lines of the place that is being written. */
    Perftools__Profiles__Line *lines, **line_pointers;
    size_t n_lines, lines_capacity;
};

bool tli_places_begin(struct tli_places *places, const struct tally_snapshot *snapshot,
                      const struct tally_allocator *allocator, struct tli_writer *writer);
/* What the following go by; null when memory is out (the writer's error says so). */
struct tli_function_places *tli_places_of(struct tli_places *places,
                                          const struct tally_function *fn);
/* The location id; 0 when memory is out (the writer's error says so). */
uint32_t tli_place_of_function(struct tli_places *places, struct tli_function_places *of);
uint32_t tli_place_of_site(struct tli_places *places, struct tli_function_places *of,
                           uint32_t site);
uint32_t tli_place_of_counter(struct tli_places *places, struct tli_function_places *of,
                              uint32_t counter);
/* A call at a run-time address by a function known by its address alone. */
uint32_t tli_place_of_call(struct tli_places *places, struct tli_function_places *of,
                           uint64_t address);
void tli_places_end(struct tli_places *places);

/* ---- export_samples.c ---- */

#define TLI_MAX_VALUES 4
#define TLI_MAX_LABELS 2

/* The values of a sample of calls; a profile has the first few of them. */
enum tli_value { TLI_CALLS, TLI_WALL, TLI_WALL_VARIANCE };

/* Strings by index. */
struct tli_label {
    int64_t key, text; /* text 0: a number, which has a unit */
    int64_t number, unit;
};

struct tli_values {
    int64_t of[TLI_MAX_VALUES];
    struct tli_label labels[TLI_MAX_LABELS];
    size_t n_labels;
};

/* A context on the path from the root to the current one. */
struct tli_open_context {
    uint32_t context;
    size_t callers_bytes; /* of its own callers, at the end of `callers` */
    struct tli_function_places *places;
};

struct tli_samples {
    const struct tally_snapshot *snapshot;
    size_t n_values;
    struct tli_places *places;
    struct tli_writer *writer;
    struct tli_open_context *open; /* the path, the root first */
    size_t n_open, open_capacity;
    uint8_t *callers; /* [callers_capacity], filled from its end */
    size_t callers_capacity;
};

void tli_samples_begin(struct tli_samples *samples, const struct tally_snapshot *snapshot,
                       size_t n_values, struct tli_places *places);
/* Errors are the writer's. Samples of zeroes are left out. */
void tli_samples_write_contexts(struct tli_samples *samples);
void tli_samples_write_allocation(struct tli_samples *samples,
                                  const struct tally_allocation *allocation,
                                  const struct tli_values *values);
void tli_samples_end(struct tli_samples *samples);

/* ---- export.c, export_heap.c: what a profile says of itself, and its samples ---- */

struct tli_value_type {
    const char *type, *unit;
};

struct tli_profile {
    const char *file;
    struct tli_value_type values[TLI_MAX_VALUES];
    size_t n_values;
    size_t main_value; /* what tools show unless they are asked for another */
    struct tli_value_type period;
    const char *comment; /* of the values */
    void (*write)(struct tli_samples *samples);
};

/* The i-th profile of the heap, the first of them heap.pb.gz; false if there are no more. Those
 * that have nothing to say have no values. */
bool tli_heap_profile(const struct tally_snapshot *snapshot, size_t i, struct tli_profile *profile);

/* ---- run_json.c ---- */

/* Writes run.json to the sink. `functions` is how many distinct ones the profile has. */
int tli_write_run_json(const struct tally_snapshot *snapshot, uint64_t functions,
                       const struct tally_allocator *allocator, struct tli_sink sink);

#endif
