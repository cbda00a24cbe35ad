/*
 * run_json.c - run.json: what ran, how it was built and measured, and what is missing.
 *
 * Role in the flow: the second file of tally_export, read by `tally info`, `diff` and `check`. Its
 * layout is a contract; new keys may be added, a change of meaning raises format_version:
 *
 *   format_version, tally_version, abi_version
 *   program    { executable, argv [], working_directory, pid }
 *   start_time_ns (since the epoch), start_time (the same, ISO 8601 UTC), duration_ns, ended_by
 *   timing     "exact", "adaptive" or "off"
 *   clock      { name, hz, fallback }         "none" and 0 when timing is off; the last says why it
 *                                             is not tsc, if one might expect it
 *   probe      { inside_ps, outside_ps, counted_ps }  picoseconds a call, already taken off
 *   options    { name: value as text, … }
 *   machine    { architecture, processor, processors, kernel }    "" and 0: unknown
 *   threads, contexts, functions (distinct, in the profile), instrumented_functions (in all units)
 *   threads_time { wall_ns, cpu_ns, run_queue_ns, unknown_ns }     sums, see tally_threads_time
 *   heap       { mode, note, allocated_objects, allocated_bytes, freed_objects, freed_bytes,
 *                inuse_objects, inuse_bytes, peak_bytes, table_bytes, frees_unmatched,
 *                blocks_unrecorded }          mode "full", "counts" or "off"; see tally_heap
 *   units      [ { file, producer, options, flags, functions, optimization } ]
 *                                             flags: those of the compiler that change its code, as
 *                                             plugin/flags.h says; "" where unknown
 *   modules    [ { path, build_id } ]         each file once
 *   losses     { contexts_collapsed, threads_unrecorded, exits_unmatched, clamped_ns,
 *                clamped_contexts }
 *
 * Runs in the profiled process, perhaps in a signal handler: memory from the allocator only.
 */
#include "export.h"
#include "json.h"
#include "text.h"

#include <errno.h>
#include <string.h>

#define TLI_RUN_FORMAT_VERSION 1

static void write_program(struct tli_json *json, const struct tally_snapshot *snapshot) {
    tli_json_open(json, "program", '{');
    tli_json_string(json, "executable", snapshot->executable);
    tli_json_open(json, "argv", '[');
    for (size_t i = 0; snapshot->argv != NULL && snapshot->argv[i] != NULL; i++)
        tli_json_string(json, NULL, snapshot->argv[i]);
    tli_json_close(json, ']');
    tli_json_string(json, "working_directory", snapshot->working_directory);
    tli_json_i64(json, "pid", snapshot->pid);
    tli_json_close(json, '}');
}

static void write_times(struct tli_json *json, const struct tally_snapshot *snapshot) {
    char utc[40];
    struct tli_text text = tli_text_in(utc, sizeof utc);
    tli_text_add_utc(&text, snapshot->start_time_ns);
    tli_json_i64(json, "start_time_ns", snapshot->start_time_ns);
    tli_json_string(json, "start_time", utc);
    tli_json_u64(json, "duration_ns", snapshot->duration_ns);
    tli_json_string(json, "ended_by", snapshot->ended_by);
}

static void write_measurement(struct tli_json *json, const struct tally_snapshot *snapshot) {
    static const char *const timings[] = {[TALLY_TIMING_EXACT] = "exact",
                                          [TALLY_TIMING_ADAPTIVE] = "adaptive",
                                          [TALLY_TIMING_OFF] = "off"};
    enum tally_timing timing = tli_timing_of(snapshot);
    bool timed = timing != TALLY_TIMING_OFF;
    tli_json_string(json, "timing", timings[timing]);
    tli_json_open(json, "clock", '{');
    tli_json_string(json, "name", timed ? snapshot->clock : "none");
    tli_json_u64(json, "hz", timed ? snapshot->clock_hz : 0);
    if (timed && snapshot->clock_fallback != NULL && *snapshot->clock_fallback)
        tli_json_string(json, "fallback", snapshot->clock_fallback);
    tli_json_close(json, '}');
    tli_json_open(json, "probe", '{');
    tli_json_u64(json, "inside_ps", timed ? snapshot->probe_inside_ps : 0);
    tli_json_u64(json, "outside_ps", timed ? snapshot->probe_outside_ps : 0);
    tli_json_u64(json, "counted_ps", timed ? snapshot->probe_counted_ps : 0);
    tli_json_close(json, '}');
    tli_json_u64(json, "timed_calls", snapshot->timed_calls);
    tli_json_u64(json, "sampled_contexts", snapshot->sampled_contexts);
    tli_json_open(json, "options", '{');
    for (size_t i = 0; i < snapshot->n_options; i++)
        tli_json_string(json, snapshot->options[i].name, snapshot->options[i].value);
    tli_json_close(json, '}');
}

static void write_machine(struct tli_json *json, const struct tally_machine *machine) {
    tli_json_open(json, "machine", '{');
    tli_json_string(json, "architecture", machine->architecture);
    tli_json_string(json, "processor", machine->processor);
    tli_json_u64(json, "processors", machine->processors);
    tli_json_string(json, "kernel", machine->kernel);
    tli_json_close(json, '}');
}

static void write_threads_time(struct tli_json *json, const struct tally_threads_time *time) {
    tli_json_open(json, "threads_time", '{');
    tli_json_i64(json, "wall_ns", time->wall_ns);
    tli_json_i64(json, "cpu_ns", time->cpu_ns);
    tli_json_i64(json, "run_queue_ns", time->run_queue_ns);
    tli_json_i64(json, "unknown_ns", time->unknown_ns);
    tli_json_close(json, '}');
}

static struct tally_allocation sum_of(const struct tally_heap *heap) {
    struct tally_allocation sum = {0};
    for (size_t i = 0; i < heap->n_allocations; i++) {
        const struct tally_allocation *a = &heap->allocations[i];
        if (a->kind != NULL)
            continue;
        sum.allocated_objects += a->allocated_objects;
        sum.allocated_bytes += a->allocated_bytes;
        sum.freed_objects += a->freed_objects;
        sum.freed_bytes += a->freed_bytes;
    }
    return sum;
}

static void write_heap(struct tli_json *json, const struct tally_heap *heap) {
    static const char *const modes[] = {
        [TALLY_HEAP_FULL] = "full", [TALLY_HEAP_COUNTS] = "counts", [TALLY_HEAP_OFF] = "off"};
    struct tally_allocation sum = sum_of(heap);
    tli_json_open(json, "heap", '{');
    tli_json_string(json, "mode", modes[heap->mode]);
    tli_json_string(json, "note", heap->note);
    tli_json_i64(json, "allocated_objects", sum.allocated_objects);
    tli_json_i64(json, "allocated_bytes", sum.allocated_bytes);
    if (heap->mode == TALLY_HEAP_FULL) {
        tli_json_i64(json, "freed_objects", sum.freed_objects);
        tli_json_i64(json, "freed_bytes", sum.freed_bytes);
        tli_json_i64(json, "inuse_objects", sum.allocated_objects - sum.freed_objects);
        tli_json_i64(json, "inuse_bytes", sum.allocated_bytes - sum.freed_bytes);
        tli_json_u64(json, "peak_bytes", heap->peak_bytes);
    }
    tli_json_u64(json, "table_bytes", heap->table_bytes);
    tli_json_u64(json, "frees_unmatched", heap->frees_unmatched);
    tli_json_u64(json, "blocks_unrecorded", heap->blocks_unrecorded);
    tli_json_close(json, '}');
}

static uint64_t instrumented_functions(const struct tally_unit *units) {
    uint64_t sum = 0;
    for (; units != NULL; units = units->next)
        sum += units->n_functions;
    return sum;
}

static void write_units(struct tli_json *json, const struct tally_unit *unit) {
    tli_json_open(json, "units", '[');
    for (; unit != NULL; unit = unit->next) {
        tli_json_open(json, NULL, '{');
        tli_json_string(json, "file", unit->file);
        tli_json_string(json, "producer", unit->producer);
        tli_json_string(json, "options", unit->options);
        tli_json_string(json, "flags", unit->flags);
        tli_json_u64(json, "functions", unit->n_functions);
        tli_json_u64(json, "optimization", unit->optimization);
        tli_json_close(json, '}');
    }
    tli_json_close(json, ']');
}

/* Whether an earlier entry is of the same file: a file may have several executable segments. */
static bool is_repeated(const struct tally_module *modules, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (strcmp(modules[i].path, modules[index].path) == 0)
            return true;
    return false;
}

static void write_modules(struct tli_json *json, const struct tally_snapshot *snapshot) {
    tli_json_open(json, "modules", '[');
    for (size_t i = 0; i < snapshot->n_modules; i++) {
        if (is_repeated(snapshot->modules, i))
            continue;
        tli_json_open(json, NULL, '{');
        tli_json_string(json, "path", snapshot->modules[i].path);
        tli_json_string(json, "build_id", snapshot->modules[i].build_id);
        tli_json_close(json, '}');
    }
    tli_json_close(json, ']');
}

static void write_losses(struct tli_json *json, const struct tally_losses *losses) {
    tli_json_open(json, "losses", '{');
    tli_json_u64(json, "contexts_collapsed", losses->contexts_collapsed);
    tli_json_u64(json, "threads_unrecorded", losses->threads_unrecorded);
    tli_json_u64(json, "exits_unmatched", losses->exits_unmatched);
    tli_json_u64(json, "clamped_ns", losses->clamped_ns);
    tli_json_u64(json, "clamped_contexts", losses->clamped_contexts);
    tli_json_close(json, '}');
}

int tli_write_run_json(const struct tally_snapshot *snapshot, uint64_t functions,
                       const struct tally_allocator *allocator, struct tli_sink sink) {
    struct tli_json *json = allocator->alloc(allocator->context, sizeof *json);
    if (json == NULL)
        return -ENOMEM;
    tli_json_begin(json, sink);
    tli_json_open(json, NULL, '{');
    tli_json_u64(json, "format_version", TLI_RUN_FORMAT_VERSION);
    tli_json_string(json, "tally_version", TALLY_VERSION);
    tli_json_u64(json, "abi_version", TALLY_ABI_VERSION);
    write_program(json, snapshot);
    write_times(json, snapshot);
    write_measurement(json, snapshot);
    write_machine(json, &snapshot->machine);
    tli_json_u64(json, "threads", snapshot->threads);
    write_threads_time(json, &snapshot->threads_time);
    write_heap(json, &snapshot->heap);
    tli_json_u64(json, "contexts", snapshot->n_contexts);
    tli_json_u64(json, "functions", functions);
    tli_json_u64(json, "instrumented_functions", instrumented_functions(snapshot->units));
    write_units(json, snapshot->units);
    write_modules(json, snapshot);
    write_losses(json, &snapshot->losses);
    tli_json_close(json, '}');
    int error = tli_json_finish(json);
    allocator->free(allocator->context, json);
    return error;
}
