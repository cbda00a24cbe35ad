// Functions that are not to be instrumented are not counted; what they call is, at every level.
// (One that was inlined is still known to debugging information, and so shows as a frame.)
// GROUP filters
// EXPECT calls skipped 0
// EXPECT calls skipped_too 0
// EXPECT calls skipped_leaf 0
// EXPECT[plugin,O0] absent skipped
// EXPECT[plugin,O0] absent skipped_too
// EXPECT[plugin,O0] absent skipped_leaf
// EXPECT calls counted 700
// EXPECT[plugin,O0] callers counted main caller
// EXPECT calls not_inlined 100
// EXPECT[plugin,O0] callers not_inlined main caller
// EXPECT[plugin] edge caller not_inlined 50
// EXPECT calls visible 200
#include "tally/tally.h"

#include <stdio.h>

static int counted(int n) {
    return n * 3 + 1;
}

__attribute__((noinline)) static int not_inlined(int n) {
    return n - 5;
}

TALLY_SKIP static int skipped(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += counted(i);
    return sum;
}

TALLY_SKIP __attribute__((noinline)) static int skipped_too(int n) {
    return counted(n) + not_inlined(n);
}

__attribute__((no_instrument_function)) static int skipped_leaf(int n) {
    return n ^ 3;
}

static int visible(int n) {
    return skipped_leaf(n) + 1;
}

__attribute__((noinline)) static int caller(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += skipped_too(i);
    return sum;
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 6; i++)
        sum += skipped(100);
    sum += caller(50);
    for (int i = 0; i < 50; i++)
        sum += skipped_too(i);
    for (int i = 0; i < 200; i++)
        sum += visible(i);
    printf("%d\n", sum);
    return 0;
}
