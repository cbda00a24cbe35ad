/*
 * mappings.c - between the program and the kernel: mmap, mmap64, munmap, mremap; see interpose.h.
 *
 * With the option `mmap` what they map is reported as allocated, of the kind "mmap": as many bytes
 * as the kernel maps pages. As realloc does, mremap ends what it is given and begins another one at
 * the place of the call, wherever that lies.
 *
 * What the C library maps inside (stacks of threads, large blocks, files) does not come here, nor
 * what Tally itself maps. Before the options are known nothing is recorded.
 */
#include "heap/heap.h"
#include "heap/interpose.h"
#include "heap/ranges.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/types.h>

#define PUBLIC __attribute__((visibility("default")))

#define FUNCTIONS(X)                                                                               \
    X(void *, mmap, (void *address, size_t length, int protection, int flags, int file, off_t at)) \
    X(void *, mmap64,                                                                              \
      (void *address, size_t length, int protection, int flags, int file, off64_t at))             \
    X(int, munmap, (void *address, size_t length))                                                 \
    X(void *, mremap, (void *address, size_t old_length, size_t length, int flags, ...))

/* ---- what comes next ---- */

#ifdef TLI_WRAPPED

#define DECLARE(type, name, parameters)                                                            \
    extern type __real_##name parameters;                                                          \
    PUBLIC type __wrap_##name parameters;
FUNCTIONS(DECLARE)

#else

#include "heap/relink.h"
#include "syscall.h"

#include <dlfcn.h>

#define DECLARE(type, name, parameters) static type early_##name parameters;
FUNCTIONS(DECLARE)

#define FIELD(type, name, parameters) type(*name) parameters;
#define EARLY(type, name, parameters) .name = early_##name,
static struct { FUNCTIONS(FIELD) } tli_next = {FUNCTIONS(EARLY)};

__attribute__((constructor(101))) static void find_next(void) {
#define FIND(type, name, parameters)                                                               \
    void *found_##name = dlsym(RTLD_NEXT, #name);                                                  \
    if (found_##name)                                                                              \
        __atomic_store_n(&tli_next.name, (type(*) parameters)found_##name, __ATOMIC_RELEASE);
    FUNCTIONS(FIND)
}

/* Until the next ones are known, the kernel is asked. */
static void *answer(long result) {
    if (!tli_syscall_failed(result))
        return (void *)result;
    errno = (int)-result;
    return MAP_FAILED;
}

static void *early_mmap64(void *address, size_t length, int protection, int flags, int file,
                          off64_t at) {
    return answer(tli_syscall6(SYS_mmap, (long)address, (long)length, protection, flags, file, at));
}

static void *early_mmap(void *address, size_t length, int protection, int flags, int file,
                        off_t at) {
    return early_mmap64(address, length, protection, flags, file, at);
}

static int early_munmap(void *address, size_t length) {
    return answer(tli_syscall3(SYS_munmap, (long)address, (long)length, 0)) == MAP_FAILED ? -1 : 0;
}

static void *early_mremap(void *address, size_t old_length, size_t length, int flags, ...) {
    va_list more;
    va_start(more, flags);
    void *to = va_arg(more, void *);
    va_end(more);
    return answer(tli_syscall6(SYS_mremap, (long)address, (long)old_length, (long)length, flags,
                               (long)to, 0));
}

#endif

/* ---- the functions ---- */

enum { PAGE_BYTES = 4096, HUGE_PAGE_LOG2 = 21 };

static size_t to_pages(size_t length, size_t page_bytes) {
    return (length + page_bytes - 1) & ~(page_bytes - 1);
}

static size_t page_bytes_of(int flags) {
    int log2 = flags >> MAP_HUGE_SHIFT & MAP_HUGE_MASK;
    return flags & MAP_HUGETLB ? (size_t)1 << (log2 ? log2 : HUGE_PAGE_LOG2) : PAGE_BYTES;
}

static void *mapped(void *memory, size_t length, int flags, const void *from) {
    if (memory != MAP_FAILED && tli_heap_mappings != TALLY_HEAP_OFF)
        tli_ranges_map((uintptr_t)memory, to_pages(length, page_bytes_of(flags)), from);
    return memory;
}

PUBLIC void *TLI_OURS(mmap)(void *address, size_t length, int protection, int flags, int file,
                            off_t at) {
    return mapped(TLI_NEXT(mmap)(address, length, protection, flags, file, at), length, flags,
                  __builtin_return_address(0));
}

PUBLIC void *TLI_OURS(mmap64)(void *address, size_t length, int protection, int flags, int file,
                              off64_t at) {
    return mapped(TLI_NEXT(mmap64)(address, length, protection, flags, file, at), length, flags,
                  __builtin_return_address(0));
}

/* Pages that the program has asked the kernel to take; by the address of this, which is on the
 * stack of who asks. Without any, nothing is to be done. */
struct leaving {
    uintptr_t start;
    size_t bytes;
};

static void begin_leaving(struct leaving *pages) {
    if (pages->bytes)
        tli_ranges_leaving(pages->start, pages->bytes, pages);
}

static void end_leaving(const struct leaving *pages, bool is_done) {
    if (pages->bytes && is_done)
        tli_ranges_left(pages->start, pages->bytes, pages);
    else if (pages->bytes)
        tli_ranges_stayed(pages->start, pages->bytes, pages);
}

static struct leaving pages_of(const void *address, size_t length) {
    size_t bytes = tli_heap_mappings == TALLY_HEAP_FULL ? to_pages(length, PAGE_BYTES) : 0;
    return (struct leaving){(uintptr_t)address, bytes};
}

PUBLIC int TLI_OURS(munmap)(void *address, size_t length) {
    struct leaving pages = pages_of(address, length);
    begin_leaving(&pages);
    int status = TLI_NEXT(munmap)(address, length);
    end_leaving(&pages, status == 0);
    return status;
}

PUBLIC void *TLI_OURS(mremap)(void *address, size_t old_length, size_t length, int flags, ...) {
    va_list more;
    va_start(more, flags);
    void *to = flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) ? va_arg(more, void *) : NULL;
    va_end(more);
    struct leaving pages = pages_of(address, flags & MREMAP_DONTUNMAP ? 0 : old_length);
    begin_leaving(&pages);
    void *memory = TLI_NEXT(mremap)(address, old_length, length, flags, to);
    end_leaving(&pages, memory != MAP_FAILED);
    return mapped(memory, length, 0, __builtin_return_address(0));
}

#ifndef TLI_WRAPPED
#define ALIAS(type, name, parameters) TLI_ALIAS(type, name, parameters);
#define INTERPOSED(type, name, parameters) {#name, (void *)tli_own_##name, (void **)&tli_next.name},
FUNCTIONS(ALIAS)

const struct tli_interposed tli_heap_mapping_functions[] = {
    FUNCTIONS(INTERPOSED){NULL, NULL, NULL},
};
#endif
