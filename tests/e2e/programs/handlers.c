// What a program sees of its own signal handling: what it set, nothing of what Tally set.
// GROUP signals
// EXPECT calls on_usr1 3
// EXPECT edge on_usr1 from_handler 3
// EXPECT calls on_segv 1
// EXPECT calls after_fault 1
// EXPECT callers after_fault main
// EXPECT calls on_alternate_stack 2
// EXPECT calls on_no_stack 1
// EXPECT calls on_reset 1
// LOSSES exits_unmatched
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static sigjmp_buf home;
static volatile int *volatile nowhere;

static const char *name_of(void (*handler)(int)) {
    return handler == SIG_DFL ? "default" : handler == SIG_IGN ? "ignored" : "handler";
}

static void tell(int number) {
    struct sigaction now;
    sigaction(number, NULL, &now);
    printf("%d: %s flags %x blocks INT %d\n", number, name_of(now.sa_handler),
           (unsigned)now.sa_flags & ~0x4000000u, sigismember(&now.sa_mask, SIGINT));
}

__attribute__((noinline)) static void from_handler(void) {
    errno = ENOENT;
}

static void on_usr1(int number) {
    int kept = errno;
    (void)number;
    from_handler();
    errno = kept;
}

static void on_segv(int number) {
    (void)number;
    siglongjmp(home, 1);
}

static void on_alternate_stack(int number) {
    (void)number;
}

/* Asks for a signal stack, of which there is none: it runs on the one it interrupts. */
static const char *volatile frame_of_main;

static void on_no_stack(int number) {
    const char here = (char)number;
    long distance = frame_of_main - &here;
    printf("on the normal stack: %d\n", distance > 0 && distance < 1 << 20);
}

static void on_reset(int number) {
    (void)number;
}

__attribute__((noinline)) static int after_fault(int n) {
    return n + 1;
}

static void faults(void) {
    if (sigsetjmp(home, 1) == 0)
        printf("%d\n", *nowhere);
    else
        printf("caught\n");
}

int main(void) {
    for (int number = 1; number < 32; number++)
        tell(number);
    errno = EDOM;
    printf("%s\n", name_of(signal(SIGUSR1, on_usr1)));
    for (int i = 0; i < 3; i++)
        raise(SIGUSR1);
    printf("errno kept: %d\n", errno == EDOM);
    tell(SIGUSR1);
    printf("%s\n", name_of(signal(SIGUSR1, SIG_DFL)));
    tell(SIGUSR1);
    printf("%s\n", name_of(signal(SIGTERM, SIG_IGN)));
    raise(SIGTERM);
    printf("%s\n", name_of(signal(SIGTERM, SIG_DFL)));
    signal(SIGSEGV, on_segv);
    faults();
    signal(SIGSEGV, SIG_DFL);
    printf("%d\n", after_fault(1));

    const char frame = 0;
    frame_of_main = &frame;
    struct sigaction no_stack = {.sa_handler = on_no_stack, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR2, &no_stack, NULL);
    raise(SIGUSR2);

    static char memory[64 << 10];
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory}, old;
    int status = sigaltstack(&stack, &old);
    printf("%d, before: %d\n", status, old.ss_flags);
    sigaltstack(NULL, &old);
    printf("now ours: %d %d\n", old.ss_sp == memory, old.ss_flags);
    struct sigaction action = {.sa_handler = on_alternate_stack, .sa_flags = SA_ONSTACK};
    sigaddset(&action.sa_mask, SIGINT);
    sigaction(SIGUSR2, &action, NULL);
    tell(SIGUSR2);
    raise(SIGUSR2);
    raise(SIGUSR2);
    struct sigaction once = {.sa_handler = on_reset, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGHUP, &once, NULL);
    raise(SIGHUP);
    tell(SIGHUP);
    printf("%d %d\n", signal(0, SIG_IGN) == SIG_ERR, signal(SIGKILL, SIG_IGN) == SIG_ERR);
    sigset_t blocked;
    sigprocmask(SIG_BLOCK, NULL, &blocked);
    for (int number = 1; number < 32; number++)
        if (sigismember(&blocked, number))
            printf("blocked: %d\n", number);
    return 0;
}
