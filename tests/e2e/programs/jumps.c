// Jumps out of calls: nested, in loops, over frames that are not instrumented, over functions that
// have cleaning up to do, and errors handed from one protected call to the next.
// GROUP unwinding
// FLAGS -Wno-clobbered
// LOSSES exits_unmatched
// EXPECT calls nested 1000
// EXPECT edge protect nested 1000
// EXPECT edge main protect 100
// EXPECT edge nested protect 900
// EXPECT edge nested throw_error 400
// EXPECT calls after_protect 900
// EXPECT callers after_protect nested
// EXPECT calls retry 10
// EXPECT calls down 1890
// EXPECT edge retry down 90
// EXPECT edge down down 1800
// EXPECT calls settle 10
// EXPECT callers settle retry
// EXPECT calls compare_until 70
// EXPECT callers compare_until sort_until
// EXPECT edge sort_until after_sort 10
// EXPECT callers after_sort sort_until
// EXPECT calls has_array 50
// EXPECT edge has_array fill 50
// EXPECT calls frees 0
// EXPECT calls after_array 50
// EXPECT callers after_array abandons
// EXPECT edge to_the_outer inner_home 20
// EXPECT edge inner_home jumps_past 20
// EXPECT calls between_homes 0
// EXPECT edge to_the_outer at_the_outer 20
// EXPECT calls light 40
// EXPECT edge by_builtin light 20
// EXPECT edge light jumps_lightly 20
// EXPECT[plugin] edge by_builtin after_light 20
// EXPECT path main;retry;settle 10
// EXPECT path main;sort_until;after_sort 10
// EXPECT path main;abandons;after_array 50
// EXPECT path main;to_the_outer;at_the_outer 20
// EXPECT[plugin] path main;by_builtin;after_light 20
// EXPECT path main;last 1
// EXPECT[plugin] run losses.exits_unmatched 0
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

static volatile int sink;

/* Protected calls in protected calls, as interpreters do. */
struct handler {
    struct handler *outer;
    jmp_buf home;
};
static struct handler *innermost;

NOINLINE static int protect(void (*function)(int), int n) {
    struct handler here = {.outer = innermost};
    innermost = &here;
    int error = setjmp(here.home);
    if (error == 0)
        function(n);
    innermost = here.outer;
    return error;
}

__attribute__((noinline, noreturn)) static void throw_error(int error) {
    longjmp(innermost->home, error);
}

NOINLINE static int after_protect(int error) {
    return sink += error;
}

NOINLINE static void nested(int n) {
    if (n == 0)
        throw_error(1);
    int error = protect(nested, n - 1);
    after_protect(error);
    if (n % 3 == 0)
        throw_error(error + 1);
}

/* One home, returned to again and again. */
static jmp_buf again;

NOINLINE static int down(int depth) {
    if (depth == 0)
        longjmp(again, 1);
    return sink < 0 ? 0 : down(depth - 1) + depth;
}

static int settle(int tries) {
    return tries * 2;
}

NOINLINE static int retry(int times) {
    volatile int tries = 0;
    setjmp(again);
    if (++tries < times)
        down(20);
    return settle(tries);
}

/* Out of a comparator, over the library's frames. */
static jmp_buf sorted;
static int compared;

static int compare_until(const void *a, const void *b) {
    if (++compared % 7 == 0)
        longjmp(sorted, 1);
    return *(const int *)a - *(const int *)b;
}

NOINLINE static int after_sort(int n) {
    return n + compared;
}

NOINLINE static int sort_until(void) {
    int items[] = {9, 4, 7, 1, 3, 8, 2, 6, 5, 0};
    if (setjmp(sorted) == 0)
        qsort(items, 10, sizeof *items, compare_until);
    return after_sort(1);
}

/* Over a frame of variable size with a clean-up, which a jump does not run. */
static jmp_buf abandoned;

static void frees(char **memory) {
    free(*memory);
}

NOINLINE static void fill(volatile char *bytes, int n) {
    memset((char *)bytes, n, (size_t)n);
    longjmp(abandoned, n);
}

NOINLINE static int has_array(int n) {
    __attribute__((cleanup(frees), unused)) char *memory = NULL;
    volatile char bytes[n];
    bytes[0] = 0;
    fill(bytes, n);
    return bytes[n - 1];
}

static int after_array(int n) {
    return n + 1;
}

NOINLINE static int abandons(int n) {
    int got = setjmp(abandoned);
    if (got == 0)
        return has_array(n + 1);
    return after_array(got);
}

/* Past the inner of two homes. */
static jmp_buf outer, inner;

NOINLINE static void jumps_past(int n) {
    longjmp(n < 0 ? inner : outer, 1);
}

NOINLINE static void between_homes(void) {
    sink++;
}

NOINLINE static void inner_home(int n) {
    if (setjmp(inner) == 0)
        jumps_past(n);
    between_homes();
}

NOINLINE static int at_the_outer(int n) {
    return n + sink;
}

NOINLINE static int to_the_outer(volatile int n) {
    if (setjmp(outer) == 0)
        inner_home(n);
    return at_the_outer(n);
}

/* The compiler's own, lighter jumps. */
static void *light_home[5];

NOINLINE static void jumps_lightly(void) {
    __builtin_longjmp(light_home, 1);
}

NOINLINE static void light(int n) {
    if (n == 0)
        jumps_lightly();
    sink += n;
}

NOINLINE static int after_light(int n) {
    return n + sink;
}

NOINLINE static int by_builtin(volatile int n) {
    if (__builtin_setjmp(light_home) == 0)
        light(0);
    return after_light(n);
}

NOINLINE static int last(int n) {
    return n - 1;
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 100; i++)
        sum += protect(nested, 9);
    for (int i = 0; i < 10; i++)
        sum += retry(10) + sort_until();
    for (int i = 0; i < 50; i++)
        sum += abandons(i);
    for (int i = 0; i < 20; i++) {
        sum += to_the_outer(i) + by_builtin(i);
        light(1);
    }
    printf("%d %d\n", last(sum), sink);
    return 0;
}
