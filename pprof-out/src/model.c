/*
 * model.c - building a profile: interning, and finding what is there already.
 *
 * Role in the flow: the decoder, the merge and every program that makes a profile add things here,
 * from the ground up: strings, functions and mappings, locations, samples.
 *
 *   intern ──> add_function ──┐
 *              add_mapping ───┴──> add_location ──> add_sample
 *
 * Invariants: equal strings of one profile are one pointer, so everything above compares pointers;
 * no two functions, locations or samples have equal contents; ids are 1, 2, … in the order of the
 * arrays. Adding may fail for lack of memory only, and then the profile is as it was.
 */
#include "model.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define TLI_FIRST_CAPACITY 16

/* ---- life ---- */

static uint64_t random_seed(void) {
    uint64_t seed = 0;
    if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
        seed = (uintptr_t)&seed; /* early in the boot: the stack's place is all there is */
    return seed;
}

struct tally_pprof_profile *tally_pprof_new(void) {
    struct tally_pprof_profile *profile = calloc(1, sizeof *profile);
    struct tally_pprof_store *store = calloc(1, sizeof *store);
    if (profile == NULL || store == NULL) {
        free(profile);
        free(store);
        return NULL;
    }
    profile->store = store;
    store->seed = random_seed();
    tli_memory_begin(&store->memory);
    const struct tally_allocator *allocator = &store->memory.allocator;
    store->pool.allocator = allocator;
    store->strings_table.allocator = allocator;
    store->functions_table.allocator = allocator;
    store->locations_table.allocator = allocator;
    store->samples_table.allocator = allocator;
    const char *empty = tally_pprof_intern(profile, "");
    if (empty == NULL) {
        tally_pprof_free(profile);
        return NULL;
    }
    profile->default_sample_type = empty;
    profile->drop_frames = profile->keep_frames = profile->doc_url = empty;
    profile->period_type.type = profile->period_type.unit = empty;
    return profile;
}

static void free_array(struct tally_pprof_store *store, void *array) {
    if (array != NULL)
        store->memory.allocator.free(store->memory.allocator.context, array);
}

void tally_pprof_free(struct tally_pprof_profile *profile) {
    if (profile == NULL)
        return;
    struct tally_pprof_store *store = profile->store;
    tli_table_free(&store->strings_table);
    tli_table_free(&store->functions_table);
    tli_table_free(&store->locations_table);
    tli_table_free(&store->samples_table);
    tli_pool_free(&store->pool);
    free_array(store, store->strings);
    free_array(store, profile->sample_types);
    free_array(store, profile->samples);
    free_array(store, profile->mappings);
    free_array(store, profile->locations);
    free_array(store, profile->functions);
    free_array(store, profile->comments);
    free(store);
    free(profile);
}

/* Makes room for one more after `n` things; false on lack of memory. */
static bool make_room(struct tally_pprof_store *store, void *array, size_t n, size_t *capacity,
                      size_t thing_bytes) {
    if (n < *capacity)
        return true;
    size_t more = *capacity == 0 ? TLI_FIRST_CAPACITY : 2 * *capacity;
    void *old, *memory;
    memcpy(&old, array, sizeof old);
    memory = tli_grow(&store->memory.allocator, old, n, more, thing_bytes);
    if (memory == NULL)
        return false;
    memcpy(array, &memory, sizeof memory);
    *capacity = more;
    return true;
}

/* ---- strings ---- */

struct string_key {
    const char *bytes;
    size_t size;
};

static bool same_string(const void *context, uint32_t index, const void *key) {
    const struct tally_pprof_store *store = context;
    const struct string_key *wanted = key;
    const char *string = store->strings[index];
    return strncmp(string, wanted->bytes, wanted->size) == 0 && string[wanted->size] == '\0';
}

const char *tli_intern_bytes(struct tally_pprof_profile *profile, const char *bytes, size_t size) {
    struct tally_pprof_store *store = profile->store;
    struct string_key key = {bytes, size};
    uint64_t hash = tli_hash_bytes(store->seed, bytes, size);
    uint32_t index = tli_table_find(&store->strings_table, hash, same_string, store, &key);
    if (index != TLI_ABSENT)
        return store->strings[index];
    char *string = tli_pool_alloc(&store->pool, size + 1);
    if (string == NULL ||
        !make_room(store, &store->strings, store->n_strings, &store->strings_capacity,
                   sizeof *store->strings) ||
        !tli_table_insert(&store->strings_table, hash, (uint32_t)store->n_strings))
        return NULL;
    memcpy(string, bytes, size);
    string[size] = '\0';
    store->strings[store->n_strings++] = string;
    return string;
}

const char *tally_pprof_intern(struct tally_pprof_profile *profile, const char *string) {
    if (string == NULL)
        string = "";
    return tli_intern_bytes(profile, string, strlen(string));
}

/* ---- what a profile has few of ---- */

bool tally_pprof_add_sample_type(struct tally_pprof_profile *profile, const char *type,
                                 const char *unit) {
    struct tally_pprof_value_type new = {
        .type = tally_pprof_intern(profile, type),
        .unit = tally_pprof_intern(profile, unit),
    };
    if (new.type == NULL || new.unit == NULL ||
        !make_room(profile->store, &profile->sample_types, profile->n_sample_types,
                   &profile->store->sample_types, sizeof new))
        return false;
    profile->sample_types[profile->n_sample_types++] = new;
    return true;
}

bool tally_pprof_add_comment(struct tally_pprof_profile *profile, const char *comment) {
    const char *string = tally_pprof_intern(profile, comment);
    if (string == NULL || !make_room(profile->store, &profile->comments, profile->n_comments,
                                     &profile->store->comments, sizeof *profile->comments))
        return false;
    profile->comments[profile->n_comments++] = string;
    return true;
}

struct tally_pprof_mapping *tally_pprof_add_mapping(struct tally_pprof_profile *profile,
                                                    const struct tally_pprof_mapping *like) {
    struct tally_pprof_mapping *mapping = tli_pool_copy(&profile->store->pool, like, sizeof *like);
    const char *filename = tally_pprof_intern(profile, like->filename);
    const char *build_id = tally_pprof_intern(profile, like->build_id);
    if (mapping == NULL || filename == NULL || build_id == NULL ||
        !make_room(profile->store, &profile->mappings, profile->n_mappings,
                   &profile->store->mappings, sizeof *profile->mappings))
        return NULL;
    mapping->filename = filename;
    mapping->build_id = build_id;
    profile->mappings[profile->n_mappings++] = mapping;
    mapping->id = profile->n_mappings;
    return mapping;
}

/* ---- functions ---- */

static bool same_function(const void *context, uint32_t index, const void *key) {
    const struct tally_pprof_profile *profile = context;
    const struct tally_pprof_function *wanted = key, *function = profile->functions[index];
    return function->name == wanted->name && function->system_name == wanted->system_name &&
           function->filename == wanted->filename && function->start_line == wanted->start_line;
}

static uint64_t hash_function(uint64_t hash, const struct tally_pprof_function *function) {
    hash = tli_hash_word(hash, (uintptr_t)function->name);
    hash = tli_hash_word(hash, (uintptr_t)function->system_name);
    hash = tli_hash_word(hash, (uintptr_t)function->filename);
    return tli_hash_word(hash, (uint64_t)function->start_line);
}

const struct tally_pprof_function *
tally_pprof_add_function(struct tally_pprof_profile *profile, const char *name,
                         const char *system_name, const char *filename, int64_t start_line) {
    struct tally_pprof_store *store = profile->store;
    struct tally_pprof_function new = {
        .id = profile->n_functions + 1,
        .name = tally_pprof_intern(profile, name),
        .system_name = tally_pprof_intern(profile, system_name),
        .filename = tally_pprof_intern(profile, filename),
        .start_line = start_line,
    };
    if (new.name == NULL || new.system_name == NULL || new.filename == NULL)
        return NULL;
    uint64_t hash = hash_function(store->seed, &new);
    uint32_t index = tli_table_find(&store->functions_table, hash, same_function, profile, &new);
    if (index != TLI_ABSENT)
        return profile->functions[index];
    struct tally_pprof_function *function = tli_pool_copy(&store->pool, &new, sizeof new);
    if (function == NULL ||
        !make_room(store, &profile->functions, profile->n_functions, &store->functions,
                   sizeof *profile->functions) ||
        !tli_table_insert(&store->functions_table, hash, (uint32_t)profile->n_functions))
        return NULL;
    profile->functions[profile->n_functions++] = function;
    return function;
}

/* ---- locations ---- */

static bool same_lines(const struct tally_pprof_location *a, const struct tally_pprof_location *b) {
    if (a->n_lines != b->n_lines)
        return false;
    for (size_t i = 0; i < a->n_lines; i++)
        if (a->lines[i].function != b->lines[i].function || a->lines[i].line != b->lines[i].line ||
            a->lines[i].column != b->lines[i].column)
            return false;
    return true;
}

static bool same_location(const void *context, uint32_t index, const void *key) {
    const struct tally_pprof_profile *profile = context;
    const struct tally_pprof_location *wanted = key, *location = profile->locations[index];
    return location->mapping == wanted->mapping && location->address == wanted->address &&
           location->is_folded == wanted->is_folded && same_lines(location, wanted);
}

static uint64_t hash_location(uint64_t hash, const struct tally_pprof_location *location) {
    hash = tli_hash_word(hash, (uintptr_t)location->mapping);
    hash = tli_hash_word(hash, location->address);
    for (size_t i = 0; i < location->n_lines; i++) {
        hash = tli_hash_word(hash, (uintptr_t)location->lines[i].function);
        hash = tli_hash_word(hash, (uint64_t)location->lines[i].line);
    }
    return hash;
}

const struct tally_pprof_location *tli_add_location(struct tally_pprof_profile *profile,
                                                    const struct tally_pprof_location *like) {
    struct tally_pprof_store *store = profile->store;
    uint64_t hash = hash_location(store->seed, like);
    uint32_t index = tli_table_find(&store->locations_table, hash, same_location, profile, like);
    if (index != TLI_ABSENT)
        return profile->locations[index];
    struct tally_pprof_location *location = tli_pool_copy(&store->pool, like, sizeof *like);
    void *lines =
        tli_pool_copy(&store->pool, like->lines, like->n_lines * sizeof(struct tally_pprof_line));
    if (location == NULL || lines == NULL ||
        !make_room(store, &profile->locations, profile->n_locations, &store->locations,
                   sizeof *profile->locations) ||
        !tli_table_insert(&store->locations_table, hash, (uint32_t)profile->n_locations))
        return NULL;
    location->lines = lines;
    profile->locations[profile->n_locations++] = location;
    location->id = profile->n_locations;
    return location;
}

const struct tally_pprof_location *
tally_pprof_add_location(struct tally_pprof_profile *profile,
                         const struct tally_pprof_mapping *mapping, uint64_t address,
                         const struct tally_pprof_line *lines, size_t n_lines) {
    struct tally_pprof_location like = {
        .mapping = mapping, .address = address, .lines = lines, .n_lines = n_lines};
    return tli_add_location(profile, &like);
}

/* ---- samples ---- */

static bool same_sample(const void *context, uint32_t index, const void *key) {
    const struct tally_pprof_profile *profile = context;
    const struct tally_pprof_sample *wanted = key, *sample = &profile->samples[index];
    if (sample->n_locations != wanted->n_locations || sample->n_labels != wanted->n_labels)
        return false;
    for (size_t i = 0; i < sample->n_locations; i++)
        if (sample->locations[i] != wanted->locations[i])
            return false;
    for (size_t i = 0; i < sample->n_labels; i++) {
        const struct tally_pprof_label *a = &sample->labels[i], *b = &wanted->labels[i];
        if (a->key != b->key || a->str != b->str || a->num != b->num || a->num_unit != b->num_unit)
            return false;
    }
    return true;
}

static uint64_t hash_sample(uint64_t hash, const struct tally_pprof_sample *sample) {
    for (size_t i = 0; i < sample->n_locations; i++)
        hash = tli_hash_word(hash, (uintptr_t)sample->locations[i]);
    for (size_t i = 0; i < sample->n_labels; i++) {
        hash = tli_hash_word(hash, (uintptr_t)sample->labels[i].key);
        hash = tli_hash_word(hash, (uintptr_t)sample->labels[i].str);
        hash = tli_hash_word(hash, (uint64_t)sample->labels[i].num);
    }
    return hash;
}

int64_t tli_saturating_add(int64_t a, int64_t b) {
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return a < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

/* The labels with their strings interned, in the pool; null on lack of memory. */
static struct tally_pprof_label *copy_labels(struct tally_pprof_profile *profile,
                                             const struct tally_pprof_label *labels, size_t n) {
    struct tally_pprof_label *copy =
        tli_pool_copy(&profile->store->pool, labels, n * sizeof *labels);
    for (size_t i = 0; copy != NULL && i < n; i++) {
        copy[i].key = tally_pprof_intern(profile, labels[i].key);
        copy[i].num_unit = tally_pprof_intern(profile, labels[i].num_unit);
        if (labels[i].str != NULL)
            copy[i].str = tally_pprof_intern(profile, labels[i].str);
        if (copy[i].key == NULL || copy[i].num_unit == NULL ||
            (labels[i].str != NULL && copy[i].str == NULL))
            return NULL;
    }
    return copy;
}

static bool append_sample(struct tally_pprof_profile *profile, uint64_t hash,
                          struct tally_pprof_sample sample, const int64_t *values) {
    struct tally_pprof_store *store = profile->store;
    sample.locations = tli_pool_copy(&store->pool, sample.locations,
                                     sample.n_locations * sizeof *sample.locations);
    sample.values = tli_pool_copy(&store->pool, values, profile->n_sample_types * sizeof *values);
    if (sample.locations == NULL || sample.values == NULL ||
        !make_room(store, &profile->samples, profile->n_samples, &store->samples, sizeof sample) ||
        !tli_table_insert(&store->samples_table, hash, (uint32_t)profile->n_samples))
        return false;
    profile->samples[profile->n_samples++] = sample;
    return true;
}

bool tally_pprof_add_sample(struct tally_pprof_profile *profile,
                            const struct tally_pprof_location *const *locations, size_t n_locations,
                            const int64_t *values, const struct tally_pprof_label *labels,
                            size_t n_labels) {
    struct tally_pprof_sample sample = {
        .locations = locations,
        .n_locations = n_locations,
        .labels = copy_labels(profile, labels, n_labels),
        .n_labels = n_labels,
    };
    if (sample.labels == NULL)
        return false;
    uint64_t hash = hash_sample(profile->store->seed, &sample);
    uint32_t index =
        tli_table_find(&profile->store->samples_table, hash, same_sample, profile, &sample);
    if (index == TLI_ABSENT)
        return append_sample(profile, hash, sample, values);
    int64_t *sums = profile->samples[index].values;
    for (size_t i = 0; i < profile->n_sample_types; i++)
        if (__builtin_add_overflow(sums[i], values[i], &sums[i])) {
            sums[i] = values[i] < 0 ? INT64_MIN : INT64_MAX;
            profile->store->is_cut = true;
        }
    return true;
}

/* ---- questions ---- */

int tally_pprof_sample_index(const struct tally_pprof_profile *profile, const char *name) {
    bool ask_default = name == NULL;
    if (ask_default)
        name = profile->default_sample_type;
    for (size_t i = 0; i < profile->n_sample_types; i++)
        if (strcmp(profile->sample_types[i].type, name) == 0)
            return (int)i;
    return ask_default ? (int)profile->n_sample_types - 1 : -1;
}
