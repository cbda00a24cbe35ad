// Sibling calls: functions that end in a call. Their callees' callers are the same at every level.
// GROUP tails
// EXPECT calls a 1000
// EXPECT edge main a 1000
// EXPECT edge a b 1000
// EXPECT edge b c 1000
// EXPECT edge c d 1000
// EXPECT path main;a;b;c;d 1000
// EXPECT edge main after 1000
// EXPECT callers after main
// EXPECT edge fork_in_road left 500
// EXPECT edge fork_in_road right 500
// EXPECT line a b @b_is_called
// EXPECT line fork_in_road left @left_is_called
// EXPECT line fork_in_road right @right_is_called
// EXPECT edge by_pointer left 334
// EXPECT edge by_pointer right 666
// EXPECT edge nothing_returned d 1000
// EXPECT edge loop_of_tails a_tail 1000
// EXPECT edge a_tail end_of_tail 1000
// EXPECT callers end_of_tail a_tail
#include <stdio.h>

#define NOINLINE __attribute__((noinline))

static volatile int sink;

NOINLINE static int d(int n) {
    sink = n;
    return n + sink;
}
NOINLINE static int c(int n) {
    return d(n * 2);
}
NOINLINE static int b(int n) {
    sink++;
    return c(n + 1);
}
NOINLINE static int a(int n) {
    return b(n * 3); // @b_is_called
}
NOINLINE static int after(int n) {
    return n - sink;
}
NOINLINE static int left(int n) {
    return n - sink;
}
NOINLINE static int right(int n) {
    return n + sink;
}
NOINLINE static int fork_in_road(int n) {
    if (n % 2)
        return left(n); // @left_is_called
    return right(n);    // @right_is_called
}
NOINLINE static int by_pointer(int (*to)(int), int n) {
    return to(n);
}
NOINLINE static void nothing_returned(int n) {
    d(n);
}
NOINLINE static int end_of_tail(int n) {
    return sink + n;
}
NOINLINE static int a_tail(int n) {
    return end_of_tail(n + 1);
}
NOINLINE static int loop_of_tails(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += a_tail(i);
    return sum;
}

int main(void) {
    int (*volatile to[3])(int) = {left, right, right};
    long sum = 0;
    for (int i = 0; i < 1000; i++) {
        sum += a(i);
        sum += after(i);
        sum += fork_in_road(i);
        sum += by_pointer(to[i % 3], i);
        nothing_returned(i);
    }
    printf("%ld %d\n", sum, loop_of_tails(1000));
    return 0;
}
