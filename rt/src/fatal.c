/*
 * fatal.c - a profile also when a signal ends the program.
 *
 * The handler runs on the signal stack the thread has, if any (a stack overflow leaves no other),
 * and writes from a stack of its own, since signal stacks are small.
 */
#include "signals.h"

#include "arena.h"
#include "finish.h"
#include "own_stack.h"
#include "program.h"
#include "syscall.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>

#define PUBLIC __attribute__((visibility("default")))

enum { SIGNAL_STACK = 64 << 10 };

static const struct {
    int number;
    const char *ended_by;
} fatal[] = {
    {SIGHUP, "signal SIGHUP"},   {SIGINT, "signal SIGINT"},       {SIGQUIT, "signal SIGQUIT"},
    {SIGILL, "signal SIGILL"},   {SIGTRAP, "signal SIGTRAP"},     {SIGABRT, "signal SIGABRT"},
    {SIGBUS, "signal SIGBUS"},   {SIGFPE, "signal SIGFPE"},       {SIGUSR1, "signal SIGUSR1"},
    {SIGSEGV, "signal SIGSEGV"}, {SIGUSR2, "signal SIGUSR2"},     {SIGPIPE, "signal SIGPIPE"},
    {SIGALRM, "signal SIGALRM"}, {SIGTERM, "signal SIGTERM"},     {SIGXCPU, "signal SIGXCPU"},
    {SIGXFSZ, "signal SIGXFSZ"}, {SIGVTALRM, "signal SIGVTALRM"}, {SIGPROF, "signal SIGPROF"},
    {SIGIO, "signal SIGIO"},     {SIGSYS, "signal SIGSYS"},
};
enum { N_FATAL = sizeof fatal / sizeof *fatal };

static const char *ended_by(int number) {
    for (int i = 0; i < N_FATAL; i++)
        if (fatal[i].number == number)
            return fatal[i].ended_by;
    return NULL;
}

bool tli_is_fatal(int number) {
    return ended_by(number) != NULL;
}

static void finish_by(const void *how) {
    tli_finish(how);
}

/* A fault happens again when the handler returns, now with the default action; anything that was
 * sent must be sent again. */
static void die(int number, const siginfo_t *info) {
    struct sigaction plain = {.sa_handler = SIG_DFL};
    __sigaction(number, &plain, NULL);
    bool fault = info->si_code > 0 && (number == SIGSEGV || number == SIGBUS || number == SIGILL ||
                                       number == SIGFPE || number == SIGTRAP || number == SIGSYS);
    if (!fault)
        tli_syscall3(SYS_tgkill, tli_syscall3(SYS_getpid, 0, 0, 0),
                     tli_syscall3(SYS_gettid, 0, 0, 0), number);
}

void tli_on_fatal(int number, siginfo_t *info, void *context) {
    (void)context;
    int kept = errno;
    if (tli_program_is_us() && tli_is_fatal(number))
        tli_on_own_stack(finish_by, ended_by(number));
    die(number, info);
    errno = kept;
}

static void *signal_stack; /* the one given to the first thread; null if it had one */

void tli_give_signal_stack(void) {
    stack_t there;
    if (tli_syscall3(SYS_sigaltstack, 0, (long)&there, 0) != 0 || !(there.ss_flags & SS_DISABLE))
        return;
    stack_t stack = {.ss_sp = tli_map(SIGNAL_STACK), .ss_size = SIGNAL_STACK};
    if (stack.ss_sp && tli_syscall3(SYS_sigaltstack, (long)&stack, 0, 0) == 0)
        signal_stack = stack.ss_sp;
}

void tli_take_signal_stack_back(void) {
    if (!signal_stack)
        return;
    stack_t none = {.ss_flags = SS_DISABLE}, there;
    if (tli_syscall3(SYS_sigaltstack, 0, (long)&there, 0) == 0 && there.ss_sp == signal_stack)
        tli_syscall3(SYS_sigaltstack, (long)&none, 0, 0);
}

/* A program that gave no signal stack reads that it has none. */
PUBLIC int sigaltstack(const stack_t *restrict stack, stack_t *restrict old) {
    stack_t before;
    long status = tli_syscall3(SYS_sigaltstack, (long)stack, (long)&before, 0);
    if (tli_syscall_failed(status)) {
        errno = (int)-status;
        return -1;
    }
    if (signal_stack && before.ss_sp == signal_stack)
        before = (stack_t){.ss_flags = SS_DISABLE};
    if (old)
        *old = before;
    return 0;
}
