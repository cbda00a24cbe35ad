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

/* Where a function stands whose own entry does not tell all of it: one inside namespaces or classes
 * without a linkage name, or a member without a line (a lambda's, one the compiler makes). */
struct inner_function {
    Dwarf_Off offset;
    char *scope;          /* "shop::", "shop::(anonymous namespace)::"; or "" */
    Dwarf_Die class_type; /* whose member it is; without address: of none */
};

struct unit {
    Dwarf_Die die;                    /* what has the functions: the split unit if there is one */
    Dwarf_Die line_die;               /* what has the line table and the directory */
    struct function_range *functions; /* by start */
    size_t n_functions, capacity;
    struct inner_function *inner; /* by offset */
    size_t n_inner, inner_capacity;
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

/* The entry that says where the source has the function of an entry: its declaration in a class,
 * or the one that its copies refer to. */
Dwarf_Die units_declaration(Dwarf_Die *function);

/* The unit that an entry is in; null if it is none of these. */
struct unit *units_of(struct units *units, Dwarf_Die *die);

/* Where a declaration in a unit stands, or null if there is nothing more to tell. */
const struct inner_function *units_inner(struct unit *unit, Dwarf_Die *declaration);

#endif
