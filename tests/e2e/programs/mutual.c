// Functions that call each other, in a chain of jumps (at -O2) and as calls that return.
// GROUP calls
// EXPECT calls is_even 5001
// EXPECT calls is_odd 5000
// EXPECT edge main is_even 1
// EXPECT edge is_even is_odd 5000
// EXPECT edge is_odd is_even 5000
// EXPECT calls up 5000
// EXPECT calls down 5000
// EXPECT edge main down 1
// EXPECT edge down up 5000
// EXPECT edge up down 4999
// EXPECT line down up @down_calls
// EXPECT callers last main
// EXPECT path main;last 1
#include <stdio.h>

static int is_odd(unsigned n);
static int up(unsigned n);

__attribute__((noinline)) static int is_even(unsigned n) {
    return n == 0 ? 1 : is_odd(n - 1);
}

__attribute__((noinline)) static int is_odd(unsigned n) {
    return n == 0 ? 0 : is_even(n - 1);
}

__attribute__((noinline)) static int down(unsigned n) {
    int rest = up(n - 1); // @down_calls
    return rest * 2 % 1000003 + (int)n;
}

__attribute__((noinline)) static int up(unsigned n) {
    int rest = n ? down(n - 1) : 1;
    return rest * 3 % 1000003 + (int)n;
}

static int last(int n) {
    return n + 1;
}

int main(void) {
    printf("%d\n", is_even(10000));
    printf("%d\n", down(9999));
    printf("%d\n", last(1));
    return 0;
}
