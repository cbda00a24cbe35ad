/*
 * export_samples.c - contexts, counters and allocations as samples of a profile.
 *
 * Role in the flow: export.c has the samples written here, nearly all there is to write. A sample
 * is its leaf, then the calls that lead to its context, the innermost first, then its values:
 *
 *   context        [its function]               [call site in the parent] [… in the grandparent]
 *   allocation     [call site in its function]  [call site in the parent] [… in the grandparent]
 * … counter > 0    [inlined body … in function] [call site in the parent] [… in the grandparent]
 *   self counter   [function] [function]        [call site in the parent] [… in the grandparent]
 *
 * All samples of a context have the same callers, and those of its children have one more in front.
 * So the callers stand in memory as the varints that go into the file, for the path from the root
 * to the current context; a new one is put in front, and leaving a context takes one away:
 *
 *   callers   ………………[site in C][site in B][site in A]     ends where the memory ends
 *   open              D          C          B          A     D: current; each knows how much is its
 *
 * Contexts mostly come in pre-order, where the next one's parent is on the path already. After
 * several threads were merged it may not be; then the path is laid anew from where they part.
 *
 * Samples are written without protobuf-c, because they are what there are millions of. Memory: the
 * longest path, whatever the number of contexts.
 */
#include "export.h"

#include <errno.h>
#include <string.h>

#define TLI_FIRST_PATH_CONTEXTS 256
#define TLI_FIRST_PATH_BYTES 1024

/* Tags of the format, field number << 3 | wire type 2 (length, then bytes); see profile.proto. */
#define PROFILE_SAMPLE (2 << 3 | 2)
#define SAMPLE_LOCATION_ID (1 << 3 | 2)
#define SAMPLE_VALUE (2 << 3 | 2)
#define SAMPLE_LABEL (3 << 3 | 2)
/* … with wire type 0: a varint. */
#define LABEL_KEY (1 << 3)
#define LABEL_TEXT (2 << 3)
#define LABEL_NUMBER (3 << 3)
#define LABEL_UNIT (4 << 3)
#define VARINT_BYTES 10 /* at most */
#define LABEL_BYTES (2 + 3 * (1 + VARINT_BYTES))

void tli_samples_begin(struct tli_samples *samples, const struct tally_snapshot *snapshot,
                       size_t n_values, struct tli_places *places) {
    *samples = (struct tli_samples){
        .snapshot = snapshot, .n_values = n_values, .places = places, .writer = places->writer};
}

void tli_samples_end(struct tli_samples *samples) {
    const struct tally_allocator *allocator = samples->places->allocator;
    if (samples->open != NULL)
        allocator->free(allocator->context, samples->open);
    if (samples->callers != NULL)
        allocator->free(allocator->context, samples->callers);
}

/* ---- varints ---- */

static size_t varint_size(uint64_t value) {
    size_t size = 1;
    for (; value >= 0x80; value >>= 7)
        size++;
    return size;
}

static uint8_t *put_varint(uint8_t *to, uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        *to++ = (uint8_t)(value | 0x80);
    *to++ = (uint8_t)value;
    return to;
}

/* ---- the path ---- */

static bool make_room_for_contexts(struct tli_samples *samples, size_t more) {
    size_t wanted = samples->n_open + more, capacity = samples->open_capacity;
    if (wanted <= capacity)
        return true;
    capacity = capacity == 0 ? TLI_FIRST_PATH_CONTEXTS : capacity;
    while (capacity < wanted)
        capacity *= 2;
    void *open = tli_grow(samples->places->allocator, samples->open, samples->n_open, capacity,
                          sizeof *samples->open);
    if (open == NULL)
        return false;
    samples->open = open;
    samples->open_capacity = capacity;
    return true;
}

/* The memory grows at its beginning: what is in it stays at its end. */
static bool make_room_for_caller(struct tli_samples *samples, size_t used_bytes) {
    const struct tally_allocator *allocator = samples->places->allocator;
    size_t old = samples->callers_capacity, capacity = old == 0 ? TLI_FIRST_PATH_BYTES : 2 * old;
    if (old - used_bytes >= VARINT_BYTES)
        return true;
    uint8_t *callers = allocator->alloc(allocator->context, capacity);
    if (callers == NULL)
        return false;
    if (samples->callers != NULL) {
        memcpy(callers + capacity - used_bytes, samples->callers + old - used_bytes, used_bytes);
        allocator->free(allocator->context, samples->callers);
    }
    samples->callers = callers;
    samples->callers_capacity = capacity;
    return true;
}

/* Where `parent` stood when it made a call at `site`, or at an address. The call of a function that
 * is known by its address alone may come from code that is not instrumented, such as qsort; when
 * that is in another file it says nothing of where the parent stood. (In the same file that shows
 * only when the address is looked up.) */
static uint32_t caller_place(struct tli_places *places, struct tli_function_places *parent,
                             uint32_t site, uint64_t call_address) {
    const struct tally_function *fn = parent->fn;
    if (fn->source != NULL)
        return site < fn->n_sites ? tli_place_of_site(places, parent, site)
                                  : tli_place_of_function(places, parent);
    uint64_t call = call_address - 1, own = (uintptr_t)fn->address;
    if (call_address == 0 ||
        tli_modules_find(&places->modules, call) != tli_modules_find(&places->modules, own))
        return tli_place_of_function(places, parent);
    return tli_place_of_call(places, parent, call);
}

/* Adds a context whose parent is the last of the path, or which is a root and the path empty. */
static bool enter(struct tli_samples *samples, uint32_t index) {
    const struct tally_context *context = &samples->snapshot->contexts[index];
    struct tli_open_context *parent =
        samples->n_open > 0 ? &samples->open[samples->n_open - 1] : NULL;
    size_t bytes = parent != NULL ? parent->callers_bytes : 0;
    if (!make_room_for_caller(samples, bytes))
        return false;
    if (parent != NULL) {
        uint32_t caller =
            caller_place(samples->places, parent->places, context->site, context->call_address);
        bytes += varint_size(caller);
        put_varint(samples->callers + samples->callers_capacity - bytes, caller);
    }
    struct tli_function_places *places = tli_places_of(samples->places, context->fn);
    samples->open[samples->n_open++] = (struct tli_open_context){index, bytes, places};
    return places != NULL;
}

/* Makes the path that of context `index`; false on lack of memory. */
static bool follow(struct tli_samples *samples, uint32_t index) {
    const struct tally_context *contexts = samples->snapshot->contexts;
    struct tli_open_context *open = samples->open;
    size_t n = samples->n_open, missing = 0;
    uint32_t at = index;
    for (; at != TALLY_NO_INDEX; at = contexts[at].parent, missing++) {
        while (n > 0 && open[n - 1].context > at)
            n--; /* nobody's ancestor comes after it */
        if (n > 0 && open[n - 1].context == at)
            break;
    }
    samples->n_open = at == TALLY_NO_INDEX ? 0 : n;
    if (!make_room_for_contexts(samples, missing))
        return false;
    size_t end = samples->n_open + missing;
    for (size_t to = end; to > samples->n_open; index = contexts[index].parent)
        samples->open[--to].context = index;
    while (samples->n_open < end)
        if (!enter(samples, samples->open[samples->n_open].context))
            return false;
    return true;
}

/* ---- samples ---- */

static size_t label_bytes(const struct tli_label *label) {
    size_t bytes = 2 + varint_size((uint64_t)label->key);
    if (label->text != 0)
        return bytes + varint_size((uint64_t)label->text);
    return bytes + varint_size((uint64_t)label->number) + 1 + varint_size((uint64_t)label->unit);
}

static uint8_t *put_label(uint8_t *to, const struct tli_label *label) {
    *to++ = SAMPLE_LABEL;
    *to++ = (uint8_t)label_bytes(label);
    *to++ = LABEL_KEY;
    to = put_varint(to, (uint64_t)label->key);
    if (label->text != 0) {
        *to++ = LABEL_TEXT;
        return put_varint(to, (uint64_t)label->text);
    }
    *to++ = LABEL_NUMBER;
    to = put_varint(to, (uint64_t)label->number);
    *to++ = LABEL_UNIT;
    return put_varint(to, (uint64_t)label->unit);
}

/* Writes a sample of `leaf` and the last `callers_bytes` of the callers. */
static void write_sample(struct tli_samples *samples, uint32_t leaf, size_t callers_bytes,
                         const struct tli_values *values) {
    size_t stack_bytes = varint_size(leaf) + callers_bytes;
    uint8_t tail[2 + TLI_MAX_VALUES * VARINT_BYTES + TLI_MAX_LABELS * LABEL_BYTES];
    uint8_t *tail_end = tail + 2;
    for (size_t i = 0; i < samples->n_values; i++)
        tail_end = put_varint(tail_end, (uint64_t)values->of[i]);
    tail[0] = SAMPLE_VALUE;
    tail[1] = (uint8_t)(tail_end - tail - 2);
    for (size_t i = 0; i < values->n_labels; i++)
        tail_end = put_label(tail_end, &values->labels[i]);
    size_t tail_bytes = (size_t)(tail_end - tail);

    uint8_t head[2 + 3 * VARINT_BYTES] = {PROFILE_SAMPLE}, *at = head + 1;
    at = put_varint(at, 1 + varint_size(stack_bytes) + stack_bytes + tail_bytes);
    *at++ = SAMPLE_LOCATION_ID;
    at = put_varint(at, stack_bytes);
    at = put_varint(at, leaf);
    tli_writer_put_bytes(samples->writer, head, (size_t)(at - head));
    tli_writer_put_bytes(samples->writer,
                         samples->callers + samples->callers_capacity - callers_bytes,
                         callers_bytes);
    tli_writer_put_bytes(samples->writer, tail, tail_bytes);
}

static bool is_nothing(const struct tli_samples *samples, const struct tli_values *values) {
    for (size_t i = 0; i < samples->n_values; i++)
        if (values->of[i] != 0)
            return false;
    return true;
}

static bool has_room(struct tli_samples *samples, bool done) {
    if (!done && samples->writer->error == 0)
        samples->writer->error = -ENOMEM;
    return samples->writer->error == 0;
}

/* ---- contexts ---- */

static int64_t clamp(uint64_t value) {
    return value < INT64_MAX ? (int64_t)value : INT64_MAX;
}

static void write_context(struct tli_samples *samples, const struct tally_context *context) {
    const struct tli_open_context *open = &samples->open[samples->n_open - 1];
    const struct tally_function *fn = context->fn;
    const struct tli_values own = {.of = {
                                       [TLI_CALLS] = clamp(context->calls),
                                       [TLI_WALL] = clamp(context->wall_ns),
                                       [TLI_WALL_VARIANCE] = clamp(context->wall_variance),
                                   }};
    if (!is_nothing(samples, &own))
        write_sample(samples, tli_place_of_function(samples->places, open->places),
                     open->callers_bytes, &own);
    for (uint32_t i = 0; context->counters != NULL && i < fn->n_counters; i++) {
        const struct tli_values inlined = {.of = {[TLI_CALLS] = clamp(context->counters[i])}};
        if (!is_nothing(samples, &inlined))
            write_sample(samples, tli_place_of_counter(samples->places, open->places, i),
                         open->callers_bytes, &inlined);
    }
}

void tli_samples_write_contexts(struct tli_samples *samples) {
    const struct tally_snapshot *snapshot = samples->snapshot;
    for (size_t i = 0; i < snapshot->n_contexts && samples->writer->error == 0; i++)
        if (has_room(samples, follow(samples, (uint32_t)i)))
            write_context(samples, &snapshot->contexts[i]);
}

/* ---- allocations ---- */

static const struct tally_source outside = {.name = "[outside instrumented code]",
                                            .linkage_name = "[outside instrumented code]",
                                            .file = ""};
static const struct tally_function outside_function = {.source = &outside};

void tli_samples_write_allocation(struct tli_samples *samples,
                                  const struct tally_allocation *allocation,
                                  const struct tli_values *values) {
    if (is_nothing(samples, values) || samples->writer->error != 0)
        return;
    if (allocation->context == TALLY_NO_INDEX) {
        struct tli_function_places *places = tli_places_of(samples->places, &outside_function);
        if (has_room(samples, places != NULL))
            write_sample(samples, tli_place_of_function(samples->places, places), 0, values);
        return;
    }
    if (!has_room(samples, follow(samples, allocation->context)))
        return;
    const struct tli_open_context *open = &samples->open[samples->n_open - 1];
    write_sample(
        samples,
        caller_place(samples->places, open->places, allocation->site, allocation->call_address),
        open->callers_bytes, values);
}
