/*
 * export.c - tally_export: a snapshot of the runtime as profiles and run.json.
 *
 * Role in the flow: the runtime calls this inside the profiled process, at exit or in a signal
 * handler, with a snapshot nobody changes any more. For each profile, one pass over the contexts or
 * allocations writes the samples (export_samples.c); locations and functions are written in
 * between, when they are first met; mappings and strings at the end, when all is known of them.
 *
 * No malloc, no stdio, no locks; memory comes from the runtime's allocator: 500 KiB for buffers and
 * zlib, and what export.h says. The stack stays below 8 KiB, so everything larger than a few words
 * is in struct tli_export.
 */
#include "export.h"

#include "gzip.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Stacks repeat each other, so even the quickest level shrinks them to a few per cent; higher ones
 * cost the exiting program several times as long. */
#define TLI_GZIP_LEVEL 1
#define TLI_MAX_COMMENTS 5
#define TLI_COMMENT_BYTES 200

/* The profile of calls, by timing. */
#define CALLS_VALUES                                                                               \
    .file = "calls.pb.gz",                                                                         \
    .values = {{"calls", "count"}, {"wall", "nanoseconds"}, {"wall_variance", "nanoseconds^2"}},   \
    .write = tli_samples_write_contexts

static const struct tli_profile calls_profiles[] = {
    [TALLY_TIMING_EXACT] = {CALLS_VALUES, .n_values = TLI_WALL + 1, .main_value = TLI_WALL,
                            .period = {"wall", "nanoseconds"},
                            .comment = "every call is counted and timed, nothing is sampled."},
    [TALLY_TIMING_ADAPTIVE] = {CALLS_VALUES, .n_values = TLI_WALL_VARIANCE + 1,
                               .main_value = TLI_WALL, .period = {"wall", "nanoseconds"},
                               .comment =
                                   "every call is counted; where many are short, a random sample "
                                   "of them is timed, and their time estimated."},
    [TALLY_TIMING_OFF] = {CALLS_VALUES, .n_values = TLI_CALLS + 1, .main_value = TLI_CALLS,
                          .period = {"calls", "count"},
                          .comment = "every call is counted, none is timed."},
};

struct tli_export {
    const struct tally_snapshot *snapshot;
    const struct tally_allocator *allocator;
    struct tli_gzip gzip;
    struct tli_writer writer;
    struct tli_places places;
    struct tli_samples samples;
    uint64_t n_functions; /* of the profile of calls */
    char comments[TLI_MAX_COMMENTS][TLI_COMMENT_BYTES];
    size_t n_comments;
};

/* ---- header ---- */

/* A comment that begins with what it counts, so that it reads well whatever the number. */
static struct tli_text start_loss(struct tli_export *export, const char *what, uint64_t number) {
    struct tli_text text = tli_text_in(export->comments[export->n_comments++], TLI_COMMENT_BYTES);
    tli_text_add(&text, "Loss: ");
    tli_text_add(&text, what);
    tli_text_add(&text, ": ");
    tli_text_add_u64(&text, number);
    return text;
}

static void add_comments(struct tli_export *export, const struct tli_profile *profile) {
    const struct tally_losses *losses = &export->snapshot->losses;
    struct tli_text made_by = tli_text_in(export->comments[0], TLI_COMMENT_BYTES);
    tli_text_add(&made_by, "Made by Tally " TALLY_VERSION ": ");
    tli_text_add(&made_by, profile->comment);
    export->n_comments = 1;
    if (losses->contexts_collapsed != 0)
        start_loss(export, "calls without their path, under \"[contexts beyond the memory limit]\"",
                   losses->contexts_collapsed);
    if (losses->threads_unrecorded != 0)
        start_loss(export, "threads not recorded, for lack of memory", losses->threads_unrecorded);
    if (losses->exits_unmatched != 0)
        start_loss(export, "calls never seen to return (-finstrument-functions)",
                   losses->exits_unmatched);
    if (losses->clamped_ns != 0) {
        struct tli_text text =
            start_loss(export, "contexts with less time than the profiler's own cost in them",
                       losses->clamped_contexts);
        tli_text_add(&text, ", together ");
        tli_text_add_u64(&text, losses->clamped_ns);
        tli_text_add(&text, " ns too long");
    }
}

static void write_header(struct tli_export *export, const struct tli_profile *profile) {
    struct tli_writer *writer = &export->writer;
    Perftools__Profiles__ValueType types[TLI_MAX_VALUES], *type_pointers[TLI_MAX_VALUES];
    for (size_t i = 0; i < profile->n_values; i++) {
        perftools__profiles__value_type__init(&types[i]);
        types[i].type = tli_writer_string(writer, profile->values[i].type);
        types[i].unit = tli_writer_string(writer, profile->values[i].unit);
        type_pointers[i] = &types[i];
    }
    Perftools__Profiles__ValueType period = PERFTOOLS__PROFILES__VALUE_TYPE__INIT;
    period.type = tli_writer_string(writer, profile->period.type);
    period.unit = tli_writer_string(writer, profile->period.unit);
    int64_t comments[TLI_MAX_COMMENTS];
    add_comments(export, profile);
    for (size_t i = 0; i < export->n_comments; i++)
        comments[i] = tli_writer_string(writer, export->comments[i]);

    Perftools__Profiles__Profile header = PERFTOOLS__PROFILES__PROFILE__INIT;
    header.n_sample_type = profile->n_values;
    header.sample_type = type_pointers;
    header.time_nanos = export->snapshot->start_time_ns;
    header.duration_nanos = (int64_t) export->snapshot->duration_ns;
    header.period_type = &period;
    header.period = 1;
    header.n_comment = export->n_comments;
    header.comment = comments;
    header.default_sample_type = types[profile->main_value].type;
    tli_writer_put_header(writer, &header);
}

/* ---- files ---- */

static int begin_file(struct tli_export *export, struct tli_sink sink) {
    if (export->writer.allocator != NULL) {
        int error = tli_gzip_begin_again(&export->gzip, sink);
        tli_writer_begin_again(&export->writer);
        return error;
    }
    int error = tli_gzip_begin(&export->gzip, export->allocator, sink, TLI_GZIP_LEVEL);
    if (error == 0)
        tli_writer_begin(&export->writer, export->allocator, tli_gzip_sink(&export->gzip));
    return error;
}

static int write_samples(struct tli_export *export, const struct tli_profile *profile) {
    const struct tally_snapshot *snapshot = export->snapshot;
    if (!tli_places_begin(&export->places, snapshot, export->allocator, &export->writer))
        return -ENOMEM;
    tli_samples_begin(&export->samples, snapshot, profile->n_values, &export->places);
    write_header(export, profile);
    profile->write(&export->samples);
    tli_modules_write(&export->places.modules, &export->writer);
    return tli_writer_finish(&export->writer);
}

static void end_samples(struct tli_export *export) {
    if (export->samples.places != NULL)
        tli_samples_end(&export->samples);
    if (export->places.allocator != NULL)
        tli_places_end(&export->places);
    memset(&export->samples, 0, sizeof export->samples);
    memset(&export->places, 0, sizeof export->places);
}

static int write_profile(struct tli_export *export, const void *profile, struct tli_sink sink) {
    int error = begin_file(export, sink);
    if (error == 0)
        error = write_samples(export, profile);
    if (export->n_functions == 0)
        export->n_functions = export->places.n_functions;
    end_samples(export);
    return error != 0 ? error : tli_gzip_finish(&export->gzip);
}

static int write_json(struct tli_export *export, const void *unused, struct tli_sink sink) {
    (void)unused;
    return tli_write_run_json(export->snapshot, export->n_functions, export->allocator, sink);
}

static int write_file(struct tli_export *export, int directory_fd, const char *name,
                      int (*write_it)(struct tli_export *, const void *, struct tli_sink),
                      const void *what) {
    int fd;
    do
        fd = openat(directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return -errno;
    int error = write_it(export, what, tli_fd_sink(&fd));
    /* A full disk or a spent quota may be told only now. After EINTR the file is closed. */
    if (close(fd) != 0 && errno != EINTR && error == 0)
        error = -errno;
    return error;
}

static struct tli_export *begin(const struct tally_snapshot *snapshot,
                                const struct tally_allocator *allocator) {
    struct tli_export *export = allocator->alloc(allocator->context, sizeof *export);
    if (export != NULL) {
        memset(export, 0, sizeof *export);
        export->snapshot = snapshot;
        export->allocator = allocator;
    }
    return export;
}

static void end(struct tli_export *export) {
    const struct tally_allocator *allocator = export->allocator;
    if (export->writer.allocator != NULL)
        tli_writer_end(&export->writer);
    if (export->gzip.allocator != NULL)
        tli_gzip_end(&export->gzip);
    allocator->free(allocator->context, export);
}

static int write_heap_files(struct tli_export *export, int directory_fd) {
    int error = 0;
    struct tli_profile profile;
    for (size_t i = 0; error == 0 && tli_heap_profile(export->snapshot, i, &profile); i++)
        if (profile.n_values != 0)
            error = write_file(export, directory_fd, profile.file, write_profile, &profile);
    return error;
}

int tally_export(const struct tally_snapshot *snapshot, int directory_fd,
                 const struct tally_allocator *allocator) {
    const struct tli_profile *calls = &calls_profiles[tli_timing_of(snapshot)];
    struct tli_export *export = begin(snapshot, allocator);
    if (export == NULL)
        return -ENOMEM;
    int error = write_file(export, directory_fd, calls->file, write_profile, calls);
    if (error == 0)
        error = write_heap_files(export, directory_fd);
    if (error == 0)
        error = write_file(export, directory_fd, "run.json", write_json, NULL);
    end(export);
    return error;
}

int tally_export_heap(const struct tally_snapshot *snapshot, int fd,
                      const struct tally_allocator *allocator) {
    struct tli_profile profile;
    if (!tli_heap_profile(snapshot, 0, &profile) || profile.n_values == 0)
        return -ENOTSUP;
    struct tli_export *export = begin(snapshot, allocator);
    if (export == NULL)
        return -ENOMEM;
    int error = write_profile(export, &profile, tli_fd_sink(&fd));
    end(export);
    return error;
}
