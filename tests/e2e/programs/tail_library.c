// Jumps to functions that are not instrumented, some of which call back.
// GROUP tails
// EXPECT calls by_name stdout:compared
// EXPECT calls length 200
// EXPECT calls sort 20
// EXPECT edge main sort 20
// EXPECT edge main length 200
// EXPECT edge main after 20
// EXPECT callers after main
// EXPECT[O0] callers by_name sort
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned compared;
static const char *names[10];

static int by_name(const void *a, const void *b) {
    compared++;
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

__attribute__((noinline)) static size_t length(const char *text) {
    return strlen(text);
}

/* Left by a jump to qsort, which calls back: the caller is then as the machine's stack says. */
__attribute__((noinline)) static void sort(void) {
    qsort(names, 10, sizeof *names, by_name);
}

__attribute__((noinline)) static int after(void) {
    return names[0][0];
}

int main(void) {
    size_t sum = 0;
    for (int round = 0; round < 20; round++) {
        static const char *const words[] = {"one", "two",   "three", "four", "five",
                                            "six", "seven", "eight", "nine", "ten"};
        for (int i = 0; i < 10; i++)
            names[(i * 3 + round) % 10] = words[i];
        sort();
        sum += (size_t)after();
        for (int i = 0; i < 10; i++)
            sum += length(names[i]);
    }
    printf("%zu\ncompared=%u\n", sum, compared);
    return 0;
}
