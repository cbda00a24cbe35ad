// malloc and its kin, one by one.
// GROUP heap
// EXPECT heap by_malloc 3 112 1 12
// EXPECT heap by_calloc 2 140 1 40
// EXPECT heap by_realloc 6 10355 1 5
// EXPECT freed by_realloc 5 5
// EXPECT heap reallocated_elsewhere 1 300 1 300
// EXPECT heap by_reallocarray 1 60 1 60
// EXPECT heap by_aligned_alloc 1 256 1 256
// EXPECT heap by_posix_memalign 1 100 1 100
// EXPECT heap by_memalign 1 33 1 33
// EXPECT heap by_valloc 1 50 1 50
// EXPECT heap by_pvalloc 1 50 1 50
// EXPECT heap by_strdup 1 6 1 6
// EXPECT heap by_strndup 1 4 1 4
// EXPECT heap by_asprintf >=1 >=3 1 3
// EXPECT heap by_getdelim >=1 >=8 1 >=8
// EXPECT heap by_failing 0 0 0 0
// EXPECT heap failed_realloc 1 10 0 0
// EXPECT freed failed_realloc 1 1
// EXPECT heap_line by_malloc @twelve @empty @hundred
// EXPECT heap_path main;by_valloc 1 50 1 50
// EXPECT heap_path main;by_valloc;nobody 0 0 0 0
// EXPECT run heap.frees_unmatched 0
// EXPECT run heap.blocks_unrecorded 0
// EXPECT run heap.mode full
// EXPECT run heap.note ""
#define _GNU_SOURCE
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

/* So that no compiler knows what becomes of a block. */
static void *volatile kept;
static volatile size_t too_much = SIZE_MAX / 2 + 1, zero = 0;
static int wrong;

static void expect(int truth, const char *what) {
    if (!truth) {
        puts(what);
        wrong = 1;
    }
}

NOINLINE static void by_malloc(void) {
    kept = malloc(12); // @twelve
    kept = malloc(zero); // @empty
    expect(kept != NULL, "malloc(0)");
    free(kept);
    kept = malloc(100); // @hundred
    free(kept);
    kept = NULL;
    free(kept);
}
NOINLINE static void by_calloc(void) {
    kept = calloc(10, 10);
    free(kept);
    kept = calloc(5, 8);
}
NOINLINE static void by_realloc(void) {
    kept = realloc(NULL, 100);
    memset(kept, 7, 100);
    kept = realloc(kept, 50);
    kept = realloc(kept, 10000); /* moves */
    expect(((char *)kept)[49] == 7, "realloc kept what was there");
    kept = realloc(kept, 200);
    kept = realloc(kept, zero); /* frees */
    expect(kept == NULL, "realloc(p, 0)");
    kept = realloc(NULL, zero);
    expect(kept != NULL, "realloc(NULL, 0)");
    free(kept);
    kept = realloc(NULL, 5);
}
NOINLINE static void *reallocated_here(void) {
    return kept = malloc(30);
}
NOINLINE static void reallocated_elsewhere(void *block) {
    kept = realloc(block, 300);
}
NOINLINE static void by_reallocarray(void) {
    kept = reallocarray(NULL, 6, 10);
}
NOINLINE static void by_aligned_alloc(void) {
    kept = aligned_alloc(64, 256);
    expect((uintptr_t)kept % 64 == 0, "aligned_alloc");
}
NOINLINE static void by_posix_memalign(void) {
    void *block = NULL;
    expect(posix_memalign(&block, 128, 100) == 0 && (uintptr_t)block % 128 == 0, "posix_memalign");
    kept = block;
}
NOINLINE static void by_memalign(void) {
    kept = memalign(32, 33);
}
NOINLINE static void by_valloc(void) {
    kept = valloc(50);
    expect((uintptr_t)kept % 4096 == 0, "valloc");
}
NOINLINE static void by_pvalloc(void) {
    kept = pvalloc(50);
}
NOINLINE static void by_strdup(void) {
    kept = strdup("hello");
}
NOINLINE static void by_strndup(void) {
    kept = strndup("hello", 3);
}
NOINLINE static void by_asprintf(void) {
    char *text;
    expect(asprintf(&text, "%d", 42) == 2, "asprintf");
    kept = text;
}
NOINLINE static void by_getdelim(FILE *from) {
    char *line = NULL;
    size_t size = 0;
    expect(getdelim(&line, &size, '\n', from) == 7, "getdelim");
    kept = line;
}
/* Elsewhere, since compilers take malloc to leave errno alone. errno is set to 0 for the next. */
NOINLINE static int fails(void *block) {
    kept = block;
    int is_right = kept == NULL && errno == ENOMEM;
    errno = 0;
    return is_right;
}
NOINLINE static void by_failing(void) {
    errno = 0;
    expect(fails(malloc(too_much)), "malloc that fails");
    expect(fails(calloc(too_much, 2)), "calloc that overflows");
    expect(fails(calloc(too_much, 1)), "calloc that fails");
    expect(fails(reallocarray(NULL, too_much, 4)), "reallocarray that overflows");
    expect(fails(realloc(NULL, too_much)), "realloc of nothing that fails");
    expect(fails(aligned_alloc(64, too_much)), "aligned_alloc that fails");
    void *block = &wrong;
    expect(posix_memalign(&block, 64, too_much) == ENOMEM && block == &wrong,
           "posix_memalign that fails");
    expect(posix_memalign(&block, 3, 8) == EINVAL && block == &wrong, "alignment 3");
}
NOINLINE static void failed_realloc(void) {
    void *block = malloc(10);
    errno = 0;
    expect(fails(realloc(block, too_much)), "realloc that fails");
    expect(fails(reallocarray(block, too_much, 8)), "reallocarray that overflows");
    errno = 99;
    free(block); /* is still there */
    expect(errno == 99, "free keeps errno");
}

int main(void) {
    char text[] = "a line\nanother\n";
    FILE *from = fmemopen(text, sizeof text, "r");
    by_malloc();
    by_calloc();
    by_realloc();
    reallocated_elsewhere(reallocated_here());
    by_reallocarray();
    by_aligned_alloc();
    by_posix_memalign();
    by_memalign();
    by_valloc();
    by_pvalloc();
    by_strdup();
    by_strndup();
    by_asprintf();
    by_getdelim(from);
    by_failing();
    failed_realloc();
    fclose(from);
    return wrong;
}
