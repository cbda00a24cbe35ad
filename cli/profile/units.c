/*
 * units.c - see units.h. Each unit's tree of entries is walked once, whole, because functions may
 * stand in namespaces, classes and other functions.
 */
#include "units.h"

#include "say.h"

#include <dwarf.h>
#include <stdlib.h>

enum { DEEPEST = 200 }; /* entries nested more deeply than any compiler's are not followed */

static void add_range(struct units *units, Dwarf_Addr start, Dwarf_Addr end, size_t unit) {
    if (start >= end)
        return;
    units->ranges =
        need_room(units->ranges, &units->ranges_capacity, units->n_ranges, sizeof *units->ranges);
    units->ranges[units->n_ranges++] = (struct unit_range){start, end, unit};
}

static int compare_ranges(const void *one, const void *other) {
    const struct unit_range *a = one, *b = other;
    return (a->start > b->start) - (a->start < b->start);
}

void units_index(struct units *units, Dwarf *dwarf) {
    *units = (struct units){0};
    Dwarf_Die die, split;
    for (Dwarf_CU *cu = NULL; dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &die, &split) == 0;) {
        units->all = need_room(units->all, &units->capacity, units->n, sizeof *units->all);
        bool is_split = dwarf_tag(&split) == DW_TAG_compile_unit;
        units->all[units->n] = (struct unit){.die = is_split ? split : die, .line_die = die};
        Dwarf_Addr base, start, end;
        for (ptrdiff_t at = 0; (at = dwarf_ranges(&die, at, &base, &start, &end)) > 0;)
            add_range(units, start, end, units->n);
        units->n++;
    }
    if (units->n_ranges)
        qsort(units->ranges, units->n_ranges, sizeof *units->ranges, compare_ranges);
}

void units_free(struct units *units) {
    for (size_t i = 0; i < units->n; i++) {
        struct unit *unit = &units->all[i];
        for (size_t j = 0; j < unit->n_inner; j++)
            free(unit->inner[j].scope);
        free(unit->inner);
        free(unit->functions);
    }
    free(units->all);
    free(units->ranges);
    *units = (struct units){0};
}

static void add_function(struct unit *unit, Dwarf_Die *die) {
    Dwarf_Addr base, start, end;
    for (ptrdiff_t at = 0; (at = dwarf_ranges(die, at, &base, &start, &end)) > 0;) {
        if (start >= end)
            continue;
        unit->functions =
            need_room(unit->functions, &unit->capacity, unit->n_functions, sizeof *unit->functions);
        unit->functions[unit->n_functions++] = (struct function_range){start, end, *die};
    }
}

/* What entries are inside of. */
struct place {
    const char *scope;
    Dwarf_Die class_type; /* without address: of none */
};

/* Entries come in the order of their offsets, so the array is in order as it grows. */
static void add_inner(struct unit *unit, Dwarf_Die *die, const struct place *place) {
    bool needs_scope = *place->scope && !dwarf_hasattr(die, DW_AT_linkage_name);
    bool needs_line = place->class_type.addr && !dwarf_hasattr(die, DW_AT_decl_line);
    if (!needs_scope && !needs_line)
        return;
    unit->inner = need_room(unit->inner, &unit->inner_capacity, unit->n_inner, sizeof *unit->inner);
    unit->inner[unit->n_inner++] =
        (struct inner_function){dwarf_dieoffset(die), need_copy(place->scope), place->class_type};
}

static bool is_class(Dwarf_Die *die) {
    int tag = dwarf_tag(die);
    return tag == DW_TAG_class_type || tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

/* The scope of what is inside `die`, which is itself in `scope`. Free it. */
static char *inner_scope(Dwarf_Die *die, const char *scope) {
    const char *name = dwarf_diename(die);
    if (dwarf_tag(die) == DW_TAG_namespace)
        return need_print("%s%s::", scope, name ? name : "(anonymous namespace)");
    if (is_class(die))
        return need_print("%s%s::", scope, name ? name : "(anonymous)");
    return need_copy(scope);
}

static void walk(struct unit *unit, Dwarf_Die *parent, const struct place *place, int depth) {
    Dwarf_Die die;
    if (depth > DEEPEST || dwarf_child(parent, &die) != 0)
        return;
    do {
        int tag = dwarf_tag(&die);
        if (tag == DW_TAG_subprogram) {
            add_function(unit, &die);
            add_inner(unit, &die, place);
        }
        if (tag != DW_TAG_inlined_subroutine && dwarf_haschildren(&die) > 0) {
            char *scope = inner_scope(&die, place->scope);
            struct place inner = {scope, is_class(&die) ? die : (Dwarf_Die){0}};
            walk(unit, &die, &inner, depth + 1);
            free(scope);
        }
    } while (dwarf_siblingof(&die, &die) == 0);
}

Dwarf_Die units_declaration(Dwarf_Die *function) {
    enum { MOST_REFERENCES = 16 }; /* a copy, what it is a copy of, its declaration; or a circle */
    Dwarf_Die die = *function, referred;
    Dwarf_Attribute attribute;
    for (int i = 0; i < MOST_REFERENCES; i++) {
        if (!dwarf_attr(&die, DW_AT_abstract_origin, &attribute) &&
            !dwarf_attr(&die, DW_AT_specification, &attribute))
            break;
        if (!dwarf_formref_die(&attribute, &referred))
            break;
        die = referred;
    }
    return die;
}

static int compare_functions(const void *one, const void *other) {
    const struct function_range *a = one, *b = other;
    return (a->start > b->start) - (a->start < b->start);
}

static void walk_once(struct unit *unit) {
    if (unit->walked)
        return;
    unit->walked = true;
    walk(unit, &unit->die, &(struct place){.scope = ""}, 0);
    if (unit->n_functions)
        qsort(unit->functions, unit->n_functions, sizeof *unit->functions, compare_functions);
}

const struct inner_function *units_inner(struct unit *unit, Dwarf_Die *declaration) {
    walk_once(unit);
    Dwarf_Off offset = dwarf_dieoffset(declaration);
    size_t low = 0, high = unit->n_inner;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (unit->inner[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low < unit->n_inner && unit->inner[low].offset == offset ? &unit->inner[low] : NULL;
}

struct unit *units_of(struct units *units, Dwarf_Die *die) {
    Dwarf_Die of;
    if (!dwarf_diecu(die, &of, NULL, NULL))
        return NULL;
    for (size_t i = 0; i < units->n; i++)
        if (units->all[i].die.addr == of.addr)
            return &units->all[i];
    return NULL;
}

static struct unit *unit_at(struct units *units, Dwarf_Addr address) {
    size_t low = 0, high = units->n_ranges;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (units->ranges[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || address >= units->ranges[low - 1].end)
        return NULL;
    return &units->all[units->ranges[low - 1].unit];
}

struct function_range *units_find(struct units *units, Dwarf_Addr address, struct unit **result) {
    struct unit *unit = unit_at(units, address);
    if (!unit)
        return NULL;
    walk_once(unit);
    size_t low = 0, high = unit->n_functions;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (unit->functions[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    *result = unit;
    if (low == 0 || address >= unit->functions[low - 1].end)
        return NULL;
    return &unit->functions[low - 1];
}
