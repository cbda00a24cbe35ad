/* Becomes another program, or tries to, in the way its argument names. For test_processes.py. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))
enum { THREADS = 4 };

extern char **environ;
static volatile int sink;

NOINLINE static void counted(void) {
    sink++;
}

static void count_to(int n) {
    for (int i = 0; i < n; i++)
        counted();
}

/* The shell says what came through: arguments, environment, descriptors, signals. */
#define SHELL "/bin/sh"
#define SCRIPT                                                                                     \
    "echo $0 $1 $SET $TALLY_OPTIONS; ls /proc/self/fd; grep -E 'Sig(Blk|Ign)' /proc/self/status; " \
    "exit 5"
static char *words[] = {(char *)"sh",   (char *)"-c",  (char *)SCRIPT,
                        (char *)"zero", (char *)"one", NULL};
static char *own_environment[] = {(char *)"SET=own", NULL};

static int become(const char *how) {
    const char *const *w = (const char *const *)words;
    if (strcmp(how, "execl") == 0)
        return execl(SHELL, w[0], w[1], w[2], w[3], w[4], (char *)NULL);
    if (strcmp(how, "execlp") == 0)
        return execlp("sh", w[0], w[1], w[2], w[3], w[4], (char *)NULL);
    if (strcmp(how, "execle") == 0)
        return execle(SHELL, w[0], w[1], w[2], w[3], w[4], (char *)NULL, own_environment);
    if (strcmp(how, "execv") == 0)
        return execv(SHELL, words);
    if (strcmp(how, "execve") == 0)
        return execve(SHELL, words, own_environment);
    if (strcmp(how, "execvp") == 0)
        return execvp("sh", words);
    if (strcmp(how, "execvpe") == 0)
        return execvpe("sh", words, own_environment);
    if (strcmp(how, "fexecve") == 0)
        return fexecve(open(SHELL, O_RDONLY | O_CLOEXEC), words, own_environment);
    if (strcmp(how, "execveat") == 0)
        return execveat(open("/bin", O_PATH | O_CLOEXEC), "sh", words, own_environment, 0);
    return 0;
}

static void report(const char *what) {
    printf("%s: %s\n", what, strerrorname_np(errno));
    fflush(stdout);
    errno = 0;
}

static char long_name[NAME_MAX + 2], long_path[3 * PATH_MAX];

/* None of these becomes anything. The directory has what test_processes.py puts there. */
static void fail(void) {
    static char *const none[] = {(char *)"none", NULL};
    memset(long_name, 'n', sizeof long_name - 1);
    execv("/nowhere/program", none), report("execv nowhere");
    execv(".", none), report("execv directory");
    execv("plain.txt", none), report("execv plain file");
    execv("script", none), report("execv script");
    execl("script", "script", (char *)NULL), report("execl script");
    execv("", none), report("execv nothing");
    execvp("", none), report("execvp nothing");
    execvp(long_name, none), report("execvp long name");
    execlp("no-such-command", "none", (char *)NULL), report("execlp no such");
    execvp("plain.txt/program", none), report("execvp below a file");
    setenv("PATH", "/nowhere:./plain.txt:/etc", 1);
    execvp("no-such-command", none), report("execvp along a file");
    setenv("PATH", ":/nowhere", 1);
    execvp("plain.txt", none), report("execvp denied");
    setenv("PATH", "", 1);
    execvp("folder", none), report("execvp folder");
    fexecve(-1, none, environ), report("fexecve");
    execveat(AT_FDCWD, "link", none, environ, AT_SYMLINK_NOFOLLOW), report("execveat link");
    execveat(AT_FDCWD, "program", none, environ, 1 << 30), report("execveat flags");
}

/* The file may be run, but not with this much to be told. */
static void fail_late(void) {
    enum { TOO_LONG = 1 << 20 };
    char *too_long = malloc(TOO_LONG);
    memset(too_long, 'x', TOO_LONG - 1);
    too_long[TOO_LONG - 1] = '\0';
    static sigset_t before, after; /* zeroed: the system fills in a part only */
    sigprocmask(SIG_BLOCK, NULL, &before);
    execl(SHELL, "sh", too_long, (char *)NULL), report("too long");
    sigprocmask(SIG_BLOCK, NULL, &after);
    puts(memcmp(&before, &after, sizeof before) == 0 ? "same mask" : "another mask");
    count_to(5);
    execlp("sh", "sh", too_long, (char *)NULL), report("too long again");
    free(too_long);
}

/* A file without "#!", found along a path one part of which is too long. */
static void become_script(void) {
    memset(long_path, 'p', sizeof long_path - 1);
    strcpy(long_path + 2 * PATH_MAX, ":/nowhere::/bin");
    setenv("PATH", long_path, 1);
    execlp("script", "zero", "one", "two", (char *)NULL);
}

static atomic_int ready;

static void *spins(void *forever) {
    count_to(1000);
    ready++;
    while (forever)
        counted();
    for (;;)
        pause();
}

static void become_among_threads(void *forever) {
    pthread_t thread;
    for (int i = 0; i < THREADS; i++)
        pthread_create(&thread, NULL, spins, forever);
    while (ready < THREADS)
        usleep(1000);
    become("execv");
}

static void *becomes_on_a_small_stack(void *argument) {
    counted();
    become("execv");
    return argument;
}

static void become_on_a_small_stack(void) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
    pthread_create(&thread, &attributes, becomes_on_a_small_stack, NULL);
    pthread_join(thread, NULL);
}

static void wait_for(pid_t child) {
    int status = 0;
    waitpid(child, &status, 0);
    printf("status %x\n", (unsigned)status);
    fflush(stdout);
}

NOINLINE static void in_child(void) {
    sink++;
}

static void children(void) {
    pid_t silent = fork();
    if (silent == 0) {
        execv(SHELL, words);
        _exit(1);
    }
    wait_for(silent);
    pid_t child = fork();
    if (child == 0) {
        in_child();
        become("execvp");
    }
    printf("child=%d\n", child);
    wait_for(child);
    pid_t vforked = vfork();
    if (vforked == 0) {
        in_child();
        become("execlp");
        _exit(1);
    }
    wait_for(vforked);
    FILE *pipe = popen("exit 3", "r");
    printf("popen %x system %x\n", (unsigned)pclose(pipe), (unsigned)system("exit 4"));
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    count_to(10);
    if (strcmp(how, "fail") == 0)
        fail();
    else if (strcmp(how, "fail_late") == 0)
        fail_late();
    else if (strcmp(how, "script") == 0)
        become_script();
    else if (strcmp(how, "wait") == 0)
        become_among_threads(NULL);
    else if (strcmp(how, "spin") == 0)
        become_among_threads(argv);
    else if (strcmp(how, "small_stack") == 0)
        become_on_a_small_stack();
    else if (strcmp(how, "children") == 0)
        children();
    else
        return become(how);
    count_to(1);
    return 0;
}
