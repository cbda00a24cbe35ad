/*
 * modules.c - see modules.h: what is mapped where, from /proc/thread-self/maps.
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
#include "modules.h"

#include "lock.h"
#include "snapshot.h"
#include "syscall.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

enum { MOST_MODULES = 4096, PAGE_BYTES = 4096 };
/* No program's addresses reach this, not with five levels of page tables either. */
#define FIRST_MOVED ((uint64_t)1 << 56)

struct mapping {
    uint64_t start, limit, offset;
    bool readable, executable;
    char *file; /* device and inode */
    char *path;
};

/* The mappings of files' code, one after the other. */
struct reader {
    struct tli_arena *arena;
    char *rest;               /* of the list */
    char *page;               /* for a file's headers */
    struct mapping beginning; /* of the last file whose beginning was mapped */
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
    line += *line == ' ';
    m->file = line;
    line += strcspn(line, " "); /* the device */
    line += *line == ' ';
    line += strcspn(line, " "); /* the inode */
    if (*line)
        *line++ = '\0';
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

static bool read_begin(struct reader *reader, struct tli_arena *arena) {
    *reader = (struct reader){.arena = arena};
    reader->rest = read_maps(arena);
    reader->page = tli_arena_alloc(arena, PAGE_BYTES);
    return reader->rest && reader->page;
}

static bool read_code(struct reader *reader, struct mapping *code) {
    while (parse_line(&reader->rest, code)) {
        if (!code->path)
            continue;
        if (code->offset == 0 && code->readable)
            reader->beginning = *code;
        if (code->executable)
            return true;
    }
    return false;
}

/* What was just read. */
static struct tally_module module_of(struct reader *reader, const struct mapping *code) {
    struct tally_module module = {code->start, code->limit, code->offset, 0, code->path, ""};
    if (reader->beginning.path && strcmp(reader->beginning.path, code->path) == 0)
        read_headers(&module, reader->beginning.start, reader->page, reader->arena);
    return module;
}

/* ---- images ---- */

static _Atomic(struct tli_image *) images; /* the newest; grows only */
/* Held, with signals blocked, by whoever adds an image or finds out what is mapped. */
static atomic_flag busy = ATOMIC_FLAG_INIT;
static struct tli_arena kept;
static uint64_t next_moved = FIRST_MOVED;

static struct tli_image *newest(void) {
    return atomic_load_explicit(&images, memory_order_acquire);
}

static bool is_mapped(const struct tli_image *image) {
    return atomic_load_explicit(&image->mapped, memory_order_relaxed);
}

static bool holds(const struct tally_module *module, uint64_t address) {
    return address >= module->start && address < module->limit;
}

static bool overlaps(const struct tally_module *module, uint64_t start, uint64_t limit) {
    return start < module->limit && limit > module->start;
}

static struct tli_image *mapped_image(uint64_t address) {
    struct tli_image *image = newest();
    while (image && !(is_mapped(image) && holds(&image->module, address + image->moved_by)))
        image = image->next;
    return image;
}

/* A file's path is no part of what it is: it changes when the file is deleted. */
static bool is_image_of(const struct tli_image *image, const struct mapping *code,
                        const struct tally_module *module) {
    return image->module.start - image->moved_by == code->start &&
           image->module.limit - image->moved_by == code->limit &&
           image->module.offset == code->offset && strcmp(image->file, code->file) == 0 &&
           strcmp(image->module.build_id, module->build_id) == 0;
}

static struct tli_image *image_of(const struct mapping *code, const struct tally_module *module) {
    struct tli_image *image = newest();
    while (image && !is_image_of(image, code, module))
        image = image->next;
    return image;
}

static uint64_t move_by(const struct tally_module *module) {
    struct tli_image *image = newest();
    while (image && !overlaps(&image->module, module->start, module->limit))
        image = image->next;
    if (!image)
        return 0;
    uint64_t to = next_moved;
    next_moved += module->limit - module->start;
    return to - module->start;
}

static struct tli_image *add_image(const struct mapping *code, struct tally_module module) {
    struct tli_image *image = tli_arena_alloc(&kept, sizeof *image);
    if (!image)
        return NULL;
    image->file = tli_arena_copy_text(&kept, code->file);
    image->moved_by = move_by(&module);
    module.start += image->moved_by;
    module.limit += image->moved_by;
    module.bias += image->moved_by;
    module.path = tli_arena_copy_text(&kept, module.path);
    module.build_id = tli_arena_copy_text(&kept, module.build_id);
    image->module = module;
    image->next = newest();
    atomic_store_explicit(&images, image, memory_order_release);
    return image;
}

static struct tli_image *find_image(uint64_t address) {
    struct tli_arena scratch = {.next_chunk_bytes = 0};
    struct tli_image *image = NULL;
    struct reader reader;
    struct mapping code;
    bool found = false;
    if (read_begin(&reader, &scratch))
        while (!found && read_code(&reader, &code))
            found = address >= code.start && address < code.limit;
    if (found) {
        struct tally_module module = module_of(&reader, &code);
        image = image_of(&code, &module);
        if (!image)
            image = add_image(&code, module);
    }
    if (image)
        atomic_store_explicit(&image->mapped, true, memory_order_relaxed);
    tli_arena_release(&scratch);
    return image;
}

const struct tli_image *tli_image_at(const void *address) {
    struct tli_image *image = mapped_image((uintptr_t)address);
    if (image)
        return image;
    uint64_t mask = tli_block_signals();
    if (tli_take_within(&busy)) {
        image = mapped_image((uintptr_t)address);
        if (!image)
            image = find_image((uintptr_t)address);
        tli_give_back(&busy);
    }
    tli_restore_signals(mask);
    return image;
}

static void look_again(void) {
    struct tli_arena scratch = {.next_chunk_bytes = 0};
    struct reader reader;
    struct mapping code;
    if (read_begin(&reader, &scratch)) {
        for (struct tli_image *image = newest(); image; image = image->next)
            image->found = false;
        while (read_code(&reader, &code)) {
            struct tally_module module = module_of(&reader, &code);
            struct tli_image *image = image_of(&code, &module);
            if (image)
                image->found = true;
        }
        for (struct tli_image *image = newest(); image; image = image->next)
            atomic_store_explicit(&image->mapped, image->found, memory_order_relaxed);
    }
    tli_arena_release(&scratch);
}

void tli_images_look_again(void) {
    if (!newest())
        return;
    uint64_t mask = tli_block_signals();
    if (tli_take_within(&busy)) {
        look_again();
        tli_give_back(&busy);
    }
    tli_restore_signals(mask);
}

void tli_images_forked(void) {
    tli_give_back(&busy);
}

/* ---- in the profile ---- */

/* A moved caller's calls come from where it is at run time, if not from code that is not
 * instrumented and calls it back. (A call's address is where it returns to: behind the call.) */
uint64_t tli_call_in_profile(const struct tally_function *caller, uint64_t address) {
    uint64_t own = (uintptr_t)caller->address;
    if (own < FIRST_MOVED)
        return address;
    struct tli_image *image = newest();
    while (image && !holds(&image->module, own))
        image = image->next;
    bool within = image && holds(&image->module, address - 1 + image->moved_by);
    return within ? address + image->moved_by : address;
}

void tli_snapshot_modules(struct tally_snapshot *snapshot, struct tli_arena *arena) {
    struct tally_module *modules = tli_arena_alloc(arena, MOST_MODULES * sizeof *modules);
    size_t n = 0;
    for (struct tli_image *image = newest(); image && modules && n < MOST_MODULES;
         image = image->next)
        modules[n++] = image->module;
    size_t n_images = n;
    struct reader reader;
    struct mapping code;
    bool reading = modules && read_begin(&reader, arena);
    while (reading && n < MOST_MODULES && read_code(&reader, &code)) {
        size_t i = 0;
        while (i < n_images && !overlaps(&modules[i], code.start, code.limit))
            i++;
        if (i == n_images)
            modules[n++] = module_of(&reader, &code);
    }
    snapshot->modules = modules;
    snapshot->n_modules = n;
}
