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
        for (size_t j = 0; j < unit->n_scoped; j++)
            free(unit->scoped[j].scope);
        free(unit->scoped);
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

/* Entries come in the order of their offsets, so the array is in order as it grows. */
static void add_scoped(struct unit *unit, Dwarf_Die *die, const char *scope) {
    if (!*scope || dwarf_hasattr(die, DW_AT_linkage_name))
        return;
    unit->scoped =
        need_room(unit->scoped, &unit->scoped_capacity, unit->n_scoped, sizeof *unit->scoped);
    unit->scoped[unit->n_scoped++] =
        (struct scoped_function){dwarf_dieoffset(die), need_copy(scope)};
}

/* The scope of what is inside `die`, which is itself in `scope`. Free it. */
static char *inner_scope(Dwarf_Die *die, const char *scope) {
    const char *name = dwarf_diename(die);
    switch (dwarf_tag(die)) {
    case DW_TAG_namespace:
        return need_print("%s%s::", scope, name ? name : "(anonymous namespace)");
    case DW_TAG_class_type:
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
        return need_print("%s%s::", scope, name ? name : "(anonymous)");
    default:
        return need_copy(scope);
    }
}

static void walk(struct unit *unit, Dwarf_Die *parent, const char *scope, int depth) {
    Dwarf_Die die;
    if (depth > DEEPEST || dwarf_child(parent, &die) != 0)
        return;
    do {
        int tag = dwarf_tag(&die);
        if (tag == DW_TAG_subprogram) {
            add_function(unit, &die);
            add_scoped(unit, &die, scope);
        }
        if (tag != DW_TAG_inlined_subroutine && dwarf_haschildren(&die) > 0) {
            char *inner = inner_scope(&die, scope);
            walk(unit, &die, inner, depth + 1);
            free(inner);
        }
    } while (dwarf_siblingof(&die, &die) == 0);
}

const char *units_scope(const struct unit *unit, Dwarf_Die *function) {
    Dwarf_Die die = *function;
    Dwarf_Attribute attribute;
    while (dwarf_attr(&die, DW_AT_abstract_origin, &attribute) ||
           dwarf_attr(&die, DW_AT_specification, &attribute))
        if (!dwarf_formref_die(&attribute, &die))
            return "";
    Dwarf_Off offset = dwarf_dieoffset(&die);
    size_t low = 0, high = unit->n_scoped;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (unit->scoped[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < unit->n_scoped && unit->scoped[low].offset == offset;
    return found ? unit->scoped[low].scope : "";
}

static int compare_functions(const void *one, const void *other) {
    const struct function_range *a = one, *b = other;
    return (a->start > b->start) - (a->start < b->start);
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
    if (!unit->walked) {
        walk(unit, &unit->die, "", 0);
        if (unit->n_functions)
            qsort(unit->functions, unit->n_functions, sizeof *unit->functions, compare_functions);
        unit->walked = true;
    }
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
