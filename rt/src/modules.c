/*
 * modules.c - what is mapped where, from /proc/thread-self/maps.
 *
 * Read by system calls only: dl_iterate_phdr would take the loader's lock, which a program that
 * dies inside dlopen holds. (And not /proc/self: it is empty when the first thread has ended.)
 * A file's bias and build id come from its ELF header and notes as they are mapped, in the first
 * page of the mapping of file offset 0. Pages are read as a debugger would: some are none of the
 * program's business (under valgrind, valgrind's own), and tools that watch accesses would say so.
 *
 *   55d0c3a00000-55d0c3a01000 r--p 00000000 …  /usr/bin/app     headers: bias, build id
 *   55d0c3a01000-55d0c3a02000 r-xp 00001000 …  /usr/bin/app     a module
 */
#include "snapshot.h"

#include "syscall.h"

#include <elf.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>

enum { MOST_MODULES = 4096, MOST_NOTED = 512, PAGE_BYTES = 4096 };

struct mapping {
    uint64_t start, limit, offset;
    bool readable, executable;
    char *path;
};

/* The whole file, null-terminated; null if it cannot be had. */
static char *read_maps(struct tli_arena *arena) {
    long fd = tli_syscall6(SYS_openat, AT_FDCWD, (long)"/proc/thread-self/maps",
                           O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (tli_syscall_failed(fd))
        return NULL;
    size_t size = 64 << 10, used = 0;
    char *text = tli_arena_alloc(arena, size);
    while (text) {
        long got = tli_syscall3(SYS_read, fd, (long)(text + used), (long)(size - used - 1));
        if (tli_syscall_failed(got) || got == 0)
            break;
        used += (size_t)got;
        if (size - used < 8192) {
            char *larger = tli_arena_alloc(arena, size * 2);
            if (larger)
                memcpy(larger, text, used);
            text = larger;
            size *= 2;
        }
    }
    tli_syscall3(SYS_close, fd, 0, 0);
    return text;
}

static uint64_t parse_hex(char **p) {
    uint64_t value = 0;
    for (;; (*p)++) {
        char c = **p;
        if (c >= '0' && c <= '9')
            value = value << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint64_t)(c - 'a' + 10);
        else
            return value;
    }
}

/* Cuts the line at *p off and steps over it. False at the end of the text. */
static bool parse_line(char **p, struct mapping *m) {
    char *line = *p;
    if (!*line)
        return false;
    char *end = strchr(line, '\n');
    *p = end ? end + 1 : line + strlen(line);
    if (end)
        *end = '\0';
    m->start = parse_hex(&line);
    line += *line == '-';
    m->limit = parse_hex(&line);
    line += *line == ' ';
    m->readable = line[0] == 'r';
    m->executable = strlen(line) > 2 && line[2] == 'x';
    line += strcspn(line, " ");
    line += *line == ' ';
    m->offset = parse_hex(&line);
    m->path = strchr(line, '/');
    return true;
}

static bool read_page(uint64_t address, char page[PAGE_BYTES]) {
    long fd = tli_syscall6(SYS_openat, AT_FDCWD, (long)"/proc/thread-self/mem",
                           O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (tli_syscall_failed(fd))
        return false;
    long got = tli_syscall6(SYS_pread64, fd, (long)page, PAGE_BYTES, (long)address, 0, 0);
    tli_syscall3(SYS_close, fd, 0, 0);
    return got == PAGE_BYTES;
}

static const Elf64_Phdr *program_headers(const char page[PAGE_BYTES], size_t *n) {
    const Elf64_Ehdr *header = (const void *)page;
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phoff > PAGE_BYTES ||
        header->e_phnum > (PAGE_BYTES - header->e_phoff) / sizeof(Elf64_Phdr))
        return NULL;
    *n = header->e_phnum;
    return (const void *)(page + header->e_phoff);
}

static const char *hex_of(const uint8_t *bytes, size_t n, struct tli_arena *arena) {
    char *text = tli_arena_alloc(arena, 2 * n + 1);
    for (size_t i = 0; text && i < n; i++) {
        text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
        text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
    }
    return text ? text : "";
}

static const char *build_id_in(const uint8_t *notes, size_t size, struct tli_arena *arena) {
    while (size >= sizeof(Elf64_Nhdr)) {
        const Elf64_Nhdr *note = (const void *)notes;
        size_t name = (note->n_namesz + 3u) & ~(size_t)3, desc = (note->n_descsz + 3u) & ~(size_t)3;
        if (name > size - sizeof *note || desc > size - sizeof *note - name)
            break;
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
            memcmp(notes + sizeof *note, "GNU", 4) == 0)
            return hex_of(notes + sizeof *note + name, note->n_descsz, arena);
        notes += sizeof *note + name + desc;
        size -= sizeof *note + name + desc;
    }
    return "";
}

static void read_headers(struct tally_module *module, uint64_t start, char page[PAGE_BYTES],
                         struct tli_arena *arena) {
    size_t n;
    const Elf64_Phdr *headers = read_page(start, page) ? program_headers(page, &n) : NULL;
    if (!headers)
        return;
    for (size_t i = 0; i < n; i++) {
        if (headers[i].p_type == PT_LOAD && headers[i].p_offset == 0) {
            module->bias = start - headers[i].p_vaddr;
            break;
        }
    }
    for (size_t i = 0; i < n && !*module->build_id; i++)
        if (headers[i].p_type == PT_NOTE && headers[i].p_offset < PAGE_BYTES &&
            headers[i].p_filesz <= PAGE_BYTES - headers[i].p_offset)
            module->build_id =
                build_id_in((const void *)(page + headers[i].p_offset), headers[i].p_filesz, arena);
}

/* What is mapped now. */
static struct tally_module *read_modules(struct tli_arena *arena, size_t *n) {
    char *text = read_maps(arena), *page = tli_arena_alloc(arena, PAGE_BYTES);
    struct tally_module *modules = tli_arena_alloc(arena, MOST_MODULES * sizeof *modules);
    struct mapping m, first = {0};
    *n = 0;
    while (text && page && modules && *n < MOST_MODULES && parse_line(&text, &m)) {
        if (!m.path)
            continue;
        if (m.offset == 0 && m.readable)
            first = m;
        if (!m.executable)
            continue;
        struct tally_module *module = &modules[(*n)++];
        *module = (struct tally_module){m.start, m.limit, m.offset, 0, m.path, ""};
        if (first.path && strcmp(first.path, m.path) == 0)
            read_headers(module, first.start, page, arena);
    }
    return modules;
}

/* Modules seen when a function in them was first called, for when they are unmapped later. */
static struct {
    atomic_flag busy;
    struct tli_arena arena;
    struct tally_module modules[MOST_NOTED];
    size_t n;
} noted = {.busy = ATOMIC_FLAG_INIT};

static bool covers(const struct tally_module *modules, size_t n, uint64_t start, uint64_t limit) {
    for (size_t i = 0; i < n; i++)
        if (start < modules[i].limit && limit > modules[i].start)
            return true;
    return false;
}

static void add_noted(const struct tally_module *modules, size_t n) {
    for (size_t i = 0; i < n && noted.n < MOST_NOTED; i++)
        if (!covers(noted.modules, noted.n, modules[i].start, modules[i].limit))
            noted.modules[noted.n++] = modules[i];
}

void tli_modules_note(const void *address) {
    uint64_t at = (uintptr_t)address;
    if (atomic_flag_test_and_set_explicit(&noted.busy, memory_order_acquire))
        return; /* another thread, or the one interrupted, is about it: only names are at stake */
    if (noted.n < MOST_NOTED && !covers(noted.modules, noted.n, at, at + 1)) {
        size_t n;
        const struct tally_module *modules = read_modules(&noted.arena, &n);
        add_noted(modules, n);
    }
    atomic_flag_clear_explicit(&noted.busy, memory_order_release);
}

void tli_snapshot_modules(struct tally_snapshot *snapshot, struct tli_arena *arena) {
    size_t n;
    struct tally_module *modules = read_modules(arena, &n);
    size_t mapped = n;
    for (size_t i = 0; modules && i < noted.n && n < MOST_MODULES; i++)
        if (!covers(modules, mapped, noted.modules[i].start, noted.modules[i].limit))
            modules[n++] = noted.modules[i];
    snapshot->modules = modules;
    snapshot->n_modules = n;
}
