/*
 * units.h - the index over a file's debugging information that symbols.c looks addresses up in.
 *
 * .debug_aranges is not used, since clang does not write it. Instead the ranges of all compilation
 * units are sorted once, and the functions of a unit when an address in it is first asked for.
 * Addresses here are those of the DWARF data.
 */
#ifndef TALLY_CLI_UNITS_H
#define TALLY_CLI_UNITS_H

#include <elfutils/libdw.h>

#include <stdbool.h>
#include <stddef.h>

struct function_range {
    Dwarf_Addr start, end;
    Dwarf_Die die;
};

/* A function inside namespaces or classes that has no linkage name to tell so. */
struct scoped_function {
    Dwarf_Off offset;
    char *scope; /* "shop::", "shop::(anonymous namespace)::" */
};

struct unit {
    Dwarf_Die die;                    /* what has the functions: the split unit if there is one */
    Dwarf_Die line_die;               /* what has the line table and the directory */
    struct function_range *functions; /* by start */
    size_t n_functions, capacity;
    struct scoped_function *scoped; /* by offset */
    size_t n_scoped, scoped_capacity;
    bool walked;
};

struct unit_range {
    Dwarf_Addr start, end;
    size_t unit;
};

struct units {
    struct unit *all;
    struct unit_range *ranges; /* by start */
    size_t n, capacity, n_ranges, ranges_capacity;
};

void units_index(struct units *units, Dwarf *dwarf);
void units_free(struct units *units);

/* The function at an address, and its unit; null if there is none. */
struct function_range *units_find(struct units *units, Dwarf_Addr address, struct unit **unit);

/* What stands before the function's name when it is written in full; "" if nothing is known. */
const char *units_scope(const struct unit *unit, Dwarf_Die *function);

#endif
