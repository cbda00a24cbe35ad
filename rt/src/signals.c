/*
 * signals.c - the program's signal handlers, and what it is told of them.
 *
 * What the program has set for a signal, and what the kernel then has:
 *
 *   SIG_DFL, which would end it    tli_on_fatal (fatal.c)
 *   SIG_DFL or SIG_IGN otherwise   the same
 *   a handler                      on_handled, which calls it
 *
 * sigaction and its kin are interposed; `believed` is what the program set, and is told when it
 * asks. A child of vfork shares this memory, but has handlers of its own: what it sets goes to the
 * kernel as it is.
 */
#include "signals.h"

#include "entry_points.h"
#include "heap/interpose.h"
#include "lock.h"
#include "program.h"
#include "thread.h"

#include <errno.h>
#include <stdatomic.h>
#include <ucontext.h>

#define PUBLIC __attribute__((visibility("default")))

/* The kernel's flag for what glibc always sets; and the signals glibc keeps for itself. */
enum { SA_RESTORER = 0x04000000, SIGCANCEL = 32, SIGSETXID = 33 };

typedef void handler_function(int number, siginfo_t *info, void *context);

/* `handler` is never taken back: a signal may be on its way to it. */
static struct {
    _Atomic(handler_function *) handler;
    struct sigaction believed;
} table[NSIG];
static atomic_flag table_lock = ATOMIC_FLAG_INIT;

void tli_signals_forked(void) {
    atomic_flag_clear(&table_lock);
}

/* As the kernel would have done before it called the handler: flags and mask stay. */
static void reset(int number) {
    struct sigaction action = table[number].believed;
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, NULL);
}

static uintptr_t stack_of(const void *context) {
    const ucontext_t *interrupted = context;
    return (uintptr_t)interrupted->uc_mcontext.gregs[REG_RSP];
}

/* A handler may interrupt any two instructions, also those between which slot, cur and the
 * announcement of a tail call do not fit each other. What it calls belongs to the context that was
 * running, and the interrupted code finds all as it was. */
static void on_handled(int number, siginfo_t *info, void *context) {
    struct tally_tls *tls = &__tally_tls;
    /* Asked first: another handler may come before the rest is read, and make the thread known. */
    bool is_known = __atomic_load_n(&tls->slot, __ATOMIC_RELAXED) != &tli_bootstrap_slot;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    struct tally_tls kept = *tls;
    struct tli_operator kept_operator = tli_operator;
    tli_operator = (struct tli_operator){0};
    if (table[number].believed.sa_flags & SA_RESETHAND)
        reset(number);
    if (is_known) {
        while (tli_is_gone(tls->cur, stack_of(context)))
            tls->cur = tls->cur->parent;
        tls->slot = &tli_siteless_slot;
    }
    atomic_load (&table[number].handler)(number, info, context);
    tli_operator = kept_operator;
    if (!is_known)
        return;
    kept.last = tls->last;
    *tls = kept;
}

static bool is_handler(const struct sigaction *action) {
    return action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

/* What the kernel gets for what the program sets. */
static struct sigaction installed_for(int number, const struct sigaction *action) {
    struct sigaction installed = *action;
    if (is_handler(action)) {
        installed.sa_sigaction = on_handled;
        installed.sa_flags = (action->sa_flags | SA_SIGINFO) & ~(int)SA_RESETHAND;
    } else if (action->sa_handler == SIG_DFL && tli_is_fatal(number)) {
        installed.sa_sigaction = tli_on_fatal;
        installed.sa_flags = SA_SIGINFO | SA_ONSTACK;
        sigfillset(&installed.sa_mask);
    }
    return installed;
}

/* A program may also get ours, from a function that reads the kernel's table behind our back. */
static bool is_ours(const struct sigaction *action) {
    return action->sa_sigaction == on_handled || action->sa_sigaction == tli_on_fatal;
}

static struct sigaction told(int number, const struct sigaction *installed) {
    return is_ours(installed) ? table[number].believed : *installed;
}

static int set(int number, const struct sigaction *action, struct sigaction *before) {
    struct sigaction installed = installed_for(number, action);
    handler_function *last = atomic_load(&table[number].handler);
    if (is_handler(action))
        atomic_store(&table[number].handler, action->sa_sigaction);
    int status = __sigaction(number, &installed, before);
    if (status != 0) {
        atomic_store(&table[number].handler, last);
        return status;
    }
    *before = told(number, before);
    table[number].believed = *action;
    table[number].believed.sa_flags |= SA_RESTORER;
    return 0;
}

PUBLIC int sigaction(int number, const struct sigaction *restrict action,
                     struct sigaction *restrict old) {
    struct sigaction before;
    bool to_kernel = number < 1 || number >= NSIG || !tli_program.pid || !tli_program_is_us() ||
                     !action || is_ours(action);
    int status;
    if (to_kernel) {
        status = __sigaction(number, action, &before);
        if (status == 0)
            before = told(number, &before);
    } else {
        if (action->sa_flags & SA_ONSTACK)
            tli_take_signal_stack_back();
        uint64_t mask = tli_spin_lock(&table_lock);
        status = set(number, action, &before);
        tli_spin_unlock(&table_lock, mask);
    }
    if (status == 0 && old)
        *old = before;
    return status;
}

/* What the program inherited, and what was set before we came. */
void tli_signals_start(void) {
    struct sigaction there, before;
    for (int number = 1; number < NSIG; number++)
        if (number != SIGCANCEL && number != SIGSETXID && __sigaction(number, NULL, &there) == 0 &&
            !is_ours(&there))
            set(number, &there, &before);
    tli_give_signal_stack();
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
