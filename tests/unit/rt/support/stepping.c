/* stepping.c - see stepping.h. */
#include "stepping.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>

enum { TRAP_FLAG = 0x100 };

static void (*on_step)(void);
static bool is_done; /* said by the step that is under way */

/* Is it about to change the signal mask? */
static void leave_trap_unblocked(const ucontext_t *context) {
    static const unsigned char syscall_instruction[] = {0x0f, 0x05};
    const greg_t *registers = context->uc_mcontext.gregs;
    uint64_t *set = (uint64_t *)registers[REG_RSI];
    if (memcmp((const void *)registers[REG_RIP], syscall_instruction, 2) == 0 &&
        registers[REG_RAX] == SYS_rt_sigprocmask && set && registers[REG_RDI] != SIG_UNBLOCK)
        *set &= ~(UINT64_C(1) << (SIGTRAP - 1));
}

static void on_trap(int number, siginfo_t *info, void *context) {
    (void)number, (void)info;
    ucontext_t *interrupted = context;
    leave_trap_unblocked(interrupted);
    if (sigismember(&interrupted->uc_sigmask, SIGUSR1))
        return;
    is_done = false;
    on_step();
    if (is_done)
        interrupted->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
}

void stepping_done(void) {
    is_done = true;
}

void stepping_set_up(void (*step)(void)) {
    struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO};
    on_step = step;
    sigaction(SIGTRAP, &action, NULL);
}
