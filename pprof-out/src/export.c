/*
 * export.c - tally_export: a snapshot of the runtime as calls.pb.gz and run.json.
 *
 * Role in the flow: the runtime calls this inside the profiled process, at exit or in a signal
 * handler, with a snapshot nobody changes any more. One pass over the contexts writes the profile:
 *
 *   context        sample  [its function] [call site in the parent] [call site in the grandparent]
 * … counter > 0    sample  [inlined body … in the function]         [call site in the parent] …
 *   self counter   sample  [function] [function]                    [call site in the parent] …
 *
 * with the values calls and wall (nanoseconds). Locations and functions are written in between,
 * when they are first met; mappings and strings at the end, when all is known of them.
 *
 * No malloc, no stdio, no locks; memory comes from the runtime's allocator: 4 bytes a context,
 * 500 KiB for buffers and zlib, and what export.h says. The stack stays below 8 KiB, so everything
 * larger than a few words is in struct tli_export.
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
#define TLI_FIRST_DEPTH 256

enum { CALLS, WALL, N_VALUES };

struct tli_export {
    const struct tally_snapshot *snapshot;
    const struct tally_allocator *allocator;
    struct tli_gzip gzip;
    struct tli_writer writer;
    struct tli_places places;
    uint32_t *callers; /* [n_contexts]: location of the call that made the context; 0: none */
    uint64_t *stack;   /* location ids; stack[0] is the sample's own leaf */
    size_t n_stack, stack_capacity;
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

static void add_comments(struct tli_export *export) {
    const struct tally_losses *losses = &export->snapshot->losses;
    struct tli_text made_by = tli_text_in(export->comments[0], TLI_COMMENT_BYTES);
    tli_text_add(&made_by, "Made by Tally " TALLY_VERSION ": every call is counted and timed, "
                           "nothing is sampled.");
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

static void write_header(struct tli_export *export) {
    struct tli_writer *writer = &export->writer;
    Perftools__Profiles__ValueType calls = PERFTOOLS__PROFILES__VALUE_TYPE__INIT;
    calls.type = tli_writer_string(writer, "calls");
    calls.unit = tli_writer_string(writer, "count");
    Perftools__Profiles__ValueType wall = PERFTOOLS__PROFILES__VALUE_TYPE__INIT;
    wall.type = tli_writer_string(writer, "wall");
    wall.unit = tli_writer_string(writer, "nanoseconds");
    Perftools__Profiles__ValueType *types[N_VALUES] = {[CALLS] = &calls, [WALL] = &wall};
    int64_t comments[TLI_MAX_COMMENTS];
    add_comments(export);
    for (size_t i = 0; i < export->n_comments; i++)
        comments[i] = tli_writer_string(writer, export->comments[i]);

    Perftools__Profiles__Profile header = PERFTOOLS__PROFILES__PROFILE__INIT;
    header.n_sample_type = N_VALUES;
    header.sample_type = types;
    header.time_nanos = export->snapshot->start_time_ns;
    header.duration_nanos = (int64_t) export->snapshot->duration_ns;
    header.period_type = &wall;
    header.period = 1;
    header.n_comment = export->n_comments;
    header.comment = comments;
    header.default_sample_type = wall.type;
    tli_writer_put_header(writer, &header);
}

/* ---- samples ---- */

/* Where the parent stood when it called context `index`. The call of a function that is known by
 * its address alone may come from code that is not instrumented, such as qsort; when that is in
 * another file it says nothing of where the parent stood. (In the same file that shows only when
 * the address is looked up.) */
static uint32_t caller_place(struct tli_export *export, uint32_t index) {
    struct tli_places *places = &export->places;
    const struct tally_context *context = &export->snapshot->contexts[index];
    if (context->parent == TALLY_NO_INDEX)
        return 0;
    const struct tally_function *parent = export->snapshot->contexts[context->parent].fn;
    if (parent->source != NULL)
        return context->site < parent->n_sites ? tli_place_of_site(places, parent, context->site)
                                               : tli_place_of_function(places, parent);
    uint64_t call = context->call_address - 1, own = (uintptr_t)parent->address;
    if (context->call_address == 0 ||
        tli_modules_find(&places->modules, call) != tli_modules_find(&places->modules, own))
        return tli_place_of_function(places, parent);
    return tli_place_of_call(places, parent, call);
}

static bool push(struct tli_export *export, uint64_t location) {
    if (export->n_stack == export->stack_capacity) {
        size_t more = export->stack_capacity == 0 ? TLI_FIRST_DEPTH : 2 * export->stack_capacity;
        uint64_t *stack =
            tli_grow(export->allocator, export->stack, export->n_stack, more, sizeof *stack);
        if (stack == NULL) {
            export->writer.error = -ENOMEM;
            return false;
        }
        export->stack = stack;
        export->stack_capacity = more;
    }
    export->stack[export->n_stack++] = location;
    return true;
}

/* Fills in the stack of callers of context `index`. */
static bool walk_up(struct tli_export *export, uint32_t index) {
    const struct tally_context *contexts = export->snapshot->contexts;
    export->n_stack = 0;
    if (!push(export, 0))
        return false;
    for (; contexts[index].parent != TALLY_NO_INDEX; index = contexts[index].parent)
        if (!push(export, export->callers[index]))
            return false;
    return true;
}

static int64_t clamp(uint64_t value) {
    return value < INT64_MAX ? (int64_t)value : INT64_MAX;
}

/* Writes a sample of the walked stack, with its leaf now at `leaf`. */
static void write_sample(struct tli_export *export, uint64_t leaf, uint64_t calls,
                         uint64_t wall_ns) {
    export->stack[0] = leaf;
    int64_t values[N_VALUES] = {[CALLS] = clamp(calls), [WALL] = clamp(wall_ns)};
    Perftools__Profiles__Sample sample = PERFTOOLS__PROFILES__SAMPLE__INIT;
    sample.n_location_id = export->n_stack;
    sample.location_id = export->stack;
    sample.n_value = N_VALUES;
    sample.value = values;
    tli_writer_put_sample(&export->writer, &sample);
}

static void write_counters(struct tli_export *export, const struct tally_context *context) {
    const struct tally_function *fn = context->fn;
    for (uint32_t i = 0; context->counters != NULL && i < fn->n_counters; i++) {
        if (context->counters[i] != 0)
            write_sample(export, tli_place_of_counter(&export->places, fn, i), context->counters[i],
                         0);
    }
}

static void write_samples(struct tli_export *export) {
    const struct tally_snapshot *snapshot = export->snapshot;
    for (size_t i = 0; i < snapshot->n_contexts && export->writer.error == 0; i++) {
        const struct tally_context *context = &snapshot->contexts[i];
        bool counted = context->counters != NULL && context->fn->n_counters > 0;
        bool entered = context->calls != 0 || context->wall_ns != 0;
        export->callers[i] = caller_place(export, (uint32_t)i);
        if ((!counted && !entered) || !walk_up(export, (uint32_t)i))
            continue;
        if (entered)
            write_sample(export, tli_place_of_function(&export->places, context->fn),
                         context->calls, context->wall_ns);
        write_counters(export, context);
    }
}

/* ---- files ---- */

static int write_profile(struct tli_export *export, struct tli_sink sink) {
    const struct tally_snapshot *snapshot = export->snapshot;
    int error = tli_gzip_begin(&export->gzip, export->allocator, sink, TLI_GZIP_LEVEL);
    if (error != 0)
        return error;
    tli_writer_begin(&export->writer, export->allocator, tli_gzip_sink(&export->gzip));
    export->callers =
        tli_grow(export->allocator, NULL, 0, snapshot->n_contexts + 1, sizeof *export->callers);
    if (!tli_places_begin(&export->places, snapshot, export->allocator, &export->writer) ||
        export->callers == NULL)
        return -ENOMEM;
    write_header(export);
    write_samples(export);
    tli_modules_write(&export->places.modules, &export->writer);
    error = tli_writer_finish(&export->writer);
    return error != 0 ? error : tli_gzip_finish(&export->gzip);
}

static int write_json(struct tli_export *export, struct tli_sink sink) {
    return tli_write_run_json(export->snapshot, export->places.n_functions, export->allocator,
                              sink);
}

static int write_file(struct tli_export *export, int directory_fd, const char *name,
                      int (*write_it)(struct tli_export *, struct tli_sink)) {
    int fd;
    do
        fd = openat(directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
    if (fd < 0)
        return -errno;
    int error = write_it(export, tli_fd_sink(&fd));
    /* A full disk or a spent quota may be told only now. After EINTR the file is closed. */
    if (close(fd) != 0 && errno != EINTR && error == 0)
        error = -errno;
    return error;
}

static void end(struct tli_export *export) {
    const struct tally_allocator *allocator = export->allocator;
    if (export->places.allocator != NULL)
        tli_places_end(&export->places);
    if (export->writer.allocator != NULL)
        tli_writer_end(&export->writer);
    if (export->gzip.allocator != NULL)
        tli_gzip_end(&export->gzip);
    if (export->callers != NULL)
        allocator->free(allocator->context, export->callers);
    if (export->stack != NULL)
        allocator->free(allocator->context, export->stack);
    allocator->free(allocator->context, export);
}

int tally_export(const struct tally_snapshot *snapshot, int directory_fd,
                 const struct tally_allocator *allocator) {
    struct tli_export *export = allocator->alloc(allocator->context, sizeof *export);
    if (export == NULL)
        return -ENOMEM;
    memset(export, 0, sizeof *export);
    export->snapshot = snapshot;
    export->allocator = allocator;
    int error = write_file(export, directory_fd, "calls.pb.gz", write_profile);
    if (error == 0)
        error = write_file(export, directory_fd, "run.json", write_json);
    end(export);
    return error;
}
