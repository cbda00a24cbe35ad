// Arguments on the stack that are popped only after the next inlined call has begun: the stack then
// stands above where it was at that call's entry.
// GROUP inlined
// EXPECT calls tiny 90
// EXPECT edge loops tiny 90
// EXPECT edge calls_both loops 10
// EXPECT edge calls_both takes_many 10
// EXPECT edge loops takes_many 10
// EXPECT run losses.exits_unmatched 0
#include <stdio.h>

#define NOINLINE __attribute__((noinline))

struct pair {
    long first, second;
};

static volatile int sink;

NOINLINE static int takes_many(int a, int b, int c, int d, int e, int f, struct pair pair) {
    return a + b + c + d + e + f + (int)(pair.first + pair.second) + sink;
}

static inline int tiny(int n) {
    sink = n;
    return n + 1;
}

static inline int loops(int n) {
    struct pair pair = {n, 3};
    int sum = 0;
    for (int i = 0; i < 9; i++)
        sum += tiny(sink + i) % 7;
    return takes_many(1, 2, 3, 4, 5, sum, pair);
}

NOINLINE static int calls_both(int n) {
    struct pair pair = {n, 2};
    int first = takes_many(1, 2, 3, 4, 5, n, pair);
    return first % 100 + loops(first);
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum += calls_both(i) % 1000;
    printf("%d\n", sum);
    return 0;
}
