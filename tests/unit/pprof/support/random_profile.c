/*
 * random_profile.c - profiles from a seed; see random_profile.h.
 */
#include "random_profile.h"

#include <stdio.h>
#include <string.h>

#define MAX_LINES 4
#define MAX_DEPTH 12
#define MAX_LABELS 3

/* xorshift64*: small, and the same everywhere. */
uint64_t next_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static size_t below(uint64_t *state, size_t limit) {
    return (size_t)(next_random(state) % limit);
}

/* Small, negative, and the ends of the range. */
static int64_t odd_number(uint64_t *state) {
    static const int64_t odd[] = {0, 1, -1, INT64_MAX, INT64_MIN, 127, 128, 1 << 14, -300};
    if (below(state, 3) == 0)
        return odd[below(state, sizeof odd / sizeof *odd)];
    return (int64_t)(next_random(state) >> below(state, 63));
}

static const char *random_name(uint64_t *state, char *buffer, size_t size) {
    static const char *const roots[] = {"",     "main",   "ns::f<int>(char)", "größe",
                                        "关于", "a b\tc", "\"quoted\\\"",     "operator()"};
    snprintf(buffer, size, "%s%zu", roots[below(state, 8)], below(state, 20));
    return buffer;
}

static void add_header(struct tally_pprof_profile *profile, uint64_t *state) {
    static const char *const types[] = {"calls", "wall", "cpu"};
    static const char *const units[] = {"count", "nanoseconds", "nanoseconds"};
    size_t n_types = 1 + below(state, 3);
    char name[64];
    for (size_t i = 0; i < n_types; i++)
        tally_pprof_add_sample_type(profile, types[i], units[i]);
    for (size_t i = below(state, 3); i > 0; i--)
        tally_pprof_add_comment(profile, random_name(state, name, sizeof name));
    profile->default_sample_type = tally_pprof_intern(profile, types[below(state, n_types)]);
    profile->period_type.type = tally_pprof_intern(profile, "wall");
    profile->period_type.unit = tally_pprof_intern(profile, "nanoseconds");
    profile->period = odd_number(state);
    profile->time_ns = odd_number(state);
    profile->duration_ns = odd_number(state);
    if (below(state, 2) == 0) {
        profile->drop_frames = tally_pprof_intern(profile, "drop.*");
        profile->keep_frames = tally_pprof_intern(profile, "drop_not");
        profile->doc_url = tally_pprof_intern(profile, "https://example.org/?a=b");
    }
}

static void add_mappings(struct tally_pprof_profile *profile, uint64_t *state) {
    char file[64], build_id[64];
    for (size_t i = below(state, 4); i > 0; i--) {
        struct tally_pprof_mapping like = {
            .memory_start = next_random(state),
            .memory_limit = next_random(state),
            .file_offset = next_random(state) >> below(state, 64),
            .filename = random_name(state, file, sizeof file),
            .build_id = random_name(state, build_id, sizeof build_id),
            .has_functions = below(state, 2) == 0,
            .has_filenames = below(state, 2) == 0,
            .has_line_numbers = below(state, 2) == 0,
            .has_inline_frames = below(state, 2) == 0,
        };
        tally_pprof_add_mapping(profile, &like);
    }
}

static void add_location(struct tally_pprof_profile *profile, uint64_t *state) {
    struct tally_pprof_line lines[MAX_LINES];
    size_t n_lines = below(state, MAX_LINES + 1);
    for (size_t i = 0; i < n_lines; i++)
        lines[i] = (struct tally_pprof_line){
            .function = profile->functions[below(state, profile->n_functions)],
            .line = odd_number(state),
            .column = below(state, 2) == 0 ? 0 : odd_number(state),
        };
    size_t mapping = below(state, profile->n_mappings + 1);
    tally_pprof_add_location(profile, mapping > 0 ? profile->mappings[mapping - 1] : NULL,
                             next_random(state) >> below(state, 64), lines, n_lines);
}

static void add_sample(struct tally_pprof_profile *profile, uint64_t *state) {
    const struct tally_pprof_location *stack[MAX_DEPTH];
    struct tally_pprof_label labels[MAX_LABELS];
    int64_t values[3];
    char texts[MAX_LABELS][2][64];
    size_t depth = below(state, MAX_DEPTH + 1), n_labels = below(state, MAX_LABELS + 1);
    for (size_t i = 0; i < depth; i++)
        stack[i] = profile->locations[below(state, profile->n_locations)];
    for (size_t i = 0; i < n_labels; i++) {
        bool is_string = below(state, 2) == 0;
        labels[i] = (struct tally_pprof_label){
            .key = random_name(state, texts[i][0], sizeof texts[i][0]),
            .str = is_string ? random_name(state, texts[i][1], sizeof texts[i][1]) : NULL,
            .num = is_string ? 0 : odd_number(state),
            .num_unit = is_string ? "" : "bytes",
        };
    }
    for (size_t i = 0; i < 3; i++)
        values[i] = odd_number(state);
    tally_pprof_add_sample(profile, stack, depth, values, labels, n_labels);
}

struct tally_pprof_profile *random_profile(uint64_t seed, size_t size) {
    uint64_t state = seed * 2654435761u + 88172645463325252u;
    struct tally_pprof_profile *profile = tally_pprof_new();
    char names[3][64];
    add_header(profile, &state);
    add_mappings(profile, &state);
    for (size_t i = 1 + below(&state, size + 1); i > 0; i--)
        tally_pprof_add_function(profile, random_name(&state, names[0], sizeof names[0]),
                                 random_name(&state, names[1], sizeof names[1]),
                                 random_name(&state, names[2], sizeof names[2]),
                                 odd_number(&state));
    for (size_t i = 1 + below(&state, size + 1); i > 0; i--)
        add_location(profile, &state);
    for (size_t i = 0; i < size; i++)
        add_sample(profile, &state);
    return profile;
}
