/*
 * test_ends.c - how programs end, and how signals that end them look to the program: as without
 * Tally, with a profile written on the way.
 */
#include "instrumented.h"
#include "run_subject.h"
#include "sanitizers.h"
#include "shot.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

FUNCTION(work, 0);

static const struct run *end_by(const char *way, const char *number) {
    const char *const arguments[] = {"end", way, number, NULL};
    return run_subject(NULL, arguments);
}

static void expect_exit(const char *way, int status, const char *output) {
    const struct run *run = end_by(way, NULL);
    cr_expect(WIFEXITED(run->status), "%s: status %#x", way, run->status);
    cr_expect_eq(WEXITSTATUS(run->status), status, "%s: exit status %d", way,
                 WEXITSTATUS(run->status));
    cr_expect_str_eq(run->output, output);
    cr_expect_str_eq(run->errors, "");
}

Test(ends, by_itself) {
    expect_exit("return", 10, "exit: 1 calls\n");
    expect_exit("exit", 11, "exit: 1 calls\n");
    expect_exit("_exit", 12, "_exit: 1 calls\n");
    expect_exit("_Exit", 13, "_Exit: 1 calls\n");
    expect_exit("quick_exit", 14, "quick_exit: 1 calls\n");
}

Test(ends, without_having_done_anything) {
    const struct run *run = end_by("nothing", NULL);
    cr_expect_eq(WEXITSTATUS(run->status), 10);
    cr_expect_str_eq(run->output, "");
    cr_expect_eq(strncmp(run->errors, "tally: no profile: ", 19), 0, "%s", run->errors);
    cr_expect_eq(strchr(run->errors, '\n'), run->errors + strlen(run->errors) - 1, "one line");
}

static const struct {
    int number;
    const char *name;
} fatal[] = {
    {SIGHUP, "SIGHUP"},       {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"}, {SIGILL, "SIGILL"},
    {SIGTRAP, "SIGTRAP"},     {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},   {SIGFPE, "SIGFPE"},
    {SIGUSR1, "SIGUSR1"},     {SIGSEGV, "SIGSEGV"}, {SIGUSR2, "SIGUSR2"}, {SIGPIPE, "SIGPIPE"},
    {SIGALRM, "SIGALRM"},     {SIGTERM, "SIGTERM"}, {SIGXCPU, "SIGXCPU"}, {SIGXFSZ, "SIGXFSZ"},
    {SIGVTALRM, "SIGVTALRM"}, {SIGPROF, "SIGPROF"}, {SIGIO, "SIGIO"},     {SIGSYS, "SIGSYS"}};
enum { N_FATAL = sizeof fatal / sizeof *fatal };

/* Sanitizers have handlers of their own for faults, which come first. */
static const bool sanitized = WITH_ADDRESS_SANITIZER || WITH_THREAD_SANITIZER;

static bool is_sanitizers(int number) {
    return sanitized && (number == SIGSEGV || number == SIGBUS || number == SIGFPE);
}

static void skip_with_sanitizers(void) {
    if (sanitized)
        cr_skip_test("the sanitizer handles faults itself");
}

Test(ends, by_each_signal_that_ends_a_program) {
    for (int i = 0; i < N_FATAL; i++) {
        if (is_sanitizers(fatal[i].number))
            continue;
        char number[12], output[60];
        snprintf(number, sizeof number, "%d", fatal[i].number);
        snprintf(output, sizeof output, "signal %s: 1 calls\n", fatal[i].name);
        const struct run *run = end_by("signal", number);
        cr_expect(WIFSIGNALED(run->status) && WTERMSIG(run->status) == fatal[i].number,
                  "%s: status %#x", fatal[i].name, run->status);
        cr_expect_str_eq(run->output, output);
    }
}

Test(ends, by_abort) {
    const struct run *run = end_by("abort", NULL);
    cr_expect(WIFSIGNALED(run->status) && WTERMSIG(run->status) == SIGABRT);
    cr_expect_str_eq(run->output, "signal SIGABRT: 1 calls\n");
}

Test(ends, by_no_signal_that_is_ignored_anyway) {
    static const char *const harmless[] = {"17", "18", "23", "28"}; /* CHLD, CONT, URG, WINCH */
    for (int i = 0; i < 4; i++) {
        const struct run *run = end_by("signal", harmless[i]);
        cr_expect(WIFEXITED(run->status) && WEXITSTATUS(run->status) == 10);
        cr_expect_str_eq(run->output, "exit: 1 calls\n");
    }
}

/* ---- What the program sees of its signals' actions. */

static void handler(int number) {
    (void)number;
}

static void other(int number, siginfo_t *info, void *context) {
    (void)number, (void)info, (void)context;
}

static void expect_action(int number, sighandler_t expected) {
    struct sigaction action;
    memset(&action, 0xff, sizeof action);
    cr_expect_eq(sigaction(number, NULL, &action), 0);
    cr_expect_eq(action.sa_handler, expected, "signal %d", number);
}

Test(ends, the_programs_actions_are_its_own) {
    for (int i = 0; i < N_FATAL; i++) {
        int number = fatal[i].number;
        cr_expect_neq(signal(number, handler), SIG_ERR);
        expect_action(number, handler);
        cr_expect_eq(signal(number, SIG_IGN), handler);
        cr_expect_eq(signal(number, SIG_DFL), SIG_IGN);
        expect_action(number, SIG_DFL);
        cr_expect_eq(signal(number, SIG_DFL), SIG_DFL, "ours is never seen");
        expect_action(number, SIG_DFL);
    }
}

Test(ends, flags_and_masks_are_kept) {
    struct sigaction action = {.sa_sigaction = other, .sa_flags = SA_SIGINFO | SA_NODEFER}, back;
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGWINCH);
    cr_expect_eq(sigaction(SIGTERM, &action, NULL), 0);
    action.sa_handler = SIG_DFL;
    action.sa_flags = SA_RESTART;
    sigaddset(&action.sa_mask, SIGURG);
    cr_expect_eq(sigaction(SIGTERM, &action, &back), 0);
    cr_expect_eq(back.sa_sigaction, other);
    cr_expect_eq(back.sa_flags & (SA_SIGINFO | SA_NODEFER | SA_RESTART), SA_SIGINFO | SA_NODEFER);
    cr_expect(sigismember(&back.sa_mask, SIGWINCH) && !sigismember(&back.sa_mask, SIGURG));
    cr_expect_eq(sigaction(SIGTERM, NULL, &back), 0);
    cr_expect_eq(back.sa_handler, SIG_DFL);
    cr_expect_eq(back.sa_flags & (SA_SIGINFO | SA_ONSTACK | SA_RESTART), SA_RESTART);
    cr_expect(sigismember(&back.sa_mask, SIGURG) && !sigismember(&back.sa_mask, SIGINT));
}

/* One structure for both, as some programs have it. */
Test(ends, old_and_new_action_in_one_place) {
    struct sigaction action = {.sa_handler = handler}, *volatile place = &action;
    cr_expect_eq(sigaction(SIGTERM, place, place), 0);
    cr_expect_eq(action.sa_handler, SIG_DFL);
    cr_expect_eq(sigaction(SIGTERM, place, place), 0);
    cr_expect_eq(action.sa_handler, handler);
    expect_action(SIGTERM, SIG_DFL);
}

Test(ends, what_the_system_refuses) {
    struct sigaction action = {.sa_handler = handler};
    errno = 0;
    cr_expect_eq(sigaction(SIGKILL, &action, NULL), -1);
    cr_expect_eq(errno, EINVAL);
    cr_expect_eq(sigaction(0, &action, NULL), -1);
    cr_expect_eq(sigaction(NSIG + 1, NULL, &action), -1);
    cr_expect_eq(signal(-1, handler), SIG_ERR);
    cr_expect_eq(signal(SIGKILL, handler), SIG_ERR);
    cr_expect_eq(signal(SIGTERM, SIG_ERR), SIG_ERR);
    expect_action(SIGTERM, SIG_DFL);
}

static volatile sig_atomic_t handled;

static void count(int number) {
    (void)number;
    handled++;
}

Test(ends, handlers_run_and_ignored_signals_do_nothing) {
    signal(SIGTERM, count);
    raise(SIGTERM);
    raise(SIGTERM);
    cr_expect_eq(handled, 2);
    signal(SIGTERM, SIG_IGN);
    raise(SIGTERM);
    cr_expect_eq(handled, 2);
}

/* ---- Children. Each writes what it does into the pipe; its end is asked for afterwards. */

static void expect_child(void (*body)(int), int signal_number, const char *expected) {
    int status;
    char *text = text_from_child(body, &status);
    cr_expect_str_eq(text, expected);
    if (signal_number)
        cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == signal_number, "status %#x", status);
    else
        cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %#x", status);
    free(text);
}

static void default_again(int fd) {
    shot_report_to(fd);
    run_leaf(&fn_work);
    signal(SIGTERM, count);
    raise(SIGTERM);
    signal(SIGTERM, SIG_DFL);
    raise(SIGTERM);
}

Test(ends, a_default_that_was_put_back_still_has_a_profile) {
    expect_child(default_again, SIGTERM, "signal SIGTERM\nwork@- 1\n");
}

static void fault(int fd) {
    shot_report_to(fd);
    run_leaf(&fn_work);
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}

Test(ends, a_fault) {
    skip_with_sanitizers();
    expect_child(fault, SIGSEGV, "signal SIGSEGV\nwork@- 1\n");
}

static int eat_stack(volatile char *above);
static int (*volatile eat_more)(volatile char *) = eat_stack;

static int eat_stack(volatile char *above) {
    volatile char here[4096];
    here[0] = *above;
    return eat_more(here) + here[0];
}

static void overflow(int fd) {
    shot_report_to(fd);
    run_leaf(&fn_work);
    volatile char start = 0;
    eat_stack(&start);
}

Test(ends, a_stack_overflow) {
    skip_with_sanitizers();
    expect_child(overflow, SIGSEGV, "signal SIGSEGV\nwork@- 1\n");
}

static void only_once(int fd) {
    shot_report_to(fd);
    run_leaf(&fn_work);
    signal(SIGTERM, SIG_DFL);
    exit(0);
}

Test(ends, exit_in_a_forked_child) {
    expect_child(only_once, 0, "exit\nwork@- 1\n");
}

/* A child made behind libc's back shares our idea of who we are; it writes nothing, and dies as it
 * would. */
static void bare_child(int fd) {
    run_leaf(&fn_work);
    pid_t pid = (pid_t)syscall(SYS_fork);
    if (pid == 0) {
        shot_report_to(fd);
        raise(SIGTERM);
        _exit(3);
    }
    int status;
    waitpid(pid, &status, 0);
    dprintf(fd, "%s %d", WIFSIGNALED(status) ? "signal" : "exit",
            WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

Test(ends, a_child_that_no_handler_of_fork_knows_of) {
    char *text = text_from_child(bare_child, NULL);
    cr_expect_str_eq(text, "signal 15");
    free(text);
}

static void vfork_child(int fd) {
    run_leaf(&fn_work);
    pid_t pid = vfork();
    if (pid == 0)
        _exit(7);
    int status;
    waitpid(pid, &status, 0);
    dprintf(fd, "exit %d\n", WEXITSTATUS(status));
    shot_report_to(fd);
    exit(0);
}

Test(ends, a_vfork_child_does_not_write_for_its_parent) {
    expect_child(vfork_child, 0, "exit 7\nexit\nwork@- 1\n");
}

/* The second signal finds no handler: the program dies of it, and there is a profile as always. */
static void reset_handler(int fd) {
    struct sigaction action = {.sa_handler = count, .sa_flags = (int)SA_RESETHAND};
    shot_report_to(fd);
    run_leaf(&fn_work);
    sigaction(SIGTERM, &action, NULL);
    raise(SIGTERM);
    raise(SIGTERM);
}

Test(ends, a_handler_for_once) {
    expect_child(reset_handler, SIGTERM, "signal SIGTERM\nwork@- 1\n");
}

static void errors_survive(int fd) {
    shot_report_to(-1);
    run_leaf(&fn_work);
    errno = 4242;
    run_leaf(&fn_work);
    dprintf(fd, "%d", errno);
    _exit(0);
}

Test(ends, errno_is_the_programs) {
    expect_child(errors_survive, 0, "4242");
}
