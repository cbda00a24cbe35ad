/*
 * symbols.c - see symbols.h. The indices that addresses are looked up in are in
 * units.c (DWARF) and elf_symbols.c.
 *
 * The file is reported to libdwfl at base 0, so that the addresses of its module are the link-time
 * ones. Frames own their strings: callers keep them as they like.
 */
#include "symbols.h"

#include "elf_symbols.h"
#include "say.h"
#include "units.h"

#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <libiberty/demangle.h>
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
    char *demangled = linkage_name ? cplus_demangle_v3(linkage_name, DMGL_NO_OPTS) : NULL;
    frame->system_name = need_copy(linkage_name ? linkage_name : name);
    frame->name = demangled ? demangled : need_copy(name ? name : linkage_name);
}

static const char *text_attribute(Dwarf_Die *die, unsigned name) {
    Dwarf_Attribute attribute;
    if (!dwarf_attr_integrate(die, name, &attribute))
        return NULL;
    return dwarf_formstring(&attribute);
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

static char *source_file(Dwarf_Die *die, struct unit *unit) {
    const char *file = declared_file(die);
    if (!file)
        return need_copy("");
    const char *directory = text_attribute(&unit->line_die, DW_AT_comp_dir);
    if (file[0] == '/' || !directory)
        return need_copy(file);
    return need_print("%s/%s", directory, file);
}

/* False when the entry has no name at all. */
static bool set_function(struct symbol_frame *frame, Dwarf_Die *die, struct unit *unit) {
    const char *name = dwarf_diename(die);
    const char *linkage_name = text_attribute(die, DW_AT_linkage_name);
    if (!linkage_name)
        linkage_name = text_attribute(die, DW_AT_MIPS_linkage_name);
    int line = 0;
    if (!name && !linkage_name)
        return false;
    char *full = need_print("%s%s", linkage_name ? "" : units_scope(unit, die), name ? name : "");
    set_names(frame, full, linkage_name);
    free(full);
    frame->file = source_file(die, unit);
    if (dwarf_decl_line(die, &line) == 0)
        frame->start_line = line;
    return true;
}

static bool is_entry(struct function_range *function, Dwarf_Addr address) {
    Dwarf_Addr base, start, end;
    if (dwarf_entrypc(&function->die, &start) == 0)
        return start == address;
    return dwarf_ranges(&function->die, 0, &base, &start, &end) > 0 && start == address;
}

/* The bodies inlined at an address, outermost first. */
static size_t inlined_at(Dwarf_Die function, Dwarf_Addr address, Dwarf_Die *bodies) {
    size_t n = 0;
    Dwarf_Die die;
    int more = dwarf_child(&function, &die);
    while (more == 0 && n < MOST_INLINED) {
        int tag = dwarf_tag(&die);
        if (tag != DW_TAG_subprogram && dwarf_haspc(&die, address) > 0) {
            if (tag == DW_TAG_inlined_subroutine)
                bodies[n++] = die;
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

static struct symbol_frame *from_dwarf(struct symbols *symbols, Dwarf_Addr address, size_t *n) {
    struct unit *unit;
    struct function_range *function = units_find(&symbols->units, address, &unit);
    if (!function)
        return NULL;
    Dwarf_Die bodies[MOST_INLINED];
    bool entry = is_entry(function, address);
    size_t n_bodies = entry ? 0 : inlined_at(function->die, address, bodies);
    struct symbol_frame *frames = need_array(n_bodies + 1, sizeof *frames);
    int64_t line = entry ? 0 : code_line(unit, address);
    for (size_t i = n_bodies; i-- > 0;) {
        /* A body without a name is passed over; its caller then has the line of the code. */
        if (set_function(&frames[*n], &bodies[i], unit)) {
            frames[(*n)++].line = line;
            line = call_line(&bodies[i]);
        }
    }
    if (!set_function(&frames[*n], &function->die, unit)) {
        symbols_free_frames(frames, *n);
        *n = 0;
        return NULL;
    }
    frames[*n].line = entry ? frames[*n].start_line : line;
    (*n)++;
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

void symbols_free_frames(struct symbol_frame *frames, size_t n) {
    for (size_t i = 0; i < n; i++) {
        free(frames[i].name);
        free(frames[i].system_name);
        free(frames[i].file);
    }
    free(frames);
}
