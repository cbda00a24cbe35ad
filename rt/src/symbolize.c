/*
 * symbolize.c - see symbolize.h.
 *
 * The child is made by clone with no exit signal, so that neither a SIGCHLD handler nor a wait()
 * of the program's sees it; it borrows our memory and stack until it execs, as vfork's does, and
 * runs nothing but that one system call.
 */
#include "symbolize.h"

#include "message.h"
#include "options.h"
#include "output.h"
#include "syscall.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Set by the constructor: dladdr takes locks that a dying program may hold. */
static char beside_runtime[TLI_PATH_SIZE];

__attribute__((constructor)) static void find_symbolizer(void) {
    static const char beside[] = "/../bin/tally";
    Dl_info self;
    if (!dladdr(beside_runtime, &self) || !self.dli_fname)
        return;
    const char *slash = strrchr(self.dli_fname, '/');
    size_t length = slash ? (size_t)(slash - self.dli_fname) : 0;
    if (slash && length + sizeof beside <= sizeof beside_runtime) {
        memcpy(beside_runtime, self.dli_fname, length);
        memcpy(beside_runtime + length, beside, sizeof beside);
    }
}

static bool is_program(const char *path) {
    return *path && tli_syscall6(SYS_faccessat, AT_FDCWD, (long)path, X_OK, 0, 0, 0) == 0;
}

static const char *find(void) {
    if (*tli_options.symbolizer)
        return tli_options.symbolizer;
    if (is_program(beside_runtime))
        return beside_runtime;
    return TLI_INSTALLED_TALLY;
}

/* The exit status of the program, or -errno. */
static int run(const char *program, const char *const argv[]) {
    static const char *const environment[] = {"LC_ALL=C", NULL};
    volatile long error = 0;
    int status = 0;
    uint64_t mask = tli_block_signals();
    long pid = tli_syscall6(SYS_clone, CLONE_VM | CLONE_VFORK, 0, 0, 0, 0, 0);
    if (pid == 0) {
        tli_restore_signals(0); /* all are blocked while a profile is written */
        error = tli_syscall3(SYS_execve, (long)program, (long)argv, (long)environment);
        tli_syscall3(SYS_exit_group, 127, 0, 0);
    }
    if (pid > 0)
        while (tli_syscall6(SYS_wait4, pid, (long)&status, __WALL, 0, 0, 0) == -EINTR)
            ;
    tli_restore_signals(mask);
    if (pid < 0)
        return (int)pid;
    return error ? (int)error : WIFEXITED(status) ? WEXITSTATUS(status) : -EFAULT;
}

void tli_symbolize(const char *profile_directory) {
    if (getauxval(AT_SECURE) || strcmp(tli_options.symbolizer, "none") == 0)
        return;
    const char *program = find();
    const char *const argv[] = {program, "symbolize", "--quiet", profile_directory, NULL};
    int status = run(program, argv);
    if (status < 0)
        tli_message(2, "cannot resolve addresses now: ", program, ": ", strerrordesc_np(-status),
                    "; the tally commands will do it when they read the profile", NULL);
}
