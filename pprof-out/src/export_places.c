/*
 * export_places.c - places in the program as locations and functions of the profile.
 *
 * Role in the flow: export.c asks for the location of a function, a call site or an inlined body;
 * the first to ask has it written, later ones get the same id. What a function of the plugin claims
 * of the address space (n: its sites, m: its counters):
 *
 *   A        A+1 … A+n      A+n+1 … A+n+m        A: run-stable address of its first instruction
 *   itself   its sites      its counters
 *
 * A call and an increment take more than a byte each, so functions do not run into one another.
 * Where they do all the same (a library was unloaded and another loaded in its place), the later
 * place takes the next address that is free.
 *
 * A function that is known by its address alone is named by that, "[app+0x1139]": where it begins
 * in the file. Its calls are at their real addresses, but it is the function that tells who calls:
 * code of one function may stand in another, and is looked up by the address for its line only.
 *
 * Invariants: no two locations have one address, none has 0; a function, told by its names, file
 * and line, is written once however many descriptors it has.
 */
#include "export.h"

#include "text.h"

#include <errno.h>
#include <string.h>

#define TLI_FIRST_PLACES 256
#define TLI_FIRST_LINES 16

bool tli_places_begin(struct tli_places *places, const struct tally_snapshot *snapshot,
                      const struct tally_allocator *allocator, struct tli_writer *writer) {
    memset(places, 0, sizeof *places);
    places->allocator = allocator;
    places->writer = writer;
    places->by_call.allocator = allocator;
    places->by_met.allocator = allocator;
    places->by_address.allocator = allocator;
    places->by_function.allocator = allocator;
    return tli_modules_begin(&places->modules, snapshot, allocator);
}

static void release(const struct tally_allocator *allocator, void *memory) {
    if (memory != NULL)
        allocator->free(allocator->context, memory);
}

void tli_places_end(struct tli_places *places) {
    tli_modules_end(&places->modules);
    tli_table_free(&places->by_call);
    tli_table_free(&places->by_met);
    tli_table_free(&places->by_address);
    tli_table_free(&places->by_function);
    for (uint32_t i = 0; i < places->n_met; i++)
        release(places->allocator, places->met[i]);
    release(places->allocator, places->met);
    release(places->allocator, places->places);
    release(places->allocator, places->functions);
    release(places->allocator, places->lines);
    release(places->allocator, places->line_pointers);
    while (places->bare_names != NULL) {
        struct tli_bare_name *name = places->bare_names;
        places->bare_names = name->next;
        release(places->allocator, name);
    }
}

/* Makes room for one more in an array of the places; false on lack of memory. */
static bool make_room(struct tli_places *places, void **array, uint32_t n, uint32_t *capacity,
                      size_t thing_bytes) {
    if (n < *capacity)
        return true;
    uint32_t more = *capacity == 0 ? TLI_FIRST_PLACES : 2 * *capacity;
    void *memory = tli_grow(places->allocator, *array, n, more, thing_bytes);
    if (memory == NULL)
        return false;
    *array = memory;
    *capacity = more;
    return true;
}

static uint32_t out_of_memory(struct tli_places *places) {
    if (places->writer->error == 0)
        places->writer->error = -ENOMEM;
    return 0;
}

/* ---- functions ---- */

static bool same_function(const void *context, uint32_t index, const void *key) {
    const struct tli_places *places = context;
    return memcmp(&places->functions[index], key, sizeof(struct tli_function)) == 0;
}

static void write_function(struct tli_places *places, uint32_t id,
                           const struct tli_function *from) {
    Perftools__Profiles__Function function = PERFTOOLS__PROFILES__FUNCTION__INIT;
    function.id = id;
    function.name = from->name;
    function.system_name = from->linkage_name;
    function.filename = from->file;
    function.start_line = from->line;
    tli_writer_put_function(places->writer, &function);
}

/* The id of the function written in the source as `source`; 0 on lack of memory. */
static uint32_t function_id(struct tli_places *places, const struct tally_source *source) {
    struct tli_writer *writer = places->writer;
    const char *linkage_name = source->linkage_name;
    if (linkage_name == NULL || linkage_name[0] == '\0')
        linkage_name = source->name;
    struct tli_function function = {
        .name = (uint32_t)tli_writer_string(writer, source->name),
        .linkage_name = (uint32_t)tli_writer_string(writer, linkage_name),
        .file = (uint32_t)tli_writer_string(writer, source->file),
        .line = source->line,
    };
    uint64_t hash = tli_hash_bytes(0, &function, sizeof function);
    uint32_t index = tli_table_find(&places->by_function, hash, same_function, places, &function);
    if (index != TLI_ABSENT)
        return index + 1;
    index = places->n_functions;
    if (!make_room(places, (void **)&places->functions, index, &places->functions_capacity,
                   sizeof function) ||
        !tli_table_insert(&places->by_function, hash, index))
        return out_of_memory(places);
    places->functions[places->n_functions++] = function;
    write_function(places, index + 1, &function);
    return index + 1;
}

/* What a function at `address` is called as long as nobody has looked it up; null on lack of
 * memory. cli/profile/symbolize.c reads it. */
static const char *bare_name(struct tli_places *places, const struct tli_module *in,
                             uint64_t address) {
    enum { DIGITS_BYTES = 32 };
    const struct tally_module *module = in->module;
    const char *slash = module != NULL ? strrchr(module->path, '/') : NULL;
    const char *file = slash != NULL ? slash + 1 : module != NULL ? module->path : "";
    size_t bytes = strlen(file) + DIGITS_BYTES;
    struct tli_bare_name *name =
        places->allocator->alloc(places->allocator->context, sizeof *name + bytes);
    if (name == NULL)
        return NULL;
    name->next = places->bare_names;
    places->bare_names = name;
    struct tli_text text = tli_text_in(name->text, bytes);
    if (module != NULL) {
        tli_text_add(&text, "[");
        tli_text_add(&text, file);
        tli_text_add(&text, "+");
        tli_text_add_hex(&text, address - module->start + module->offset);
        tli_text_add(&text, "]");
    } else {
        tli_text_add_hex(&text, address);
    }
    return name->text;
}

/* ---- lines ---- */

static bool make_room_for_line(struct tli_places *places) {
    if (places->n_lines < places->lines_capacity)
        return true;
    size_t more = places->lines_capacity == 0 ? TLI_FIRST_LINES : 2 * places->lines_capacity;
    void *lines =
        tli_grow(places->allocator, places->lines, places->n_lines, more, sizeof *places->lines);
    if (lines == NULL)
        return false;
    places->lines = lines;
    void *pointers =
        tli_grow(places->allocator, places->line_pointers, 0, more, sizeof *places->line_pointers);
    if (pointers == NULL)
        return false;
    places->line_pointers = pointers;
    places->lines_capacity = more;
    return true;
}

static void add_line_of(struct tli_places *places, uint32_t function, uint32_t line) {
    if (!make_room_for_line(places)) {
        out_of_memory(places);
        return;
    }
    Perftools__Profiles__Line *to = &places->lines[places->n_lines++];
    perftools__profiles__line__init(to);
    to->function_id = function;
    to->line = line;
}

static void add_line(struct tli_places *places, struct tli_module *module,
                     const struct tally_source *source, uint32_t line) {
    add_line_of(places, function_id(places, source), line);
    module->has_filenames |= source->file != NULL && source->file[0] != '\0';
    module->has_line_numbers |= line != 0;
}

/* The body `scope` at `line`, then each body around it at the line of the inlined call. */
static void add_lines(struct tli_places *places, struct tli_module *module,
                      const struct tally_function *fn, uint32_t scope, uint32_t line) {
    if (scope >= fn->n_scopes) {
        add_line(places, module, fn->source, line);
        return;
    }
    add_line(places, module, fn->scopes[scope].source, line);
    for (uint32_t steps = 0; scope != 0 && steps < fn->n_scopes; steps++) {
        line = fn->scopes[scope].call_line;
        scope = fn->scopes[scope].parent;
        if (scope >= fn->n_scopes)
            return;
        add_line(places, module, fn->scopes[scope].source, line);
    }
}

/* ---- places ---- */

static bool same_met(const void *context, uint32_t index, const void *key) {
    const struct tli_places *places = context;
    return places->met[index]->fn == key;
}

/* The places of a function that is asked for the first time; null on lack of memory. */
static struct tli_function_places *meet(struct tli_places *places, const struct tally_function *fn,
                                        uint64_t hash) {
    const struct tally_allocator *allocator = places->allocator;
    size_t n = 1 + (size_t)fn->n_sites + fn->n_counters;
    size_t size_bytes = sizeof(struct tli_function_places) + n * sizeof(uint32_t);
    if (!make_room(places, (void **)&places->met, places->n_met, &places->met_capacity,
                   sizeof *places->met))
        return NULL;
    struct tli_function_places *of = allocator->alloc(allocator->context, size_bytes);
    if (of == NULL || !tli_table_insert(&places->by_met, hash, places->n_met)) {
        release(allocator, of);
        return NULL;
    }
    memset(of, 0, size_bytes);
    of->fn = fn;
    places->met[places->n_met++] = of;
    return of;
}

struct tli_function_places *tli_places_of(struct tli_places *places,
                                          const struct tally_function *fn) {
    uint64_t hash = tli_hash_word(0, (uintptr_t)fn);
    uint32_t index = tli_table_find(&places->by_met, hash, same_met, places, fn);
    if (index != TLI_ABSENT)
        return places->met[index];
    struct tli_function_places *of = meet(places, fn, hash);
    if (of == NULL)
        out_of_memory(places);
    return of;
}

static uint64_t call_hash(const struct tally_function *fn, uint64_t address) {
    return tli_hash_word(tli_hash_word(0, (uintptr_t)fn), address);
}

static bool same_call(const void *context, uint32_t index, const void *key) {
    const struct tli_places *places = context;
    const struct tli_place *wanted = key;
    return places->places[index].fn == wanted->fn && places->places[index].which == wanted->which;
}

static bool same_address(const void *context, uint32_t index, const void *key) {
    const struct tli_places *places = context;
    return places->places[index].address == *(const uint64_t *)key;
}

/* Where a place goes whose address is taken: a call stays within its instruction. */
static uint64_t next_free_address(const struct tli_places *places, const struct tli_place *place) {
    bool is_call = place->fn->source == NULL && place->which != 0;
    for (uint64_t address = place->address;; address += is_call ? UINT64_MAX : 1)
        if (address != 0 && tli_table_find(&places->by_address, tli_hash_word(0, address),
                                           same_address, places, &address) == TLI_ABSENT)
            return address;
}

/* A new place, not yet written; 0 on lack of memory. */
static uint32_t add_place(struct tli_places *places, struct tli_place place) {
    uint32_t index = places->n_places;
    place.address = next_free_address(places, &place);
    if (!make_room(places, (void **)&places->places, index, &places->places_capacity,
                   sizeof place) ||
        !tli_table_insert(&places->by_address, tli_hash_word(0, place.address), index))
        return out_of_memory(places);
    places->places[places->n_places++] = place;
    return index + 1;
}

static void write_location(struct tli_places *places, uint32_t id, struct tli_module *module) {
    Perftools__Profiles__Location location = PERFTOOLS__PROFILES__LOCATION__INIT;
    location.id = id;
    location.mapping_id = tli_modules_mapping(&places->modules, module);
    location.address = places->places[id - 1].address;
    location.n_line = places->n_lines;
    for (size_t i = 0; i < places->n_lines; i++)
        places->line_pointers[i] = &places->lines[i];
    location.line = places->line_pointers;
    tli_writer_put_location(places->writer, &location);
}

/* A place of a function of the plugin: `which` in it, shown as `scope` at `line`. */
static uint32_t place_in_function(struct tli_places *places, const struct tally_function *fn,
                                  uint64_t which, uint32_t scope, uint32_t line) {
    uint64_t real = (uintptr_t)fn->address;
    struct tli_module *module = tli_modules_find(&places->modules, real);
    struct tli_place place = {.fn = fn, .which = which, .address = real + module->shift + which};
    uint32_t id = add_place(places, place);
    if (id == 0)
        return 0;
    places->n_lines = 0;
    add_lines(places, module, fn, scope, line);
    write_location(places, id, module);
    return id;
}

/* A place of a function known by its address alone: `which` in it, at `address`. */
static uint32_t bare_place(struct tli_places *places, struct tli_place place,
                           struct tli_module *module) {
    uint32_t id = add_place(places, place);
    if (id == 0)
        return 0;
    module->unsymbolised = true;
    places->n_lines = 0;
    add_line_of(places, place.function, 0);
    write_location(places, id, module);
    return id;
}

static uint32_t place_of_bare_function(struct tli_places *places, const struct tally_function *fn) {
    uint64_t real = (uintptr_t)fn->address;
    struct tli_module *module = tli_modules_find(&places->modules, real);
    struct tally_source source = {.name = bare_name(places, module, real)};
    if (source.name == NULL)
        return out_of_memory(places);
    struct tli_place place = {
        .fn = fn, .address = real + module->shift, .function = function_id(places, &source)};
    return bare_place(places, place, module);
}

uint32_t tli_place_of_call(struct tli_places *places, struct tli_function_places *of,
                           uint64_t address) {
    struct tli_place place = {.fn = of->fn, .which = address};
    uint64_t hash = call_hash(place.fn, address);
    uint32_t index = tli_table_find(&places->by_call, hash, same_call, places, &place);
    if (index != TLI_ABSENT)
        return index + 1;
    uint32_t caller = tli_place_of_function(places, of);
    if (caller == 0)
        return 0;
    struct tli_module *module = tli_modules_find(&places->modules, address);
    place.address = address + module->shift;
    place.function = places->places[caller - 1].function;
    uint32_t id = bare_place(places, place, module);
    if (id != 0 && !tli_table_insert(&places->by_call, hash, id - 1))
        return out_of_memory(places);
    return id;
}

uint32_t tli_place_of_function(struct tli_places *places, struct tli_function_places *of) {
    uint32_t *id = &of->ids[0];
    if (*id == 0)
        *id = of->fn->source == NULL
                  ? place_of_bare_function(places, of->fn)
                  : place_in_function(places, of->fn, 0, TALLY_NO_INDEX, of->fn->source->line);
    return *id;
}

uint32_t tli_place_of_site(struct tli_places *places, struct tli_function_places *of,
                           uint32_t site) {
    size_t which = 1 + (size_t)site;
    const struct tally_site *from = &of->fn->sites[site];
    if (of->ids[which] == 0)
        of->ids[which] = place_in_function(places, of->fn, which, from->scope, from->line);
    return of->ids[which];
}

static uint32_t place_of_counter(struct tli_places *places, const struct tally_function *fn,
                                 uint64_t which, uint32_t scope) {
    if (scope >= fn->n_scopes)
        return place_in_function(places, fn, which, TALLY_NO_INDEX, fn->source->line);
    return place_in_function(places, fn, which, scope, fn->scopes[scope].source->line);
}

uint32_t tli_place_of_counter(struct tli_places *places, struct tli_function_places *of,
                              uint32_t counter) {
    size_t which = 1 + (size_t)of->fn->n_sites + counter;
    if (of->ids[which] == 0)
        of->ids[which] = place_of_counter(places, of->fn, which, of->fn->counters[counter].scope);
    return of->ids[which];
}
