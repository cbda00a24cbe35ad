// longjmp over many frames, again and again; who calls afterwards is as the source says.
// GROUP unwinding
// LOSSES exits_unmatched
// EXPECT calls dive 55000
// EXPECT edge attempt dive 1000
// EXPECT edge dive dive 54000
// EXPECT calls after_jump 1000
// EXPECT callers after_jump attempt
// EXPECT edge main attempt 1000
// EXPECT edge main between 1000
// EXPECT callers between main
// EXPECT calls by_signal_mask 10
// EXPECT callers after_sigjump by_signal_mask
// EXPECT calls after_sigjump 10
// EXPECT edge in_loop jumps 20
// EXPECT callers last main
// EXPECT[plugin] run losses.exits_unmatched 0
#include <setjmp.h>
#include <stdio.h>

static jmp_buf home;
static sigjmp_buf signal_home;
static int deepest;

__attribute__((noinline)) static int dive(int depth) {
    deepest = depth > deepest ? depth : deepest;
    if (depth == 0)
        longjmp(home, 7);
    return dive(depth - 1) + 1;
}

__attribute__((noinline)) static int after_jump(int n) {
    return n + deepest;
}

__attribute__((noinline)) static int attempt(int n) {
    int got = setjmp(home);
    if (got == 0)
        return dive(n % 10 == 0 ? 99 : 49);
    return after_jump(got);
}

__attribute__((noinline)) static int between(int n) {
    return n * 3;
}

__attribute__((noinline)) static void jumps(int n) {
    siglongjmp(signal_home, n);
}

__attribute__((noinline)) static int after_sigjump(int n) {
    return n - 1;
}

__attribute__((noinline)) static void in_loop(int n) {
    jumps(n);
}

__attribute__((noinline)) static int by_signal_mask(int n) {
    volatile int tries = 0;
    int got = sigsetjmp(signal_home, 1);
    if (tries++ < 2)
        in_loop(n + 1);
    return after_sigjump(got);
}

__attribute__((noinline)) static int last(int n) {
    return n;
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 1000; i++) {
        sum += attempt(i);
        sum += between(i);
    }
    for (int i = 0; i < 10; i++)
        sum += by_signal_mask(i);
    printf("%d %d\n", last(sum), deepest);
    return 0;
}
