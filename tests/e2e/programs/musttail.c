// Calls that the program itself demands to be jumps. (With hooks the exit comes before the jump, so
// they cannot tell who called.)
// GROUP tails
// MODES plugin
// EXPECT calls ping 100001
// EXPECT calls pong 100000
// EXPECT edge main ping 1
// EXPECT edge ping pong 100000
// EXPECT edge pong ping 100000
// EXPECT edge main by_pointer 10
// EXPECT edge by_pointer leaf 10
// EXPECT edge main leaf 10
// EXPECT path main;leaf 10
#include <stdio.h>

#define MUSTTAIL __attribute__((musttail))

static int pong(int n, int sum);

__attribute__((noinline)) static int ping(int n, int sum) {
    if (n == 0)
        return sum;
    MUSTTAIL return pong(n, sum ^ n);
}

__attribute__((noinline)) static int pong(int n, int sum) {
    MUSTTAIL return ping(n - 1, sum + 3);
}

__attribute__((noinline)) static int leaf(int n, int sum) {
    return n + sum;
}

__attribute__((noinline)) static int by_pointer(int n, int sum) {
    int (*volatile to)(int, int) = leaf;
    MUSTTAIL return to(n, sum + 1);
}

int main(void) {
    printf("%d\n", ping(100000, 1));
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum += by_pointer(i, sum) + leaf(i, 1);
    printf("%d\n", sum);
    return 0;
}
