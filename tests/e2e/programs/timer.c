// Signal handlers interrupt the program anywhere, also between the entry code's instructions, and
// call instrumented functions themselves.
// GROUP signals
// MATRIX usual
// VARIES handled cascades
// EXPECT calls handler stdout:handled
// EXPECT calls in_handler stdout:cascades
// EXPECT edge handler in_handler stdout:handled
// EXPECT edge in_handler in_handler stdout:handled
// EXPECT calls leaf 3000000
// EXPECT calls between 1000
// EXPECT edge between leaf 3000000
// EXPECT edge main between 1000
// EXPECT callers between main
// EXPECT callers last main
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

static volatile sig_atomic_t handled, cascades;

__attribute__((noinline)) static void in_handler(int depth) {
    cascades++;
    if (depth == 0)
        in_handler(1);
}

static void handler(int number) {
    (void)number;
    handled++;
    in_handler(0);
}

__attribute__((noinline)) static unsigned leaf(unsigned n) {
    return n * 1664525 + 1013904223;
}

__attribute__((noinline)) static unsigned between(unsigned n) {
    for (int i = 0; i < 3000; i++)
        n = leaf(n);
    return n;
}

__attribute__((noinline)) static unsigned last(unsigned n) {
    return n;
}

int main(void) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &often, NULL);
    unsigned n = 1;
    for (int i = 0; i < 1000; i++)
        n = between(n);
    setitimer(ITIMER_REAL, &never, NULL);
    printf("%u\nhandled=%d\ncascades=%d\n", last(n), handled, cascades);
    return 0;
}
