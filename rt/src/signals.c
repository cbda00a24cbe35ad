/*
 * signals.c - see signals.h.
 *
 * States of a signal of ours:   default ──(program sets a handler or SIG_IGN)──> the program's
 *                                  ^ our handler is installed                          │
 *                                  └──────────────(program sets SIG_DFL)───────────────┘
 *
 * The handler runs on the signal stack the thread has, if any (a stack overflow leaves no other),
 * and writes from a stack of its own, since signal stacks are small.
 */
#include "signals.h"

#include "arena.h"
#include "finish.h"
#include "program.h"
#include "syscall.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#define PUBLIC __attribute__((visibility("default")))

enum { WRITER_STACK = 256 << 10, SIGNAL_STACK = 64 << 10 };

/* Runs call(argument) on the stack that ends at `top`. signals_x86_64.S */
void tli_on_stack(void (*call)(const void *), const void *argument, void *top);

/* glibc's own, behind the name that is interposed here. */
int __sigaction(int signal_number, const struct sigaction *action, struct sigaction *old);

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

/* What the program believes is installed while ours is: SIG_DFL with its own flags and mask. */
static struct sigaction believed[N_FATAL];
static atomic_bool ours[N_FATAL];

static int index_of(int number) {
    for (int i = 0; i < N_FATAL; i++)
        if (fatal[i].number == number)
            return i;
    return -1;
}

static void finish_by(const void *ended_by) {
    tli_finish(ended_by);
}

static void write_profile(const char *ended_by) {
    char *stack = tli_map(WRITER_STACK);
    if (stack)
        tli_on_stack(finish_by, ended_by, stack + WRITER_STACK);
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

static void on_fatal(int number, siginfo_t *info, void *context) {
    (void)context;
    int kept = errno;
    int i = index_of(number);
    if (tli_program_is_us() && i >= 0)
        write_profile(fatal[i].ended_by);
    die(number, info);
    errno = kept;
}

static int install(int i) {
    struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    int status = __sigaction(fatal[i].number, &action, NULL);
    if (status == 0)
        atomic_store(&ours[i], true);
    return status;
}

static void *signal_stack; /* the one given to the first thread; null if it had one */

static void give_signal_stack(void) {
    stack_t there;
    if (tli_syscall3(SYS_sigaltstack, 0, (long)&there, 0) != 0 || !(there.ss_flags & SS_DISABLE))
        return;
    stack_t stack = {.ss_sp = tli_map(SIGNAL_STACK), .ss_size = SIGNAL_STACK};
    if (stack.ss_sp && tli_syscall3(SYS_sigaltstack, (long)&stack, 0, 0) == 0)
        signal_stack = stack.ss_sp;
}

void tli_signals_start(void) {
    struct sigaction there;
    for (int i = 0; i < N_FATAL; i++) {
        if (__sigaction(fatal[i].number, NULL, &there) == 0 && there.sa_handler == SIG_DFL) {
            believed[i] = there;
            install(i);
        }
    }
    give_signal_stack();
}

/* A handler that asks for the signal stack runs on the ordinary one where the program gave none. */
static void take_signal_stack_back(void) {
    stack_t none = {.ss_flags = SS_DISABLE}, there;
    if (tli_syscall3(SYS_sigaltstack, 0, (long)&there, 0) == 0 && there.ss_sp == signal_stack)
        tli_syscall3(SYS_sigaltstack, (long)&none, 0, 0);
}

PUBLIC int sigaction(int number, const struct sigaction *restrict action,
                     struct sigaction *restrict old) {
    int i = index_of(number);
    if (action && (action->sa_flags & SA_ONSTACK) && signal_stack)
        take_signal_stack_back();
    if (i < 0)
        return __sigaction(number, action, old);
    bool was_ours = atomic_load(&ours[i]);
    struct sigaction before = believed[i];
    int status = 0;
    if (action && action->sa_handler == SIG_DFL && was_ours) {
        believed[i] = *action;
    } else if (action && action->sa_handler == SIG_DFL && tli_program.pid) {
        status = __sigaction(number, action, &before);
        believed[i] = *action;
        if (status == 0)
            status = install(i);
    } else {
        status = __sigaction(number, action, was_ours ? NULL : &before);
        if (status == 0 && action)
            atomic_store(&ours[i], false);
    }
    if (status == 0 && old)
        *old = before;
    return status;
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

static sighandler_t set_handler(int number, sighandler_t handler, int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags}, old;
    if (handler == SIG_ERR || number < 1 || number >= NSIG) {
        errno = EINVAL;
        return SIG_ERR;
    }
    sigemptyset(&action.sa_mask);
    if (!(flags & SA_NODEFER))
        sigaddset(&action.sa_mask, number);
    return sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* glibc's signal: BSD's, calls are restarted, the handler stays. */
PUBLIC sighandler_t signal(int number, sighandler_t handler) {
    return set_handler(number, handler, SA_RESTART);
}

PUBLIC sighandler_t ssignal(int number, sighandler_t handler) {
    return signal(number, handler);
}

/* What signal means to programs that ask for System V. */
PUBLIC sighandler_t __sysv_signal(int number, sighandler_t handler);
PUBLIC sighandler_t __sysv_signal(int number, sighandler_t handler) {
    return set_handler(number, handler, SA_RESETHAND | SA_NODEFER);
}
