/*
 * symbols.c - see symbols.h. The indices that addresses are looked up in are in
 * units.c (DWARF) and elf_symbols.c.
 *
 * The file is reported to libdwfl at base 0, so that the addresses of its module are the link-time
 * ones. Frames own their strings: callers keep them as they like.
 */
#include "symbols.h"

#include "elf_symbols.h"
#include "names.h"
#include "say.h"
#include "structors.h"
#include "units.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_INLINED = 128, MOST_BUILD_ID = 64 };

struct symbols {
    Dwfl *dwfl;
    Dwfl_Module *module;
    Elf *elf;
    Dwarf_Addr bias; /* module address - DWARF address */
    struct units units;
    struct elf_symbols elf_symbols;
    char build_id[2 * MOST_BUILD_ID + 1];
};

static void read_build_id(struct symbols *symbols) {
    const unsigned char *bits;
    GElf_Addr address;
    int size = dwfl_module_build_id(symbols->module, &bits, &address);
    for (int i = 0; i < size && i < MOST_BUILD_ID; i++)
        snprintf(symbols->build_id + 2 * i, 3, "%02x", bits[i]);
}

struct symbols *symbols_open(const char *path, const char **cause) {
    static char *debuginfo_path;
    static const Dwfl_Callbacks callbacks = {
        .find_elf = dwfl_build_id_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .section_address = dwfl_offline_section_address,
        .debuginfo_path = &debuginfo_path,
    };
    /* A command that reads a profile must not wait for a server that the environment names. */
    unsetenv("DEBUGINFOD_URLS");
    struct symbols *symbols = need_array(1, sizeof *symbols);
    GElf_Addr elf_bias;
    symbols->dwfl = dwfl_begin(&callbacks);
    if (symbols->dwfl) {
        dwfl_report_begin(symbols->dwfl);
        symbols->module = dwfl_report_elf(symbols->dwfl, path, path, -1, 0, true);
        dwfl_report_end(symbols->dwfl, NULL, NULL);
    }
    if (symbols->module)
        symbols->elf = dwfl_module_getelf(symbols->module, &elf_bias);
    if (!symbols->elf) {
        *cause = dwfl_errmsg(-1);
        symbols_close(symbols);
        return NULL;
    }
    read_build_id(symbols);
    Dwarf *dwarf = dwfl_module_getdwarf(symbols->module, &symbols->bias);
    if (dwarf)
        units_index(&symbols->units, dwarf);
    return symbols;
}

void symbols_close(struct symbols *symbols) {
    units_free(&symbols->units);
    elf_symbols_free(&symbols->elf_symbols);
    if (symbols->dwfl)
        dwfl_end(symbols->dwfl);
    free(symbols);
}

const char *symbols_build_id(const struct symbols *symbols) {
    return symbols->build_id;
}

bool symbols_address(const struct symbols *symbols, uint64_t file_offset, uint64_t *address) {
    size_t n;
    if (elf_getphdrnum(symbols->elf, &n) != 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        GElf_Phdr header;
        if (gelf_getphdr(symbols->elf, (int)i, &header) && header.p_type == PT_LOAD &&
            file_offset >= header.p_offset && file_offset - header.p_offset < header.p_filesz) {
            *address = file_offset - header.p_offset + header.p_vaddr;
            return true;
        }
    }
    return false;
}

/* `name` serves when the linkage name is not a C++ one; either may be null, not both. */
static void set_names(struct symbol_frame *frame, const char *name, const char *linkage_name) {
    char *readable = linkage_name ? name_readable(linkage_name) : NULL;
    frame->system_name = need_copy(linkage_name ? linkage_name : name);
    frame->name = readable ? readable : need_copy(name ? name : linkage_name);
}

/* ---- functions ---- */

static const char *text_attribute(Dwarf_Die *die, unsigned name) {
    Dwarf_Attribute attribute;
    if (!dwarf_attr_integrate(die, name, &attribute))
        return NULL;
    return dwarf_formstring(&attribute);
}

static const char *linkage_name_of(Dwarf_Die *die) {
    const char *name = text_attribute(die, DW_AT_linkage_name);
    return name ? name : text_attribute(die, DW_AT_MIPS_linkage_name);
}

static bool entry_of(Dwarf_Die *function, Dwarf_Addr *entry) {
    Dwarf_Addr base, end;
    return dwarf_entrypc(function, entry) == 0 || dwarf_ranges(function, 0, &base, entry, &end) > 0;
}

/* Whether a symbol may be what the linker calls the function `name`. There may be others at its
 * address, such as aliases. */
static bool is_symbol_of(const char *symbol, const char *name) {
    char *readable = name_readable(symbol);
    size_t length = strlen(name);
    bool is = false;
    if (readable) {
        /* Template arguments, types and some operators are spelled in other ways. */
        char *plain = need_print("%.*s", (int)strcspn(name, "< \""), name);
        is = strstr(readable, plain) != NULL;
        free(plain);
    } else {
        is =
            strncmp(symbol, name, length) == 0 && (symbol[length] == '\0' || symbol[length] == '.');
    }
    free(readable);
    return is;
}

/* What the linker calls a function of which debugging information does not tell it, without what is
 * said of a clone; null if it has none. Free it. */
static char *symbol_of(struct symbols *symbols, Dwarf_Die *function, const char *name) {
    Dwarf_Addr entry;
    size_t n = 0;
    const struct elf_symbol *all = NULL;
    if (name && dwarf_tag(function) == DW_TAG_subprogram && entry_of(function, &entry))
        all = elf_symbols_at(&symbols->elf_symbols, symbols->module, entry + symbols->bias, &n);
    for (size_t i = 0; i < n; i++)
        if (is_symbol_of(all[i].name, name))
            return need_print("%.*s", (int)name_length(all[i].name), all[i].name);
    return NULL;
}

/* Not dwarf_decl_file: libdw 0.188 aborts in it on split units. */
static const char *declared_file(Dwarf_Die *die) {
    Dwarf_Attribute attribute;
    Dwarf_Word index;
    Dwarf_Die unit;
    Dwarf_Files *files;
    size_t n;
    if (!dwarf_attr_integrate(die, DW_AT_decl_file, &attribute) ||
        dwarf_formudata(&attribute, &index) != 0 ||
        !dwarf_cu_die(attribute.cu, &unit, NULL, NULL, NULL, NULL, NULL, NULL) ||
        dwarf_getsrcfiles(&unit, &files, &n) != 0 || index >= n)
        return NULL;
    return dwarf_filesrc(files, index, NULL, NULL);
}

/* `file` as it is called in `unit`. */
static char *whole_path(const char *file, struct unit *unit) {
    const char *directory = text_attribute(&unit->line_die, DW_AT_comp_dir);
    if (!file)
        return need_copy("");
    if (file[0] == '/' || !directory)
        return need_copy(file);
    return need_print("%s/%s", directory, file);
}

/* Where it is declared; a member that has no place of its own (a lambda's, one that the compiler
 * makes) where its class is; anything else the compiler makes in the unit's file. */
static void set_place(struct symbol_frame *frame, Dwarf_Die *die,
                      const struct inner_function *inner, struct unit *unit) {
    int line = 0;
    Dwarf_Die place = *die;
    if (dwarf_decl_line(&place, &line) != 0 && inner && inner->class_type.addr)
        place = inner->class_type;
    const char *file = declared_file(&place);
    frame->file = whole_path(file ? file : dwarf_diename(&unit->line_die), unit);
    if (dwarf_decl_line(&place, &line) == 0)
        frame->start_line = line;
}

static bool has_name(Dwarf_Die *die) {
    return dwarf_diename(die) || linkage_name_of(die);
}

/* Of a function with a name, or of a body of it. */
static void set_function(struct symbol_frame *frame, struct symbols *symbols, Dwarf_Die *die,
                         struct unit *unit) {
    const char *name = dwarf_diename(die), *linkage_name = linkage_name_of(die);
    char *symbol = linkage_name ? NULL : symbol_of(symbols, die, name);
    Dwarf_Die declaration = units_declaration(die);
    struct unit *of = units_of(&symbols->units, &declaration);
    const struct inner_function *inner = units_inner(of ? of : unit, &declaration);
    if (linkage_name || symbol) {
        set_names(frame, name, linkage_name ? linkage_name : symbol);
    } else {
        char *full = need_print("%s%s", inner ? inner->scope : "", name);
        set_names(frame, full, NULL);
        free(full);
    }
    set_place(frame, die, inner, of ? of : unit);
    free(symbol);
}

/* ---- bodies ---- */

enum { NO_CODE = -1 }; /* a line number that none has */

/* A function, or one inlined, at an address. */
struct body {
    Dwarf_Die die;
    int64_t
        line; /* of the code, or of the call of the next body within; NO_CODE: it is the entry */
};

/* The bodies inlined at an address, outermost first. */
static size_t inlined_at(Dwarf_Die function, Dwarf_Addr address, struct body *bodies) {
    size_t n = 0;
    Dwarf_Die die;
    int more = dwarf_child(&function, &die);
    while (more == 0 && n < MOST_INLINED) {
        int tag = dwarf_tag(&die);
        if (tag != DW_TAG_subprogram && dwarf_haspc(&die, address) > 0) {
            if (tag == DW_TAG_inlined_subroutine)
                bodies[n++].die = die;
            Dwarf_Die parent = die;
            more = dwarf_child(&parent, &die);
        } else {
            more = dwarf_siblingof(&die, &die);
        }
    }
    return n;
}

static int64_t call_line(Dwarf_Die *body) {
    Dwarf_Attribute attribute;
    Dwarf_Word line = 0;
    if (dwarf_attr(body, DW_AT_call_line, &attribute))
        dwarf_formudata(&attribute, &line);
    return (int64_t)line;
}

static int64_t code_line(struct unit *unit, Dwarf_Addr address) {
    Dwarf_Line *record = dwarf_getsrc_die(&unit->line_die, address);
    int line = 0;
    if (record)
        dwarf_lineno(record, &line);
    return line;
}

static bool is_entry(struct function_range *function, Dwarf_Addr address) {
    Dwarf_Addr entry;
    return entry_of(&function->die, &entry) && entry == address;
}

/* The function at an address and what is inlined there, outermost first; of an entry the function
 * alone. A body without a name is passed over; its caller then has the line of the
 * code. None if the function has no name. */
static size_t bodies_at(struct symbols *symbols, Dwarf_Addr address,
                        struct body bodies[1 + MOST_INLINED], struct unit **unit) {
    struct function_range *function = units_find(&symbols->units, address, unit);
    if (!function || !has_name(&function->die))
        return 0;
    bodies[0] = (struct body){function->die, NO_CODE};
    if (is_entry(function, address))
        return 1;
    size_t n = 1 + inlined_at(function->die, address, bodies + 1), kept = n;
    int64_t line = code_line(*unit, address);
    for (size_t i = n; i-- > 0;) {
        if (!has_name(&bodies[i].die))
            continue;
        bodies[--kept] = (struct body){bodies[i].die, line};
        line = call_line(&bodies[i].die);
    }
    memmove(bodies, bodies + kept, (n - kept) * sizeof *bodies);
    return n - kept;
}

static struct symbol_frame *from_dwarf(struct symbols *symbols, Dwarf_Addr address, size_t *n) {
    struct unit *unit;
    struct body bodies[1 + MOST_INLINED];
    *n = bodies_at(symbols, address, bodies, &unit);
    struct symbol_frame *frames = *n ? need_array(*n, sizeof *frames) : NULL;
    for (size_t i = 0; i < *n; i++) {
        struct symbol_frame *frame = &frames[*n - 1 - i];
        set_function(frame, symbols, &bodies[i].die, unit);
        frame->line = bodies[i].line == NO_CODE ? frame->start_line : bodies[i].line;
    }
    return frames;
}
static struct symbol_frame *from_symbol(struct symbols *symbols, uint64_t address, size_t *n) {
    const char *name = elf_symbols_find(&symbols->elf_symbols, symbols->module, address);
    if (!name)
        return NULL;
    struct symbol_frame *frame = need_array(1, sizeof *frame);
    set_names(frame, NULL, name);
    frame->file = need_copy("");
    *n = 1;
    return frame;
}

struct symbol_frame *symbols_find(struct symbols *symbols, uint64_t address, size_t *n) {
    *n = 0;
    struct symbol_frame *frames = from_dwarf(symbols, address - symbols->bias, n);
    return frames ? frames : from_symbol(symbols, address, n);
}

/* Whether both are copies of one function, out of line or inlined. Units that know it from a header
 * have an entry each. */
static bool is_same_function(Dwarf_Die *one, Dwarf_Die *other) {
    const char *name = linkage_name_of(one), *other_name = linkage_name_of(other);
    if (units_declaration(one).addr == units_declaration(other).addr)
        return true;
    if (!name || !other_name)
        return false;
    char *base = need_copy(name), *other_base = need_copy(other_name);
    structor_take(base);
    structor_take(other_base);
    bool is_same = strcmp(base, other_base) == 0;
    free(base);
    free(other_base);
    return is_same;
}

static bool is_same_symbol(struct symbols *symbols, uint64_t one, uint64_t other) {
    const char *name = elf_symbols_find(&symbols->elf_symbols, symbols->module, one);
    return name && name == elf_symbols_find(&symbols->elf_symbols, symbols->module, other);
}

bool symbols_line_in(struct symbols *symbols, uint64_t entry, uint64_t address, int64_t *line) {
    struct unit *unit;
    struct body function[1 + MOST_INLINED], bodies[1 + MOST_INLINED];
    size_t n = bodies_at(symbols, address - symbols->bias, bodies, &unit);
    if (bodies_at(symbols, entry - symbols->bias, function, &unit) == 0)
        return n == 0 && is_same_symbol(symbols, entry, address);
    while (n-- > 0)
        if (is_same_function(&function[0].die, &bodies[n].die)) {
            *line = bodies[n].line;
            return true;
        }
    return false;
}

void symbols_free_frames(struct symbol_frame *frames, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(frames[i].name);
        free(frames[i].system_name);
        free(frames[i].file);
    }
    free(frames);
}
