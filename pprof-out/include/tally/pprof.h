/*
 * pprof.h - profiles in the pprof format: a model, and what one does with it.
 *
 * The model follows profile.proto of google/pprof, with pointers where the format has ids and
 * strings where it has string-table indices. A profile owns everything in it: it is built with the
 * tally_pprof_add_* functions or by tally_pprof_read, changed only through them, and released whole
 * by tally_pprof_free.
 *
 *   tally_pprof_profile ─┬─ sample_types[]   what the values of each sample are
 *                        ├─ samples[] ──> locations[] (leaf first), values[], labels[]
 *                        ├─ locations[] ──> mapping, lines[] (innermost inlined body first)
 *                        ├─ functions[], mappings[]
 *                        └─ comments[], times, period, default_sample_type
 *
 * Errors: functions return enum tally_pprof_status; the message of the last failure (one line:
 * cause, no file name) is kept in the struct tally_pprof_error given, which may be null. No
 * function prints. Thread-safety: different profiles may be used from different threads; one
 * profile by one. Units: values are in their sample type's unit; times in nanoseconds.
 */
#ifndef TALLY_PPROF_H
#define TALLY_PPROF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum tally_pprof_status {
    TALLY_PPROF_OK = 0,
    TALLY_PPROF_NO_MEMORY,
    TALLY_PPROF_IO,            /* the system said no; message has strerror's words */
    TALLY_PPROF_EMPTY,         /* no bytes at all */
    TALLY_PPROF_NOT_A_PROFILE, /* not gzip, zstd or a pprof protobuf */
    TALLY_PPROF_TRUNCATED,     /* ends too early */
    TALLY_PPROF_CORRUPT,       /* checksum, or contents that no writer makes */
    TALLY_PPROF_TOO_LARGE,     /* beyond the limits given to the reader */
    TALLY_PPROF_INVALID,      /* well-formed, but breaks a rule of the format (tally_pprof_check) */
    TALLY_PPROF_INCOMPATIBLE, /* cannot be merged: other sample types or period type */
};

struct tally_pprof_error {
    enum tally_pprof_status status;
    char message[256];
};

struct tally_pprof_value_type {
    const char *type, *unit;
};

struct tally_pprof_mapping {
    uint64_t id; /* 1, 2, … in the order of adding, likewise below */
    uint64_t memory_start, memory_limit, file_offset;
    const char *filename, *build_id;
    bool has_functions, has_filenames, has_line_numbers, has_inline_frames;
};

struct tally_pprof_function {
    uint64_t id;
    const char *name, *system_name, *filename;
    int64_t start_line;
};

struct tally_pprof_line {
    const struct tally_pprof_function
        *function; /* null only in profiles that were never symbolised */
    int64_t line;
    int64_t column; /* 0: unknown */
};

struct tally_pprof_location {
    uint64_t id;
    const struct tally_pprof_mapping *mapping; /* or null */
    uint64_t address;
    const struct tally_pprof_line *lines; /* lines[0] is the innermost inlined body */
    size_t n_lines;
    bool is_folded;
};

struct tally_pprof_label {
    const char *key;
    const char *str; /* null for a number */
    int64_t num;
    const char *num_unit;
};

struct tally_pprof_sample {
    const struct tally_pprof_location *const *locations; /* leaf first */
    size_t n_locations;
    int64_t *values; /* profile->n_sample_types of them */
    const struct tally_pprof_label *labels;
    size_t n_labels;
};

/* Read freely; change through the functions below only. Arrays hold pointers that stay valid. */
struct tally_pprof_profile {
    struct tally_pprof_value_type *sample_types;
    size_t n_sample_types;
    struct tally_pprof_sample *samples;
    size_t n_samples;
    struct tally_pprof_mapping **mappings;
    size_t n_mappings;
    struct tally_pprof_location **locations;
    size_t n_locations;
    struct tally_pprof_function **functions;
    size_t n_functions;
    const char **comments;
    size_t n_comments;
    const char *default_sample_type; /* "": the last one; files are written with its name */
    const char *drop_frames, *keep_frames, *doc_url;
    struct tally_pprof_value_type period_type;
    int64_t period, time_ns, duration_ns;
    struct tally_pprof_store *store; /* memory and indices; private */
};

/* ---- building (model.c) ----
 * Strings are copied and interned. The add functions return null on lack of memory. */
struct tally_pprof_profile *tally_pprof_new(void);
void tally_pprof_free(struct tally_pprof_profile *profile);

const char *tally_pprof_intern(struct tally_pprof_profile *profile, const char *string);
bool tally_pprof_add_sample_type(struct tally_pprof_profile *profile, const char *type,
                                 const char *unit);
bool tally_pprof_add_comment(struct tally_pprof_profile *profile, const char *comment);
struct tally_pprof_mapping *tally_pprof_add_mapping(struct tally_pprof_profile *profile,
                                                    const struct tally_pprof_mapping *like);
/* The same function twice (all four fields equal) gives the one there is; so for locations
 * (mapping, address, lines). */
const struct tally_pprof_function *
tally_pprof_add_function(struct tally_pprof_profile *profile, const char *name,
                         const char *system_name, const char *filename, int64_t start_line);
const struct tally_pprof_location *
tally_pprof_add_location(struct tally_pprof_profile *profile,
                         const struct tally_pprof_mapping *mapping, uint64_t address,
                         const struct tally_pprof_line *lines, size_t n_lines);
/* Samples with the same locations and labels (in the same order) are one: values are added. Sums
 * beyond 64 bits are cut off there, and a file that has such is refused. `values` has
 * n_sample_types entries. All sample types must have been added before. */
bool tally_pprof_add_sample(struct tally_pprof_profile *profile,
                            const struct tally_pprof_location *const *locations, size_t n_locations,
                            const int64_t *values, const struct tally_pprof_label *labels,
                            size_t n_labels);

/* Index of the sample type called `name`, or of the default one when name is null (the format's
 * rule: default_sample_type, else the last); -1 if there is none. */
int tally_pprof_sample_index(const struct tally_pprof_profile *profile, const char *name);

/* ---- check (check.c): every rule that google/pprof's CheckValid and perf_data_converter's
 * builder.cc hold profiles to. */
enum tally_pprof_status tally_pprof_check(const struct tally_pprof_profile *profile,
                                          struct tally_pprof_error *error);

/* ---- merge (merge.c): the sum of n profiles; the only thing that combines profiles.
 * Sample types and period type must be equal. time_ns: the earliest; duration_ns: the sum. */
enum tally_pprof_status tally_pprof_merge(const struct tally_pprof_profile *const *profiles,
                                          size_t n, struct tally_pprof_profile **merged,
                                          struct tally_pprof_error *error);

/* ---- encode, decode (encode.c, decode.c): plain protobuf in memory.
 * What a profile may have, so that a small file cannot ask for endless work: types of values,
 * comments, and frames (bodies inlined into one another being one each) of a stack. All stacks
 * together may have 16 frames for each byte of the profile, and 2^24 in any case. Decoding takes as
 * much memory as the limits for files say when nothing is said. */
#define TALLY_PPROF_MOST_SAMPLE_TYPES 256
#define TALLY_PPROF_MOST_COMMENTS 65536
#define TALLY_PPROF_MOST_FRAMES 262144
enum tally_pprof_status tally_pprof_encode(const struct tally_pprof_profile *profile,
                                           uint8_t **bytes, size_t *size,
                                           struct tally_pprof_error *error); /* *bytes: free() it */
enum tally_pprof_status tally_pprof_decode(const uint8_t *bytes, size_t size,
                                           struct tally_pprof_profile **profile,
                                           struct tally_pprof_error *error);

/* ---- files (file.c): reads gzip, zstd or plain protobuf, told by content, not by name. `path` "-"
 * is standard input. Does not check: see tally_pprof_check. */
/* 0: the default. */
struct tally_pprof_limits {
    size_t compressed_bytes; /* of the file; 1 GiB */
    size_t plain_bytes;      /* that it expands to; 4 GiB */
    size_t memory_bytes;     /* of the profile, and of its decoder, beside those; 8 GiB */
    size_t expansion;        /* plain bytes for each of the file, 16 MiB being free; 128 */
};
enum tally_pprof_status tally_pprof_read(const char *path,
                                         const struct tally_pprof_limits *limits, /* or null */
                                         struct tally_pprof_profile **profile,
                                         struct tally_pprof_error *error);
enum tally_pprof_compression {
    TALLY_PPROF_GZIP, /* .pb.gz: what every pprof tool reads */
    TALLY_PPROF_ZSTD, /* .pb.zst: for archives; google/pprof does not read it */
    TALLY_PPROF_PLAIN,
};
/* Writes a temporary file beside `path` and renames it: whole or not at all. Checks the profile
 * first. `path` "-" is standard output; it and what is not a regular file are written to directly.
 */
enum tally_pprof_status tally_pprof_write(const struct tally_pprof_profile *profile,
                                          const char *path,
                                          enum tally_pprof_compression compression,
                                          struct tally_pprof_error *error);

#ifdef __cplusplus
}
#endif

#endif
