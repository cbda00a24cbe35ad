/* Processes that make processes: what each does itself is in its own profile. test_processes.py. */
#define _GNU_SOURCE
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

extern char **environ;

NOINLINE static void before(void) {
    fflush(stdout);
}
NOINLINE static int in_child(int n) {
    return n + 1;
}
NOINLINE static int in_grandchild(int n) {
    return n + 2;
}
NOINLINE static int in_parent(int n) {
    return n + 3;
}
NOINLINE static int in_vforked(int n) {
    return n + 4;
}

static void wait_for(pid_t child) {
    int status;
    waitpid(child, &status, 0);
    printf("status %x\n", (unsigned)status);
}

NOINLINE static pid_t fork_twice(void) {
    before();
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 20; i++)
            in_child(i);
        pid_t grandchild = fork();
        if (grandchild == 0) {
            for (int i = 0; i < 30; i++)
                in_grandchild(i);
            _exit(2);
        }
        printf("grandchild=%d\n", grandchild);
        wait_for(grandchild);
        exit(1);
    }
    return child;
}

static void vfork_and_exit(void) {
    before();
    pid_t child = vfork();
    if (child == 0) {
        in_vforked(1);
        _exit(3);
    }
    wait_for(child);
}

static void vfork_and_exec(void) {
    before();
    pid_t child = vfork();
    if (child == 0) {
        execl("/bin/false", "false", (char *)NULL);
        _exit(127);
    }
    wait_for(child);
}

static void spawn(void) {
    pid_t child;
    char *argv[] = {(char *)"true", NULL};
    before();
    posix_spawn(&child, "/bin/true", NULL, NULL, argv, environ);
    wait_for(child);
    printf("system %x\n", (unsigned)system("exit 5"));
}

static void silent_child(void) {
    before();
    pid_t child = fork();
    if (child == 0)
        _exit(6);
    wait_for(child);
}

NOINLINE static void *thread_forks(void *argument) {
    before();
    pid_t child = fork();
    if (child == 0) {
        for (int i = 0; i < 7; i++)
            in_child(i);
        exit(0);
    }
    printf("of_thread=%d\n", child);
    wait_for(child);
    return argument;
}

int main(void) {
    pthread_t thread;
    pid_t child = fork_twice();
    printf("child=%d\n", child);
    wait_for(child);
    vfork_and_exit();
    vfork_and_exec();
    spawn();
    silent_child();
    pthread_create(&thread, NULL, thread_forks, NULL);
    pthread_join(thread, NULL);
    for (int i = 0; i < 40; i++)
        in_parent(i);
    puts("end");
    return 0;
}
