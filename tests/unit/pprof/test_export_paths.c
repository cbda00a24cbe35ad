/*
 * test_export_paths.c - each sample of an exported snapshot has the callers of its context, however
 * the contexts are ordered and however deep they are.
 */
#include "snapshots.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const struct tally_function *function_of(const struct tally_snapshot *snapshot, size_t i) {
    return snapshot->contexts[i].fn;
}

/* The frames of a sample are those of context `index`: what its leaf is, and each caller's line. */
static void expect_callers(const struct tally_pprof_sample *sample,
                           const struct tally_snapshot *snapshot, uint32_t index) {
    const struct tally_context *contexts = snapshot->contexts;
    size_t depth = 1;
    for (; contexts[index].parent != TALLY_NO_INDEX; depth++) {
        cr_assert_lt(depth, sample->n_locations);
        const struct tally_pprof_line *line = &sample->locations[depth]->lines[0];
        const struct tally_function *caller = function_of(snapshot, contexts[index].parent);
        cr_assert_str_eq(line->function->name, caller->source->name);
        cr_assert_eq(line->line, caller->sites[contexts[index].site].line);
        index = contexts[index].parent;
    }
    cr_assert_eq(depth, sample->n_locations);
}

/* Each context has a function of its own, so that no two samples have the same stack. */
static struct tally_function *tell_apart(struct tally_snapshot *snapshot) {
    struct tally_context *contexts = (struct tally_context *)(uintptr_t)snapshot->contexts;
    struct tally_function *functions = calloc(snapshot->n_contexts, sizeof *functions);
    for (size_t i = 0; i < snapshot->n_contexts; i++) {
        functions[i] = *contexts[i].fn;
        functions[i].address = AT(APP_BIAS, 0x1000 + 64 * i);
        contexts[i].fn = &functions[i];
    }
    return functions;
}

static void expect_all_callers(const struct tally_snapshot *snapshot) {
    struct tally_pprof_profile *profile = export_and_read(snapshot);
    const struct tally_pprof_sample *sample = profile->samples;
    for (uint32_t i = 0; i < snapshot->n_contexts; i++) {
        const char *name = function_of(snapshot, i)->source->name;
        for (size_t k = 0; k < 1 + (snapshot->contexts[i].counters[0] != 0); k++, sample++) {
            cr_assert_str_eq(sample->locations[0]->lines[0].function->name, name);
            expect_callers(sample, snapshot, i);
        }
    }
    cr_assert_eq(sample - profile->samples, profile->n_samples);
    tally_pprof_free(profile);
}

Test(export_paths, contexts_in_any_order_that_has_parents_first) {
    for (uint64_t seed = 1; seed <= 5; seed++) {
        size_t size_bytes;
        void *memory;
        struct tally_snapshot snapshot = make_large_snapshot(3000, 100, seed, &size_bytes, &memory);
        struct tally_function *functions = tell_apart(&snapshot);
        expect_all_callers(&snapshot);
        free(functions);
        free(memory);
    }
}

/* As when threads were merged: what the second one added comes after all of the first one's. */
Test(export_paths, contexts_that_come_back_to_an_earlier_place) {
    static const uint32_t parents[] = {
        TALLY_NO_INDEX, 0, 1, 2, 2, 0, 5, TALLY_NO_INDEX, 7, 3, 9, 4, 6, 8, 10};
    size_t size_bytes;
    void *memory;
    struct tally_snapshot snapshot =
        make_large_snapshot(COUNT(parents), 7, 1, &size_bytes, &memory);
    struct tally_context *contexts = (struct tally_context *)(uintptr_t)snapshot.contexts;
    for (uint32_t i = 0; i < COUNT(parents); i++) {
        contexts[i].parent = parents[i];
        contexts[i].site = i % 6;
    }
    struct tally_function *functions = tell_apart(&snapshot);
    expect_all_callers(&snapshot);
    free(functions);
    free(memory);
}

Test(export_paths, a_stack_that_is_larger_than_any_buffer) {
    enum { DEPTH = 100000 };
    size_t size_bytes;
    void *memory;
    struct tally_snapshot snapshot = make_large_snapshot(DEPTH, 2000, 1, &size_bytes, &memory);
    struct tally_context *contexts = (struct tally_context *)(uintptr_t)snapshot.contexts;
    for (uint32_t i = 0; i < DEPTH; i++) {
        contexts[i].parent = i == 0 ? TALLY_NO_INDEX : i - 1;
        contexts[i].site = i % 6;
        contexts[i].calls = contexts[i].wall_ns = i == DEPTH - 1;
        contexts[i].counters = NULL;
    }
    struct tally_pprof_profile *profile = export_and_read(&snapshot);
    cr_assert_eq(profile->n_samples, 1);
    expect_callers(&profile->samples[0], &snapshot, DEPTH - 1);
    tally_pprof_free(profile);
    free(memory);
}
