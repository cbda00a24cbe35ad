// Jumps out of signal handlers: from the stack that was interrupted, from one of their own, from a
// handler that interrupted a handler, and at any instant at all.
// GROUP signals
// FLAGS -D_GNU_SOURCE
// VARIES called arrived
// LOSSES exits_unmatched
// EXPECT calls deep 630
// EXPECT edge interrupted deep 30
// EXPECT calls on_stack 10
// EXPECT calls on_own_stack 10
// EXPECT calls on_outer 10
// EXPECT calls on_inner 10
// EXPECT edge deep on_stack 10
// EXPECT edge deep on_own_stack 10
// EXPECT edge deep on_outer 10
// EXPECT edge on_outer on_inner 10
// EXPECT calls in_handler 30
// EXPECT edge on_own_stack in_handler 10
// EXPECT edge on_inner in_handler 10
// EXPECT calls after_signal 30
// EXPECT callers after_signal interrupted
// EXPECT edge main interrupted 30
// EXPECT path main;interrupted;after_signal 30
// EXPECT calls overflow >=100
// EXPECT calls on_overflow 3
// EXPECT calls after_overflow 3
// EXPECT callers after_overflow survives
// EXPECT path main;survives;after_overflow 3
// EXPECT calls on_alarm 400
// EXPECT edge keeps_on works >=stdout:arrived
// EXPECT edge keeps_on works <=stdout:called
// EXPECT callers works keeps_on
// EXPECT calls after_alarm 400
// EXPECT callers after_alarm keeps_on
// EXPECT path main;keeps_on;after_alarm 400
// EXPECT calls keeps_on 1
// EXPECT path main;last 1
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>

#define NOINLINE __attribute__((noinline))

static sigjmp_buf home;
static volatile int sink;

NOINLINE static void in_handler(void) {
    sink++;
}

static void on_stack(int number) {
    in_handler();
    siglongjmp(home, number);
}

static void on_own_stack(int number) {
    in_handler();
    siglongjmp(home, number);
}

static void on_outer(int number) {
    raise(number == SIGHUP ? SIGINT : SIGHUP);
    in_handler(); /* not reached; without it the raise would be a jump */
}

static void on_inner(int number) {
    in_handler();
    siglongjmp(home, number);
}

NOINLINE static int deep(int depth, int number) {
    if (depth == 0)
        raise(number);
    return depth == 0 ? sink : deep(depth - 1, number) + depth;
}

NOINLINE static int after_signal(int number) {
    return number + sink;
}

NOINLINE static int interrupted(int number) {
    int got = sigsetjmp(home, 1);
    if (got == 0)
        return deep(20, number);
    return after_signal(got);
}

static void handle(int number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(number, &action, NULL);
}

/* The stack runs out; the handler, on a stack of its own, gives up on all of it. */
static void on_overflow(int number) {
    siglongjmp(home, number);
}

NOINLINE static int overflow(volatile char *above) {
    volatile char here[1024];
    here[0] = above[0];
    return sink < 0 ? 0 : overflow(here) + here[1];
}

static int after_overflow(int number) {
    return number + sink;
}

NOINLINE static int survives(void) {
    static volatile char first[1];
    int got = sigsetjmp(home, 1);
    if (got == 0)
        return overflow(first);
    return after_overflow(got);
}

/* The alarm comes wherever it comes: between the two counts, none can say if it was a call. */
static volatile int called, arrived, alarms;

static void on_alarm(int number) {
    alarms++;
    siglongjmp(home, number);
}

NOINLINE static void works(void) {
    arrived++;
}

static void after_alarm(void) {
    sink++;
}

NOINLINE static void keeps_on(void) {
    struct itimerval soon = {{0, 0}, {0, 150}};
    sigsetjmp(home, 1);
    if (alarms)
        after_alarm();
    if (alarms == 400)
        return;
    setitimer(ITIMER_REAL, &soon, NULL);
    for (;;) {
        called++;
        works();
    }
}

NOINLINE static int last(int n) {
    return n + 1;
}

int main(void) {
    stack_t stack = {.ss_sp = malloc(256 << 10), .ss_size = 256 << 10};
    sigaltstack(&stack, NULL);
    handle(SIGUSR1, on_stack, 0);
    handle(SIGUSR2, on_own_stack, SA_ONSTACK);
    handle(SIGHUP, on_outer, SA_ONSTACK);
    handle(SIGINT, on_inner, 0);
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum += interrupted(SIGUSR1) + interrupted(SIGUSR2) + interrupted(SIGHUP);

    struct rlimit limit = {1 << 20, 1 << 20};
    setrlimit(RLIMIT_STACK, &limit);
    handle(SIGSEGV, on_overflow, SA_ONSTACK);
    for (int i = 0; i < 3; i++)
        sum += survives();

    handle(SIGALRM, on_alarm, 0);
    keeps_on();
    printf("%d\ncalled=%d\narrived=%d\n", last(sum), called, arrived);
    return 0;
}
