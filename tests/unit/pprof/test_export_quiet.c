/*
 * test_export_quiet.c - what tally_export may not do in the profiled process: call malloc, use much
 * stack, or take as much memory as the snapshot itself.
 *
 * malloc and its kin are defined here, in front of libc's, so that calls from zlib and protobuf-c
 * are seen as well; a sanitizer that has its own malloc does not allow that.
 */
#define _GNU_SOURCE

#include "snapshots.h"
#include "temporary.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER 0
#endif

static volatile size_t n_malloc_calls;
static volatile int is_watching;

#if !HAS_SANITIZER
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void __libc_free(void *);

void *malloc(size_t size) {
    n_malloc_calls += (size_t)is_watching;
    return __libc_malloc(size);
}

void *calloc(size_t n, size_t size) {
    n_malloc_calls += (size_t)is_watching;
    return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size) {
    n_malloc_calls += (size_t)is_watching;
    return __libc_realloc(old, size);
}

void free(void *memory) {
    n_malloc_calls += (size_t)is_watching;
    __libc_free(memory);
}
#endif

/* Memory straight from the kernel, counted. */
static size_t mapped_bytes, peak_bytes;

static void *map(void *context, size_t size_bytes) {
    (void)context;
    size_t *memory =
        mmap(NULL, size_bytes + 16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    *memory = size_bytes;
    mapped_bytes += size_bytes;
    if (mapped_bytes > peak_bytes)
        peak_bytes = mapped_bytes;
    return (char *)memory + 16;
}

static void unmap(void *context, void *memory) {
    (void)context;
    size_t *start = (void *)((char *)memory - 16);
    mapped_bytes -= *start;
    munmap(start, *start + 16);
}

static const struct tally_allocator kernel_allocator = {map, unmap, NULL};

static struct tally_snapshot snapshot;
static int directory_fd, result;
static char *directory;
static void *snapshot_memory;
static size_t snapshot_bytes;

static void begin(void) {
    snapshot = make_large_snapshot(300000, 5000, 2, &snapshot_bytes, &snapshot_memory);
    directory = make_directory();
    directory_fd = open(directory, O_RDONLY | O_DIRECTORY);
}

static void end(void) {
    close(directory_fd);
    remove_directory(directory);
    free(snapshot_memory);
}

TestSuite(export_quiet, .init = begin, .fini = end);

static void run_export(void) {
    is_watching = 1;
    result = tally_export(&snapshot, directory_fd, &kernel_allocator);
    is_watching = 0;
}

Test(export_quiet, no_malloc) {
    is_watching = 1;
    free(malloc(1));
    is_watching = 0;
    cr_assert(HAS_SANITIZER || n_malloc_calls == 2, "the watch works");
    n_malloc_calls = 0;
    run_export();
    cr_assert_eq(result, 0);
    cr_assert_eq(n_malloc_calls, 0);
    cr_assert_eq(mapped_bytes, 0, "all memory is given back");
}

Test(export_quiet, memory_stays_below_half_of_the_snapshot) {
    run_export();
    cr_assert_eq(result, 0);
    cr_assert_lt(peak_bytes, snapshot_bytes / 2, "%zu bytes for a snapshot of %zu", peak_bytes,
                 snapshot_bytes);
}

Test(export_quiet, memory_does_not_grow_with_the_contexts) {
    size_t all = snapshot.n_contexts, peak_of_half;
    snapshot.heap.mode = TALLY_HEAP_OFF;
    snapshot.n_contexts = all / 2;
    run_export();
    peak_of_half = peak_bytes;
    cr_assert_eq(unlinkat(directory_fd, "calls.pb.gz", 0), 0);
    cr_assert_eq(unlinkat(directory_fd, "run.json", 0), 0);
    snapshot.n_contexts = all;
    run_export();
    cr_assert_eq(result, 0);
    cr_log_info("memory used: %zu bytes, of %zu contexts", peak_bytes, all);
    cr_assert_lt(peak_bytes - peak_of_half, all / 2);
}

#define STACK_BYTES ((size_t)256 * 1024)
#define STACK_LIMIT_BYTES ((size_t)8 * 1024)
#define PAINT 0xa5

Test(export_quiet, the_stack_stays_small) {
    ucontext_t here, there;
    unsigned char *stack =
        mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    cr_assert_neq((void *)stack, MAP_FAILED);
    memset(stack, PAINT, STACK_BYTES);
    cr_assert_eq(getcontext(&there), 0);
    there.uc_stack.ss_sp = stack;
    there.uc_stack.ss_size = STACK_BYTES;
    there.uc_link = &here;
    makecontext(&there, run_export, 0);
    cr_assert_eq(swapcontext(&here, &there), 0);
    cr_assert_eq(result, 0);
    size_t untouched = 0;
    while (untouched < STACK_BYTES && stack[untouched] == PAINT)
        untouched++;
    cr_log_info("stack used: %zu bytes", STACK_BYTES - untouched);
    /* Instrumented code has frames several times as large. */
    cr_assert_lt(STACK_BYTES - untouched, STACK_LIMIT_BYTES * (HAS_SANITIZER ? 8 : 1));
}
