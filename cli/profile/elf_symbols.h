/*
 * elf_symbols.h - the functions of a file's ELF symbol table, by address.
 *
 * For files without debugging information, and for the linkage names that it leaves out. libdwfl's
 * own search goes through the whole table for every address; here it is sorted once, when an
 * address is first asked for.
 */
#ifndef TALLY_CLI_ELF_SYMBOLS_H
#define TALLY_CLI_ELF_SYMBOLS_H

#include <elfutils/libdwfl.h>

#include <stdbool.h>
#include <stddef.h>

struct elf_symbol {
    GElf_Addr start, end; /* end is start for symbols without a size */
    GElf_Addr section_end;
    int rank;         /* of several at one address the lowest is taken */
    const char *name; /* the module's */
};

struct elf_symbols {
    struct elf_symbol *all; /* by start, then rank, then name */
    size_t n, capacity;
    bool indexed;
};

/* The linkage name of the function at an address, or null. */
const char *elf_symbols_find(struct elf_symbols *symbols, Dwfl_Module *module, GElf_Addr address);
/* The symbols that start at an address, best first; *n of them. */
const struct elf_symbol *elf_symbols_at(struct elf_symbols *symbols, Dwfl_Module *module,
                                        GElf_Addr address, size_t *n);
void elf_symbols_free(struct elf_symbols *symbols);

#endif
