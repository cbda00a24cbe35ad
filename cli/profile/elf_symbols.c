/*
 * elf_symbols.c - see elf_symbols.h. The table is .symtab where there is one, with that of a
 * separate file for debugging information, else .dynsym: libdwfl's choice.
 */
#include "elf_symbols.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

/* Global names before weak ones, local ones last: the one that programmers know. */
static int rank_of(const GElf_Sym *symbol) {
    switch (GELF_ST_BIND(symbol->st_info)) {
    case STB_GLOBAL:
        return 0;
    case STB_WEAK:
        return 1;
    default:
        return 2;
    }
}

static bool is_function(const GElf_Sym *symbol) {
    int type = GELF_ST_TYPE(symbol->st_info);
    return symbol->st_shndx != SHN_UNDEF &&
           (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE);
}

static int compare(const void *one, const void *other) {
    const struct elf_symbol *a = one, *b = other;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return a->rank != b->rank ? a->rank - b->rank : strcmp(a->name, b->name);
}

/* Of the section that a symbol is in, as an address of the module. */
static GElf_Addr end_of_section(Elf *elf, GElf_Word section, GElf_Addr bias) {
    GElf_Shdr header;
    Elf_Scn *found = elf_getscn(elf, section);
    return found && gelf_getshdr(found, &header) ? header.sh_addr + header.sh_size + bias : 0;
}

static void build_index(struct elf_symbols *symbols, Dwfl_Module *module) {
    int n = dwfl_module_getsymtab(module);
    symbols->indexed = true;
    for (int i = 1; i < n; i++) {
        GElf_Sym symbol;
        GElf_Addr start;
        GElf_Word section;
        Elf *elf;
        Dwarf_Addr bias;
        const char *name =
            dwfl_module_getsym_info(module, i, &symbol, &start, &section, &elf, &bias);
        if (!name || !*name || *name == '$' || !is_function(&symbol))
            continue;
        symbols->all =
            need_room(symbols->all, &symbols->capacity, symbols->n, sizeof *symbols->all);
        symbols->all[symbols->n++] =
            (struct elf_symbol){start, start + symbol.st_size, end_of_section(elf, section, bias),
                                rank_of(&symbol), name};
    }
    if (symbols->n)
        qsort(symbols->all, symbols->n, sizeof *symbols->all, compare);
}

/* The index of the first symbol that starts behind an address. */
static size_t first_behind(struct elf_symbols *symbols, Dwfl_Module *module, GElf_Addr address) {
    if (!symbols->indexed)
        build_index(symbols, module);
    size_t low = 0, high = symbols->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (symbols->all[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct elf_symbol *elf_symbols_at(struct elf_symbols *symbols, Dwfl_Module *module,
                                        GElf_Addr address, size_t *n) {
    size_t end = first_behind(symbols, module, address), first = end;
    while (first > 0 && symbols->all[first - 1].start == address)
        first--;
    *n = end - first;
    return symbols->all + first;
}

const char *elf_symbols_find(struct elf_symbols *symbols, Dwfl_Module *module, GElf_Addr address) {
    size_t n, end = first_behind(symbols, module, address);
    if (end == 0)
        return NULL;
    const struct elf_symbol *all = elf_symbols_at(symbols, module, symbols->all[end - 1].start, &n);
    for (size_t i = 0; i < n; i++)
        if (address < all[i].end)
            return all[i].name;
    /* Written in assembler, without a size: all of its section up to the next symbol is its own. */
    return all->end == all->start && address < all->section_end ? all->name : NULL;
}

void elf_symbols_free(struct elf_symbols *symbols) {
    free(symbols->all);
    *symbols = (struct elf_symbols){0};
}
