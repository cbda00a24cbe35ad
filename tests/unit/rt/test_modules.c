/*
 * test_modules.c - what is mapped where: against the loader's own list and readelf.
 */
#include "arena.h"
#include "run_subject.h"
#include "snapshot.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

static struct tli_arena arena;
static struct tally_snapshot snapshot;

static void begin(void) {
    tli_snapshot_modules(&snapshot, &arena);
    cr_assert_gt(snapshot.n_modules, 0);
}

static void end(void) {
    tli_arena_release(&arena);
}

TestSuite(modules, .init = begin, .fini = end);

static const struct tally_module *module_at(uint64_t address) {
    const struct tally_module *found = NULL;
    for (size_t i = 0; i < snapshot.n_modules; i++) {
        const struct tally_module *m = &snapshot.modules[i];
        if (address < m->start || address >= m->limit)
            continue;
        cr_expect_null(found, "two modules hold %#" PRIx64, address);
        found = m;
    }
    return found;
}

/* What readelf says of a file: the text behind `key`, to the end of the line. */
static const char *readelf(const char *option, const char *path, const char *key) {
    static char line[1000];
    char command[1200];
    snprintf(command, sizeof command, "readelf -W %s '%s' 2>/dev/null", option, path);
    FILE *pipe = popen(command, "r");
    const char *found = NULL;
    while (!found && fgets(line, sizeof line, pipe)) {
        line[strcspn(line, "\n")] = '\0';
        found = strstr(line, key);
    }
    while (fgetc(pipe) != EOF)
        ;
    pclose(pipe);
    return found ? found + strlen(key) : "";
}

/* The address in the symbol table of a function of that name. */
static uint64_t symbol_of(const char *path, const char *name) {
    char command[1200];
    uint64_t value = 0;
    snprintf(command, sizeof command, "readelf -Ws '%s' | awk '$8 == \"%s\" {print $2; exit}'",
             path, name);
    FILE *pipe = popen(command, "r");
    if (fscanf(pipe, "%" SCNx64, &value) != 1)
        value = 0;
    pclose(pipe);
    return value;
}

void modules_marker(void);
void modules_marker(void) {}

Test(modules, this_program) {
    char path[4096] = "";
    cr_assert_gt(readlink("/proc/self/exe", path, sizeof path - 1), 0);
    const struct tally_module *m = module_at((uintptr_t)modules_marker);
    cr_assert_not_null(m);
    cr_expect_str_eq(m->path, path);
    uint64_t symbol = symbol_of(path, "modules_marker");
    cr_assert_neq(symbol, 0);
    cr_expect_eq((uintptr_t)modules_marker - m->bias, symbol);
    cr_expect_str_eq(m->build_id, readelf("-n", path, "Build ID: "));
}

static int n_compared;

static int compare_with_loader(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size, (void)unused;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *h = &info->dlpi_phdr[i];
        if (h->p_type != PT_LOAD || !(h->p_flags & PF_X) ||
            info->dlpi_addr == getauxval(AT_SYSINFO_EHDR))
            continue;
        uint64_t start = info->dlpi_addr + h->p_vaddr;
        const struct tally_module *m = module_at(start);
        cr_assert_not_null(m, "%s", info->dlpi_name);
        cr_expect_eq(m->bias, info->dlpi_addr, "bias of %s", m->path);
        cr_expect_eq(start - m->start + m->offset, h->p_offset, "offset of %s", m->path);
        cr_expect_str_eq(m->build_id, readelf("-n", m->path, "Build ID: "), "of %s", m->path);
        n_compared++;
    }
    return 0;
}

Test(modules, all_that_the_loader_knows) {
    dl_iterate_phdr(compare_with_loader, NULL);
    cr_expect_geq(n_compared, 3, "this program, libc, the loader");
}

Test(modules, are_executable_ranges_in_order) {
    for (size_t i = 0; i < snapshot.n_modules; i++) {
        const struct tally_module *m = &snapshot.modules[i];
        cr_expect_lt(m->start, m->limit);
        cr_expect(i == 0 || snapshot.modules[i - 1].limit <= m->start);
        cr_expect_eq(m->path[0], '/');
        cr_expect_not_null(m->build_id);
    }
    cr_expect_null(module_at((uintptr_t)&arena), "data is in no module");
}

/* Enough mappings for the list to be read in several pieces; and code that is no ELF file. */
Test(modules, many_mappings) {
    char *memory = mmap(NULL, 4000 * 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(memory, MAP_FAILED);
    for (int i = 0; i < 4000; i += 2)
        mprotect(memory + i * 4096, 4096, PROT_READ | PROT_WRITE);
    char name[] = "/tmp/tally-not-elf-XXXXXX";
    int fd = mkstemp(name);
    cr_assert_eq(ftruncate(fd, 8192), 0);
    void *code = mmap(NULL, 8192, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
    cr_assert_neq(code, MAP_FAILED);
    close(fd);
    begin();
    const struct tally_module *m = module_at((uintptr_t)code);
    cr_assert_not_null(m);
    cr_expect_str_eq(m->path, name);
    cr_expect_str_eq(m->build_id, "");
    cr_expect_eq(m->limit - m->start, 8192);
    m = module_at((uintptr_t)modules_marker);
    cr_expect_not_null(m);
    unlink(name);
}

/* A program that is not position-independent has no bias. */
Test(modules, a_position_dependent_program) {
    static const char *const arguments[] = {"modules", NULL};
    const struct run *run = run_subject(NULL, arguments);
    cr_assert_eq(run->status, 0, "%s", run->errors);
    const char *line = strstr(run->output, "\nmain ");
    cr_assert_not_null(line);
    cr_expect_eq(strtoull(line + 6, NULL, 16), symbol_of(SUBJECT, "main"));
    uint64_t start, limit, offset, bias;
    char build_id[100], path[1000];
    cr_assert_eq(sscanf(run->output, "%" SCNx64 "%" SCNx64 "%" SCNx64 "%" SCNx64 "%99s%999s",
                        &start, &limit, &offset, &bias, build_id, path),
                 6);
    cr_expect_eq(bias, 0);
    cr_expect_str_eq(path, SUBJECT);
    cr_expect_str_eq(build_id, readelf("-n", SUBJECT, "Build ID: "));
}
