/*
 * export_modules.c - the mapped files of a snapshot as the mappings of a profile.
 *
 * Role in the flow: turns run-time addresses into addresses that are the same in the next run,
 * although the kernel loads libraries and position-independent programs somewhere else each time:
 *
 *   run-time address - bias = address in the file      the same in every run, but not unique
 *                    + base = run-stable address       base: multiple of 2^40, below 2^52
 *
 *   base    0 for a bias of 0 (the file is where it was linked to be)
 *           2^40 for the executable
 *           else from a hash of the path; of two modules that hash to one, the later in path
 *           order takes the next. So a further library in one run does not move the others.
 *
 * Mappings are moved by the same amount, so offsets into the file stay right and a tool can still
 * look up symbols. Below 2^53 an address survives tools that keep numbers as doubles.
 *
 * Invariant: mapping 1 is the executable, whether or not anything was recorded in it.
 */
#include "export.h"

#include <string.h>

#define TLI_BASE_SHIFT 40
#define TLI_MAIN_BASE 1
#define TLI_FIRST_LIBRARY_BASE 2
#define TLI_LIBRARY_BASES 4094 /* base numbers 2 to 4095 */

/* Segments of one loaded file share a bias and must share a base. */
static bool same_file(const struct tally_module *a, const struct tally_module *b) {
    return a->bias == b->bias && strcmp(a->path, b->path) == 0;
}

static bool is_taken(const struct tli_module *done, size_t n, uint64_t base) {
    for (size_t i = 0; i < n; i++)
        if (done[i].shift == base)
            return true;
    return false;
}

/* While bases are given out, by_start is in path order and `shift` holds the number of the base. */
static uint64_t choose_base(const struct tli_modules *modules, size_t index) {
    const struct tli_module *all = modules->by_start;
    const struct tally_module *module = all[index].module;
    if (module->bias == 0)
        return 0;
    if (strcmp(module->path, modules->executable) == 0 && !is_taken(all, index, TLI_MAIN_BASE))
        return TLI_MAIN_BASE;
    uint64_t hash = tli_hash_bytes(0, module->path, strlen(module->path));
    for (uint64_t tries = 0;; tries++) {
        uint64_t base = TLI_FIRST_LIBRARY_BASE + (hash + tries) % TLI_LIBRARY_BASES;
        if (!is_taken(all, index, base) || tries == TLI_LIBRARY_BASES)
            return base;
    }
}

static bool path_order(const struct tally_module *a, const struct tally_module *b) {
    int order = strcmp(a->path, b->path);
    return order != 0 ? order < 0 : a->start < b->start;
}

static bool start_order(const struct tally_module *a, const struct tally_module *b) {
    return a->start < b->start;
}

/* By insertion: there are tens of modules, mostly in order already. */
static void sort(struct tli_module *modules, size_t n,
                 bool (*before)(const struct tally_module *, const struct tally_module *)) {
    for (size_t i = 1; i < n; i++) {
        struct tli_module moving = modules[i];
        size_t to = i;
        for (; to > 0 && before(moving.module, modules[to - 1].module); to--)
            modules[to] = modules[to - 1];
        modules[to] = moving;
    }
}

static void give_bases(struct tli_modules *modules) {
    for (size_t i = 0; i < modules->n; i++) {
        struct tli_module *module = &modules->by_start[i];
        if (i > 0 && same_file(module->module, module[-1].module))
            module->shift = module[-1].shift;
        else
            module->shift = choose_base(modules, i);
    }
    for (size_t i = 0; i < modules->n; i++) {
        struct tli_module *module = &modules->by_start[i];
        module->shift = (module->shift << TLI_BASE_SHIFT) - module->module->bias;
    }
}

static struct tli_module *find_main(struct tli_modules *modules) {
    if (modules->executable[0] == '\0')
        return NULL;
    for (size_t i = 0; i < modules->n; i++)
        if (strcmp(modules->by_start[i].module->path, modules->executable) == 0)
            return &modules->by_start[i];
    return NULL;
}

bool tli_modules_begin(struct tli_modules *modules, const struct tally_snapshot *snapshot,
                       const struct tally_allocator *allocator) {
    memset(modules, 0, sizeof *modules);
    modules->allocator = allocator;
    modules->executable = snapshot->executable != NULL ? snapshot->executable : "";
    modules->n_mappings = 1;
    if (snapshot->n_modules == 0)
        return true;
    modules->by_start =
        tli_grow(allocator, NULL, 0, snapshot->n_modules, sizeof(struct tli_module));
    if (modules->by_start == NULL)
        return false;
    modules->n = snapshot->n_modules;
    for (size_t i = 0; i < modules->n; i++)
        modules->by_start[i] = (struct tli_module){.module = &snapshot->modules[i]};
    sort(modules->by_start, modules->n, path_order);
    give_bases(modules);
    sort(modules->by_start, modules->n, start_order);
    modules->main = find_main(modules);
    if (modules->main != NULL)
        modules->main->mapping = 1;
    return true;
}

struct tli_module *tli_modules_find(struct tli_modules *modules, uint64_t address) {
    size_t from = 0, to = modules->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        struct tli_module *module = &modules->by_start[middle];
        if (address < module->module->start)
            to = middle;
        else if (address >= module->module->limit)
            from = middle + 1;
        else
            return module;
    }
    return &modules->nowhere;
}

uint32_t tli_modules_mapping(struct tli_modules *modules, struct tli_module *module) {
    if (module->mapping == 0 && module != &modules->nowhere)
        module->mapping = ++modules->n_mappings;
    return module->mapping;
}

static void write_mapping(struct tli_writer *writer, const struct tli_module *from) {
    const struct tally_module *module = from->module;
    Perftools__Profiles__Mapping mapping = PERFTOOLS__PROFILES__MAPPING__INIT;
    mapping.id = from->mapping;
    mapping.memory_start = module->start + from->shift;
    mapping.memory_limit = module->limit + from->shift;
    mapping.file_offset = module->offset;
    mapping.filename = tli_writer_string(writer, module->path);
    mapping.build_id = tli_writer_string(writer, module->build_id);
    mapping.has_functions = !from->unsymbolised;
    mapping.has_filenames = !from->unsymbolised && from->has_filenames;
    mapping.has_line_numbers = !from->unsymbolised && from->has_line_numbers;
    mapping.has_inline_frames = !from->unsymbolised && from->has_line_numbers;
    tli_writer_put_mapping(writer, &mapping);
}

void tli_modules_write(struct tli_modules *modules, struct tli_writer *writer) {
    if (modules->main == NULL) {
        Perftools__Profiles__Mapping mapping = PERFTOOLS__PROFILES__MAPPING__INIT;
        mapping.id = 1;
        mapping.filename = tli_writer_string(writer, modules->executable);
        mapping.has_functions = true;
        tli_writer_put_mapping(writer, &mapping);
    }
    for (uint32_t id = 1; id <= modules->n_mappings; id++)
        for (size_t i = 0; i < modules->n; i++)
            if (modules->by_start[i].mapping == id)
                write_mapping(writer, &modules->by_start[i]);
}

void tli_modules_end(struct tli_modules *modules) {
    if (modules->by_start != NULL)
        modules->allocator->free(modules->allocator->context, modules->by_start);
    modules->by_start = NULL;
}
