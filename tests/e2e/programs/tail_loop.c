// Tail recursion that the optimiser makes a loop still is so many calls, by itself.
// GROUP tails
// EXPECT calls gcd stdout:gcd
// EXPECT edge main gcd 1000
// EXPECT edge gcd gcd stdout:gcd_gcd
// EXPECT calls count_down 10001
// EXPECT edge main count_down 1
// EXPECT edge count_down count_down 10000
// EXPECT calls count_up 5001
// EXPECT edge main count_up 1
// EXPECT edge count_up count_up 5000
// EXPECT calls sum_of 303
// EXPECT edge main add_up 3
// EXPECT edge add_up sum_of 3
// EXPECT edge sum_of add 300
// EXPECT edge add sum_of 300
// EXPECT calls factorial 101
// EXPECT edge factorial factorial 100
// EXPECT calls walk 2047
// EXPECT edge main walk 1
// EXPECT edge walk walk 2046
// EXPECT calls visit 1023
// EXPECT callers visit walk
// EXPECT[plugin,g] line walk walk @left @right
// EXPECT[plugin,g] line count_up count_up @up
#include <stdio.h>

static unsigned counted, again;

__attribute__((noinline)) static unsigned gcd(unsigned a, unsigned b) {
    counted++;
    if (b == 0)
        return a;
    again++;
    return gcd(b, a % b);
}

__attribute__((noinline)) static unsigned count_down(unsigned n) {
    if (n == 0)
        return 0;
    return count_down(n - 1);
}

/* Inlined into main as a loop. */
static unsigned count_up(unsigned n, unsigned sum) {
    return n == 5000 ? sum : count_up(n + 1, sum ^ n); // @up
}

/* The tail call is in another function, which is inlined; and all of it into add_up. */
static unsigned sum_of(unsigned n, unsigned sum);

static unsigned add(unsigned n, unsigned sum) {
    return sum_of(n - 1, sum + n);
}

static unsigned sum_of(unsigned n, unsigned sum) {
    return n == 0 ? sum : add(n, sum);
}

__attribute__((noinline)) static unsigned add_up(unsigned n) {
    return sum_of(n, n & 1);
}

__attribute__((noinline)) static unsigned factorial(unsigned n) {
    return n == 0 ? 1 : n * factorial(n - 1);
}

static unsigned visited;

static void visit(unsigned node) {
    visited += node;
}

/* In a heap-shaped tree: one call stays a call, the other becomes a jump to the start. */
__attribute__((noinline)) static void walk(unsigned node) {
    if (node >= 1024)
        return;
    visit(node);
    walk(2 * node);     // @left
    walk(2 * node + 1); // @right
}

int main(void) {
    unsigned sum = 0;
    for (unsigned i = 0; i < 1000; i++)
        sum += gcd(i * 7919 % 10007, i * 104729 % 10009);
    printf("%u %u %u %u\n", sum, count_down(10000), count_up(0, 1), factorial(100));
    printf("%u %u %u\n", add_up(99), add_up(100), add_up(101));
    walk(1);
    printf("%u\ngcd=%u\ngcd_gcd=%u\n", visited, counted, again);
    return 0;
}
