/*
 * export.c - what writing a profile at exit costs, for a made-up run of any size.
 *
 *   export CONTEXTS RUNS DIRECTORY
 *
 * Calls tally_export (pprof-out, as in libtally) RUNS times for one snapshot and writes one line:
 *
 *   contexts  seconds  calls.pb.gz_bytes  memory_bytes
 *
 * Seconds are of CPU time, the median of the runs: encoding, compressing, and the calls that write
 * both files into DIRECTORY, which are removed again. Memory is all that the writer was handed, as
 * in the runtime, whose allocator takes nothing back before the end.
 *
 * The tree is in pre-order and about 20 deep; calls of a site reach the same function wherever the
 * site is. A context has 1 to 8 sites and up to 7 counters of inlined bodies, of which some 40 %
 * were reached; numbers of calls and times are spread over many powers of two.
 *
 * Compile:  cc -O2 -I rt/include export.c BUILD/lib/libtally_pprof.a -lprotobuf-c -lz -lzstd
 */
#include "tally/snapshot.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MEMORY_BYTES ((size_t)1 << 32) /* address space; pages come on first touch */
#define CODE_START UINT64_C(0x555555555000)
#define CODE_BYTES_PER_FUNCTION 256
#define MOST_SITES 8
#define MOST_COUNTERS 7
#define DEEPEST 64
#define USUAL_DEPTH 20

static void insist(int truth, const char *what) {
    if (!truth) {
        perror(what);
        exit(1);
    }
}

static uint64_t random_number(void) {
    static uint64_t state = 0x9e3779b97f4a7c15;
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Small ones and large ones, as likely in each power of two. */
static uint64_t number_of_bits_up_to(unsigned bits) {
    return random_number() >> (63 - random_number() % bits);
}

/* ---- the program that ran ---- */

struct program {
    struct tally_function *functions;
    size_t n_functions;
    struct tally_module module;
};

static struct tally_source *make_source(const char *kind, size_t number) {
    char name[64];
    struct tally_source *source = malloc(sizeof *source);
    snprintf(name, sizeof name, "%s_%zu", kind, number);
    *source = (struct tally_source){strdup(name), "", "/src/program.c", (uint32_t)number, 0};
    return source;
}

/* Scope 0 is the function, and each counter has a scope of a body inlined into it. */
static struct tally_function make_function(size_t number) {
    uint32_t n_sites = 1 + random_number() % MOST_SITES;
    uint32_t n_counters = random_number() % (MOST_COUNTERS + 1);
    struct tally_scope *scopes = calloc(1 + n_counters, sizeof *scopes);
    struct tally_site *sites = calloc(n_sites, sizeof *sites);
    struct tally_counter *counters = calloc(n_counters + 1, sizeof *counters);
    scopes[0] = (struct tally_scope){make_source("function", number), TALLY_NO_INDEX, 0};
    for (uint32_t i = 0; i < n_sites; i++)
        sites[i].line = (uint32_t)number + i;
    for (uint32_t i = 0; i < n_counters; i++) {
        scopes[1 + i] = (struct tally_scope){make_source("inlined", number % 1000), 0, i};
        counters[i].scope = 1 + i;
    }
    return (struct tally_function){
        .source = scopes[0].source,
        .address = (void *)(uintptr_t)(CODE_START + number * CODE_BYTES_PER_FUNCTION),
        .scopes = scopes,
        .sites = sites,
        .counters = counters,
        .n_scopes = 1 + n_counters,
        .n_sites = n_sites,
        .n_counters = n_counters,
    };
}

/* Programs with more contexts have more functions, but not as many more. */
static struct program make_program(size_t n_contexts) {
    struct program program = {.n_functions = 50};
    while (program.n_functions * program.n_functions < 40 * n_contexts)
        program.n_functions++;
    program.functions = malloc(program.n_functions * sizeof *program.functions);
    for (size_t i = 0; i < program.n_functions; i++)
        program.functions[i] = make_function(i);
    program.module = (struct tally_module){
        .start = CODE_START,
        .limit = CODE_START + program.n_functions * CODE_BYTES_PER_FUNCTION,
        .bias = CODE_START,
        .path = "/usr/bin/program",
        .build_id = "0123456789abcdef",
    };
    return program;
}

/* ---- its run ---- */

static const uint64_t *make_counters(uint32_t n) {
    uint64_t *counters = calloc(n + 1, sizeof *counters);
    for (uint32_t i = 0; i < n; i++)
        counters[i] = random_number() % 10 < 4 ? number_of_bits_up_to(8) : 0;
    return counters;
}

/* A context on the way to the current one, and its site that calls next. */
struct step {
    uint32_t context, next_site;
};

/* Deeper, or back to a caller that has sites left; 0: there is none. */
static size_t next_depth(const struct step *path, size_t depth,
                         const struct tally_context *contexts) {
    if (depth > 1 && random_number() % (4 * USUAL_DEPTH) < depth)
        depth -= random_number() % depth / 2;
    while (depth > 0 && (depth == DEEPEST || path[depth - 1].next_site ==
                                                 contexts[path[depth - 1].context].fn->n_sites))
        depth--;
    return depth;
}

static struct tally_context *make_contexts(const struct program *program, size_t n) {
    struct tally_context *contexts = calloc(n, sizeof *contexts);
    struct step path[DEEPEST];
    size_t depth = 0;
    for (size_t i = 0; i < n; i++) {
        depth = next_depth(path, depth, contexts);
        struct tally_context context = {.parent = TALLY_NO_INDEX, .site = TALLY_NO_INDEX};
        size_t callee = random_number() % program->n_functions;
        if (depth > 0) {
            struct step *caller = &path[depth - 1];
            context.parent = caller->context;
            context.site = caller->next_site++;
            size_t number = (size_t)(contexts[context.parent].fn - program->functions);
            callee = (number * MOST_SITES + context.site) * 7919 % program->n_functions;
        }
        context.fn = &program->functions[callee];
        context.calls = 1 + number_of_bits_up_to(12);
        context.wall_ns = 20 * context.calls + number_of_bits_up_to(12);
        context.counters = make_counters(context.fn->n_counters);
        contexts[i] = context;
        path[depth++] = (struct step){(uint32_t)i, 0};
    }
    return contexts;
}

/* ---- the export ---- */

struct memory {
    char *start;
    size_t n_bytes;
};

static void *allocate(void *context, size_t size_bytes) {
    struct memory *memory = context;
    void *result = memory->start + memory->n_bytes;
    memory->n_bytes += (size_bytes + 15) / 16 * 16;
    return memory->n_bytes <= MEMORY_BYTES ? result : NULL;
}

static void release(void *context, void *memory) {
    (void)context;
    (void)memory;
}

static double cpu_seconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_size(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double export_once(const struct tally_snapshot *snapshot, int directory,
                          struct memory *memory) {
    const struct tally_allocator allocator = {allocate, release, memory};
    unlinkat(directory, "calls.pb.gz", 0);
    unlinkat(directory, "run.json", 0);
    madvise(memory->start, MEMORY_BYTES, MADV_DONTNEED); /* at exit, it is new */
    memory->n_bytes = 0;
    double start = cpu_seconds();
    insist(tally_export(snapshot, directory, &allocator) == 0, "tally_export");
    return cpu_seconds() - start;
}

int main(int argc, char **argv) {
    if (argc != 4 || atol(argv[1]) < 1 || atol(argv[2]) < 1) {
        fputs("usage: export CONTEXTS RUNS DIRECTORY\n", stderr);
        return 2;
    }
    size_t n_contexts = (size_t)atol(argv[1]), n_runs = (size_t)atol(argv[2]);
    int directory = open(argv[3], O_RDONLY | O_DIRECTORY);
    insist(directory >= 0, argv[3]);
    struct memory memory = {.start = mmap(NULL, MEMORY_BYTES, PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)};
    insist(memory.start != MAP_FAILED, "mmap");

    struct program program = make_program(n_contexts);
    struct tally_snapshot snapshot = {
        .contexts = make_contexts(&program, n_contexts),
        .n_contexts = n_contexts,
        .modules = &program.module,
        .n_modules = 1,
        .executable = program.module.path,
        .working_directory = "/",
        .ended_by = "exit",
        .clock = "tsc",
        .clock_hz = 1000000000,
        .threads = 1,
        .pid = 1,
    };
    double *seconds = calloc(n_runs, sizeof *seconds);
    for (size_t i = 0; i < n_runs; i++)
        seconds[i] = export_once(&snapshot, directory, &memory);
    qsort(seconds, n_runs, sizeof *seconds, by_size);

    struct stat file;
    insist(fstatat(directory, "calls.pb.gz", &file, 0) == 0, "calls.pb.gz");
    printf("%zu %.6f %lld %zu\n", n_contexts, seconds[n_runs / 2], (long long)file.st_size,
           memory.n_bytes);
    unlinkat(directory, "calls.pb.gz", 0);
    unlinkat(directory, "run.json", 0);
    return 0;
}
