// Where an allocation counts: in inlined functions, tail calls, recursion, callbacks, libraries.
// GROUP heap
// EXPECT heap inlined 10 400 10 400
// EXPECT heap_path main;calls_inlined;inlined 10 400 10 400
// EXPECT heap_line inlined @in_inlined
// EXPECT heap in_tail 5 500 5 500
// EXPECT heap_path main;in_tail 5 500 5 500
// EXPECT heap_line in_tail @in_tail_position
// EXPECT heap conditional_tail 4 90 4 90
// EXPECT heap_line conditional_tail @left @right
// EXPECT heap frees_in_tail 0 0 0 0
// EXPECT heap to_be_freed 3 9 0 0
// EXPECT heap recurses 8 36 8 36
// EXPECT heap_path main;recurses 8 36 8 36
// EXPECT heap compares stdout:compared stdout:compared_bytes 0 0
// EXPECT heap by_pointer 6 60 6 60
// EXPECT heap_path main;by_pointer 6 60 6 60
// EXPECT heap many_sites 6 21 6 21
// EXPECT heap_line many_sites @one @two @three @four @five @six
// EXPECT heap in_loop 100 4950 100 4950
// EXPECT heap_line in_loop @in_the_loop
// EXPECT heap jumps_out 3 30 3 30
// EXPECT heap after_jumps 3 33 3 33
// EXPECT heap_path main;after_jumps 3 33 3 33
// EXPECT heap at_exit 1 123 1 123
// EXPECT heap before_main 1 321 1 321
// EXPECT run heap.frees_unmatched 0
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

static void *volatile kept;
static void *(*volatile allocate)(size_t) = malloc;
static jmp_buf home;
static size_t compared;

static inline __attribute__((always_inline)) void *inlined(size_t size) {
    return kept = malloc(size); // @in_inlined
}
NOINLINE static void calls_inlined(void) {
    for (int i = 0; i < 5; i++) {
        inlined(40);
        inlined(40);
    }
}
NOINLINE static void *in_tail(size_t size) {
    return malloc(size); // @in_tail_position
}
NOINLINE static void *conditional_tail(int left) {
    if (left)
        return malloc(20); // @left
    return calloc(3, 10);  // @right
}
NOINLINE static void *to_be_freed(void) {
    return malloc(3);
}
NOINLINE static void frees_in_tail(void *block) {
    free(block);
}
NOINLINE static void recurses(size_t size) {
    if (!size)
        return;
    kept = malloc(size);
    recurses(size - 1);
}
NOINLINE static int compares(const void *a, const void *b) {
    compared++;
    kept = malloc(16);
    free(kept);
    return *(const int *)a - *(const int *)b;
}
NOINLINE static void by_pointer(void) {
    for (int i = 0; i < 6; i++)
        kept = allocate(10);
}
NOINLINE static void many_sites(void) {
    kept = malloc(1); // @one
    kept = malloc(2); // @two
    kept = malloc(3); // @three
    kept = malloc(4); // @four
    kept = malloc(5); // @five
    kept = malloc(6); // @six
}
NOINLINE static void in_loop(void) {
    for (size_t i = 0; i < 100; i++)
        kept = malloc(i); // @in_the_loop
}
NOINLINE static void jumps_out(void) {
    kept = malloc(10);
    longjmp(home, 1);
}
NOINLINE static void after_jumps(void) {
    kept = malloc(11);
}
NOINLINE static void at_exit(void) {
    kept = malloc(123);
}
__attribute__((constructor)) NOINLINE static void before_main(void) {
    kept = malloc(321);
}

int main(void) {
    atexit(at_exit);
    calls_inlined();
    for (int i = 0; i < 5; i++)
        kept = in_tail(100);
    for (int i = 0; i < 4; i++)
        kept = conditional_tail(i % 2 || i == 0 ? 1 : 0);
    for (int i = 0; i < 3; i++) {
        kept = to_be_freed();
        frees_in_tail(kept);
    }
    recurses(8);
    int numbers[50];
    for (int i = 0; i < 50; i++)
        numbers[i] = i * 37 % 50;
    qsort(numbers, 50, sizeof *numbers, compares);
    printf("compared=%zu\ncompared_bytes=%zu\n", compared, compared * 16);
    by_pointer();
    many_sites();
    in_loop();
    for (volatile int i = 0; i < 3; i++) {
        if (setjmp(home) == 0)
            jumps_out();
        after_jumps();
    }
    return 0;
}
