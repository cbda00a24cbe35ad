/* Does some calls, then ends in the way its argument names. For test_ends.py. */
#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

static volatile int *volatile nowhere;
static volatile int zero;

NOINLINE static int counted(int n) {
    return n * 3;
}

NOINLINE static int deep(volatile char *above) {
    volatile char here[512];
    here[0] = above[0];
    return deep(here) + here[1];
}

static void overflow_stack(void) {
    volatile char first[1] = {0};
    struct rlimit limit = {1 << 20, 1 << 20};
    setrlimit(RLIMIT_STACK, &limit);
    deep(first);
}

static void *in_thread(void *how) {
    counted(1);
    if (strcmp(how, "thread_exit") == 0)
        exit(5);
    if (strcmp(how, "thread_small_stack") == 0)
        _exit(5);
    if (strcmp(how, "thread_abort") == 0)
        abort();
    if (strcmp(how, "thread_overflow") == 0)
        deep(how);
    *nowhere = 1;
    return NULL;
}

static void by_thread(char *how) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    if (strcmp(how, "thread_small_stack") == 0)
        pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN);
    pthread_create(&thread, &attributes, in_thread, how);
    pthread_join(thread, NULL);
}

static void *outlives_main(void *argument) {
    usleep(20000);
    counted(2);
    puts("the last thread");
    return argument;
}

static void leave_main(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, outlives_main, NULL);
    pthread_exit(NULL);
}

static void on_quick_exit(void) {
    counted(3);
    puts("quick");
    fflush(stdout);
}

static void by_blocked_signal(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGTERM);
    counted(4);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

NOINLINE static void end(char *how) {
    int number = atoi(how);
    if (number)
        kill(getpid(), number);
    else if (strcmp(how, "exit") == 0)
        exit(3);
    else if (strcmp(how, "_exit") == 0)
        _exit(4);
    else if (strcmp(how, "_Exit") == 0)
        _Exit(4);
    else if (strcmp(how, "quick_exit") == 0)
        quick_exit(6);
    else if (strcmp(how, "abort") == 0)
        abort();
    else if (strcmp(how, "fault") == 0)
        *nowhere = 1;
    else if (strcmp(how, "divide") == 0)
        printf("%d\n", 12345 / zero);
    else if (strcmp(how, "overflow") == 0)
        overflow_stack();
    else if (strcmp(how, "leave_main") == 0)
        leave_main();
    else if (strcmp(how, "blocked") == 0)
        by_blocked_signal();
    else if (strncmp(how, "thread", 6) == 0)
        by_thread(how);
}

int main(int argc, char **argv) {
    at_quick_exit(on_quick_exit);
    for (int i = 0; i < 10; i++)
        counted(i);
    puts("here");
    fflush(stdout);
    if (argc > 1)
        end(argv[1]);
    return 7;
}
