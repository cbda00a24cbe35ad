/* relink.c - see relink.h. */
#include "heap/relink.h"

#include "syscall.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { PAGE_BYTES = 4096, MAX_THEIRS = 40 };

/* What the loader finds first under a name of ours. */
struct theirs {
    const struct tli_interposed *function;
    void *found;
};

struct relinking {
    struct theirs theirs[MAX_THEIRS];
    size_t n;
    const void *own_base, *allocator_base;
};

static const void *base_of(const void *address) {
    Dl_info info;
    return dladdr(address, &info) ? info.dli_fbase : NULL;
}

/* ---- definitions ---- */

/* Where code at a fixed address takes that of a function, the function's address is in the program,
 * for all: that of the code by which the program calls it. */
static bool is_call_of_program(void *address) {
    Dl_info info;
    const ElfW(Sym) *symbol = NULL;
    return dladdr1(address, &info, (void **)(uintptr_t)&symbol, RTLD_DL_SYMENT) && symbol &&
           symbol->st_shndx == SHN_UNDEF;
}

static void *defined_by(const struct link_map *object, const char *name) {
    void *handle = dlopen(object->l_name, RTLD_LAZY | RTLD_NOLOAD);
    void *found = handle ? dlsym(handle, name) : NULL;
    if (found && base_of(found) != base_of(object->l_ld))
        found = NULL; /* by another, on which this one depends */
    if (handle)
        dlclose(handle);
    return found;
}

static const struct link_map *program(void) {
    return dlopen(NULL, RTLD_LAZY | RTLD_NOLOAD);
}

/* What is called by this name. */
static void *definition_of(const char *name) {
    void *found = dlsym(RTLD_DEFAULT, name);
    if (!found || !is_call_of_program(found))
        return found;
    found = NULL;
    for (const struct link_map *object = program()->l_next; object && !found;
         object = object->l_next)
        found = defined_by(object, name);
    return found;
}

static void find_theirs(struct relinking *r, const struct tli_interposed *functions) {
    for (const struct tli_interposed *f = functions; f->name && r->n < MAX_THEIRS; f++) {
        void *found = definition_of(f->name);
        if (!found || base_of(found) != r->allocator_base)
            continue;
        r->theirs[r->n++] = (struct theirs){f, found};
        if (f->next)
            *f->next = found;
    }
}

static const struct theirs *named(const struct relinking *r, const char *name) {
    for (size_t i = 0; i < r->n; i++)
        if (strcmp(r->theirs[i].function->name, name) == 0)
            return &r->theirs[i];
    return NULL;
}

/* ---- one object ---- */

/* The parts of an object's dynamic section that tell what is bound. */
struct object {
    ElfW(Addr) base;
    const char *names;
    const ElfW(Sym) * symbols;
    const ElfW(Rela) * relocations[2]; /* of data, of calls */
    size_t relocations_bytes[2];
    ElfW(Addr) relro, relro_end; /* read-only once relocated, or empty */
};

/* Most, but not all, are relocated in place by the loader. */
static const void *in_memory(const struct object *object, ElfW(Addr) address) {
    return (const void *)(address < object->base ? address + object->base : address);
}

static void read_dynamic(struct object *object, const ElfW(Dyn) * entry) {
    for (; entry->d_tag != DT_NULL; entry++) {
        switch (entry->d_tag) {
        case DT_STRTAB:
            object->names = in_memory(object, entry->d_un.d_ptr);
            break;
        case DT_SYMTAB:
            object->symbols = in_memory(object, entry->d_un.d_ptr);
            break;
        case DT_RELA:
            object->relocations[0] = in_memory(object, entry->d_un.d_ptr);
            break;
        case DT_RELASZ:
            object->relocations_bytes[0] = entry->d_un.d_val;
            break;
        case DT_JMPREL:
            object->relocations[1] = in_memory(object, entry->d_un.d_ptr);
            break;
        case DT_PLTRELSZ:
            object->relocations_bytes[1] = entry->d_un.d_val;
            break;
        }
    }
}

static struct object read_object(const struct dl_phdr_info *info) {
    struct object object = {.base = info->dlpi_addr};
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_DYNAMIC)
            read_dynamic(&object, (const ElfW(Dyn) *)(object.base + header->p_vaddr));
        if (header->p_type == PT_GNU_RELRO) {
            object.relro = (object.base + header->p_vaddr) & ~(ElfW(Addr))(PAGE_BYTES - 1);
            object.relro_end = object.base + header->p_vaddr + header->p_memsz;
        }
    }
    return object;
}

static void bind(const struct object *object, void **slot, void *to) {
    ElfW(Addr) address = (ElfW(Addr))slot, page = address & ~(ElfW(Addr))(PAGE_BYTES - 1);
    bool read_only = address >= object->relro && address < object->relro_end;
    if (read_only &&
        tli_syscall3(SYS_mprotect, (long)page, PAGE_BYTES, PROT_READ | PROT_WRITE) != 0)
        return;
    __atomic_store_n(slot, to, __ATOMIC_RELEASE);
    if (read_only)
        tli_syscall3(SYS_mprotect, (long)page, PAGE_BYTES, PROT_READ);
}

/* A call that was never made leads to the loader yet, which would bind it to theirs. */
static void rebind(const struct relinking *r, const struct object *object,
                   const ElfW(Rela) * relocation) {
    unsigned type = ELF64_R_TYPE(relocation->r_info);
    if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT && type != R_X86_64_64)
        return;
    const ElfW(Sym) *symbol = &object->symbols[ELF64_R_SYM(relocation->r_info)];
    const struct theirs *theirs = named(r, object->names + symbol->st_name);
    void **slot = (void **)(object->base + relocation->r_offset);
    if (theirs && (type == R_X86_64_JUMP_SLOT || *slot == theirs->found))
        bind(object, slot, theirs->function->ours);
}

static int rebind_object(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    const struct relinking *r = context;
    struct object object = read_object(info);
    if (!object.symbols || !object.names || base_of(object.symbols) == r->own_base ||
        base_of(object.symbols) == r->allocator_base)
        return 0;
    for (int part = 0; part < 2; part++)
        for (size_t i = 0; i < object.relocations_bytes[part] / sizeof(ElfW(Rela)); i++)
            if (object.relocations[part])
                rebind(r, &object, &object.relocations[part][i]);
    return 0;
}

/* ---- all ---- */

static bool is_program(const void *base) {
    return base == base_of(program()->l_ld);
}

const char *tli_heap_relink(void) {
    static struct relinking r;
    const void *found = definition_of(tli_heap_functions[0].name);
    if (found == tli_heap_functions[0].ours)
        return "";
    r.own_base = base_of(tli_heap_functions[0].ours);
    r.allocator_base = base_of(found);
    if (!r.allocator_base || is_program(r.allocator_base))
        return "malloc is a part of the program itself; see docs/heap.md for how it can be linked";
    find_theirs(&r, tli_heap_functions);
    find_theirs(&r, tli_heap_operators);
    find_theirs(&r, tli_heap_mapping_functions);
    dl_iterate_phdr(rebind_object, &r);
    return "";
}
