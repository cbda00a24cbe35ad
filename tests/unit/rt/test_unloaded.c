/*
 * test_unloaded.c - functions known by address alone, in files that are mapped where others were.
 *
 * The "libraries" are files of a page, mapped for execution and never run: the hooks are called
 * with addresses in them.
 */
#include "arena.h"
#include "shot.h"
#include "snapshot.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <elf.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, OUTER = 0x100, CALL = 0x150, INNER = 0x200 };

void __cyg_profile_func_enter(void *function, void *call_site);
void __cyg_profile_func_exit(void *function, void *call_site);

static char *place, *other_place; /* pages that are free */
static char first[] = "/tmp/tally-first-XXXXXX", second[] = "/tmp/tally-second-XXXXXX";

static void make_file(char *name) {
    int fd = mkstemp(name);
    cr_assert_geq(fd, 0);
    cr_assert_eq(ftruncate(fd, PAGE), 0);
    close(fd);
}

static void begin(void) {
    place = mmap(NULL, 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq(place, MAP_FAILED);
    other_place = place + PAGE;
    make_file(first);
    make_file(second);
}

static void end(void) {
    unlink(first);
    unlink(second);
}

TestSuite(unloaded, .init = begin, .fini = end);

static void load(const char *file, char *at) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    cr_assert_geq(fd, 0);
    void *mapped = mmap(at, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, fd, 0);
    cr_assert_eq(mapped, at);
    close(fd);
}

/* What it leaves is as good as unmapped, and nobody else can come to be there. */
static void unload(char *at) {
    void *mapped = mmap(at, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    cr_assert_eq(mapped, at);
    tli_hooks_unloaded();
}

/* A call of `function` from `site`, which itself calls `inner` from `inner_site`, if not null. */
static __attribute__((noinline)) void run(char *function, char *site, char *inner,
                                          char *inner_site) {
    __cyg_profile_func_enter(function, site);
    if (inner)
        run(inner, inner_site, NULL, NULL);
    __cyg_profile_func_exit(function, site);
}

static void run_at(char *base) {
    run(base + OUTER, (char *)(uintptr_t)run_at, base + INNER, base + CALL);
}

/* ---- what is in the profile */

static struct tli_arena arena;
static struct tally_snapshot modules;
static struct shot *shot;

static void take(void) {
    shot = shot_take();
    tli_snapshot_modules(&modules, &arena);
}

static const struct tally_module *module_at(uint64_t address) {
    const struct tally_module *found = NULL;
    for (size_t i = 0; i < modules.n_modules; i++) {
        const struct tally_module *m = &modules.modules[i];
        if (address < m->start || address >= m->limit)
            continue;
        cr_expect_null(found, "two modules hold %#lx", address);
        found = m;
    }
    return found;
}

static bool is_in(const char *file, uint64_t address, uint64_t offset) {
    const struct tally_module *m = module_at(address);
    return m && strncmp(m->path, file, strlen(file)) == 0 && address - m->start == offset;
}

/* Contexts of the function there; *calls of them all, and one of them. */
static size_t contexts_of(const char *file, uint64_t offset, uint64_t *calls,
                          const struct tally_context **one) {
    size_t n = 0;
    *calls = 0;
    for (size_t i = 0; i < shot->n; i++) {
        const struct tally_context *c = &shot->contexts[i];
        if (c->fn->source || !is_in(file, (uintptr_t)c->fn->address, offset))
            continue;
        *calls += c->calls;
        *one = c;
        n++;
    }
    return n;
}

/* run_at was called that often for `file`, always mapped at one place. */
static void expect_runs(const char *file, uint64_t runs) {
    const struct tally_context *outer, *inner;
    uint64_t calls;
    cr_assert_eq(contexts_of(file, OUTER, &calls, &outer), 1);
    cr_expect_eq(calls, runs);
    cr_assert_eq(contexts_of(file, INNER, &calls, &inner), 1);
    cr_expect_eq(calls, runs);
    cr_expect_eq(&shot->contexts[inner->parent], outer);
    cr_expect(is_in(file, inner->call_address, CALL));
}

/* ---- */

Test(unloaded, another_file_where_one_was) {
    for (int i = 0; i < 3; i++) {
        load(first, place);
        run_at(place);
        unload(place);
        load(second, place);
        run_at(place);
        run_at(place);
        unload(place);
    }
    take();
    expect_runs(first, 3);
    expect_runs(second, 6);
}

Test(unloaded, one_that_is_still_mapped) {
    load(first, place);
    run_at(place);
    unload(place);
    load(second, place);
    run_at(place);
    take();
    expect_runs(first, 1);
    expect_runs(second, 1);
}

Test(unloaded, others_stay_what_they_are) {
    load(first, place);
    load(second, other_place);
    run_at(place);
    run_at(other_place);
    unload(place);
    run_at(other_place);
    take();
    expect_runs(first, 1);
    expect_runs(second, 2);
}

Test(unloaded, a_file_at_two_places) {
    load(first, place);
    run_at(place);
    unload(place);
    load(first, other_place);
    run_at(other_place);
    const struct tally_context *one;
    uint64_t calls;
    take();
    cr_expect_eq(contexts_of(first, OUTER, &calls, &one), 2);
    cr_expect_eq(calls, 2);
}

/* The list of what is mapped then has another path for it. */
Test(unloaded, a_file_that_was_deleted) {
    load(first, place);
    run_at(place);
    unlink(first);
    unload(other_place);
    run_at(place);
    take();
    expect_runs(first, 2);
}

/* Such as qsort's: it says nothing of where the caller stood, and is where it is. */
Test(unloaded, calls_from_elsewhere) {
    load(first, place);
    run_at(place);
    unload(place);
    load(second, place);
    run(place + OUTER, NULL, place + INNER, (char *)(uintptr_t)run);
    const struct tally_context *inner;
    uint64_t calls;
    take();
    cr_assert_eq(contexts_of(second, INNER, &calls, &inner), 1);
    cr_expect_eq(inner->call_address, (uintptr_t)run);
}

/* Of code in no file it is never known whether it is still the same. */
Test(unloaded, calls_that_are_open) {
    void *code =
        mmap(place, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    cr_assert_eq(code, place);
    __cyg_profile_func_enter(place + OUTER, NULL);
    unload(other_place);
    __cyg_profile_func_exit(place + OUTER, NULL);
    run(place + OUTER, NULL, NULL, NULL);
    shot_name(place + OUTER, "outer");
    assert_tree("outer@- 2\n");
}

/* ---- a file that was changed in its place, which its build id tells */

struct tiny {
    Elf64_Ehdr header;
    Elf64_Phdr note_header;
    Elf64_Nhdr note;
    char name[4];
    unsigned char build_id[4];
};

static void write_library(const char *file, unsigned char build_id) {
    struct tiny tiny = {
        .header = {.e_ident = ELFMAG,
                   .e_phoff = offsetof(struct tiny, note_header),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 1},
        .note_header = {.p_type = PT_NOTE,
                        .p_offset = offsetof(struct tiny, note),
                        .p_filesz = sizeof(struct tiny) - offsetof(struct tiny, note)},
        .note = {4, 4, NT_GNU_BUILD_ID},
        .name = "GNU",
        .build_id = {build_id},
    };
    int fd = open(file, O_WRONLY | O_CLOEXEC);
    cr_assert_eq(write(fd, &tiny, sizeof tiny), (ssize_t)sizeof tiny);
    close(fd);
}

Test(unloaded, a_file_that_was_built_anew) {
    for (int i = 0; i < 4; i++) {
        write_library(first, (unsigned char)(i % 2));
        load(first, place);
        run_at(place);
        unload(place);
    }
    take();
    const struct tally_context *one;
    uint64_t calls;
    cr_expect_eq(contexts_of(first, OUTER, &calls, &one), 2);
    cr_expect_eq(calls, 4);
    uint64_t address = (uintptr_t)one->fn->address;
    cr_expect_eq(one->calls, 2);
    cr_expect(strcmp(module_at(address)->build_id, "00000000") == 0 ||
              strcmp(module_at(address)->build_id, "01000000") == 0);
}

/* ---- while other threads call */

enum { THREADS = 3, ROUNDS = 200 };
static pthread_barrier_t runs;
static _Atomic bool done;

static void *call_until_done(void *calls) {
    run_at(other_place);
    pthread_barrier_wait(&runs);
    do {
        run_at(other_place);
        ++*(uint64_t *)calls;
    } while (!done);
    return NULL;
}

Test(unloaded, while_other_threads_call) {
    pthread_t threads[THREADS];
    uint64_t calls[THREADS] = {0}, sum = THREADS;
    load(second, other_place);
    pthread_barrier_init(&runs, NULL, 2);
    /* In turn: ThreadSanitizer does not see memory go from one to the next by way of the kernel. */
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, call_until_done, &calls[i]);
        pthread_barrier_wait(&runs);
    }
    for (int i = 0; i < ROUNDS; i++) {
        load(i % 2 ? second : first, place);
        run_at(place);
        unload(place);
    }
    done = true;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        sum += calls[i];
    }
    take();
    expect_runs(first, ROUNDS / 2);
    const struct tally_context *one;
    uint64_t of_second;
    cr_expect_eq(contexts_of(second, OUTER, &of_second, &one), 2);
    cr_expect_eq(of_second, sum + ROUNDS / 2);
}
