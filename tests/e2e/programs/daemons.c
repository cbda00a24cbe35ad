/* Goes into the background in the way its argument names; says so into the descriptor
 * that is its second argument. For test_processes.py. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

static volatile int sink;

NOINLINE static void in_front(void) {
    sink++;
}

NOINLINE static void between(void) {
    sink++;
}

NOINLINE static void behind(void) {
    sink++;
}

static void fork_twice(void) {
    if (fork() != 0)
        _exit(0);
    setsid();
    between();
    if (fork() != 0)
        _exit(0);
}

static void report(int fd) {
    char where[100], link[100] = "", text[300];
    if (readlink("/proc/self/fd/1", link, sizeof link - 1) < 0 || !getcwd(where, sizeof where))
        _exit(1);
    int n = snprintf(text, sizeof text, "daemon=%d\nleader=%d %s %s\n", getpid(),
                     getsid(0) == getpid(), strncmp(link, "pipe", 4) == 0 ? "pipe" : link, where);
    if (write(fd, text, (size_t)n) != n)
        _exit(1);
}

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    for (int i = 0; i < 10; i++)
        in_front();
    if (strcmp(how, "daemon") == 0 && daemon(0, 0) != 0)
        return 1;
    if (strcmp(how, "stay") == 0 && (chdir("/tmp") != 0 || daemon(1, 1) != 0))
        return 1;
    if (strcmp(how, "twice") == 0)
        fork_twice();
    for (int i = 0; i < 20; i++)
        behind();
    report(argc > 2 ? atoi(argv[2]) : STDERR_FILENO);
    return 0;
}
