/* Signals at any instant, in any thread, while threads start and end and processes are made. The
 * argument is how many times over. What each function was called in all is printed as NAME=N; each
 * child counts in_child three times and nothing else. */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

enum { THREADS = 6, SWINGS = 20000 };

static _Atomic unsigned long handled, nested, sent;
static _Atomic int ids[THREADS];
static atomic_bool stop;
static pthread_key_t key;

NOINLINE static unsigned in_handler(unsigned n) {
    return n * 3 + 1;
}

NOINLINE static unsigned in_nested(unsigned n) {
    return n * 5 + 1;
}

/* One may interrupt the other, but none itself. */
static void on_signal(int number) {
    atomic_fetch_add(&handled, 1);
    in_handler(in_handler((unsigned)number));
}
static void on_other(int number) {
    atomic_fetch_add(&nested, 1);
    in_nested((unsigned)number);
}

NOINLINE static unsigned leaf(unsigned n) {
    return n * 1664525 + 1013904223;
}

NOINLINE static unsigned swing(unsigned n, int depth) {
    return depth ? leaf(swing(leaf(n), depth - 1)) : n;
}

NOINLINE static void at_thread_exit(void *value) {
    *(volatile unsigned *)value = leaf(*(unsigned *)value);
}

static void *runs(void *argument) {
    static _Thread_local unsigned n;
    atomic_int *id = argument;
    atomic_store(id, (int)syscall(SYS_gettid));
    pthread_setspecific(key, &n);
    for (int i = 0; i < SWINGS; i++)
        n = swing(n, i % 5);
    return NULL;
}

NOINLINE static unsigned in_child(unsigned n) {
    return n + 1;
}

/* Timers are not inherited, and nobody sends a signal to a child. */
static void child(void) {
    for (unsigned i = 0; i < 3; i++)
        in_child(i);
    _exit(0);
}

static unsigned pause_ns(unsigned *seed) {
    *seed = *seed * 1103515245 + 12345;
    return *seed >> 16 & 0x7fff;
}

/* Sends to threads that may have ended meanwhile; then nobody gets it. */
static void *sends(void *argument) {
    unsigned seed = 1;
    while (!atomic_load(&stop)) {
        int id = atomic_load(&ids[seed >> 20 & 3]);
        if (id && syscall(SYS_tgkill, getpid(), id, seed >> 8 & 1 ? SIGUSR1 : SIGUSR2) == 0)
            atomic_fetch_add(&sent, 1);
        struct timespec wait = {0, pause_ns(&seed)};
        nanosleep(&wait, NULL);
    }
    return argument;
}

static timer_t timer_of(int number, long interval_ns) {
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = number};
    struct itimerspec often = {{0, interval_ns}, {0, interval_ns}};
    timer_t timer;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 ||
        timer_settime(timer, 0, &often, NULL) != 0)
        exit(2);
    return timer;
}

static int storm(int round) {
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, runs, &ids[i]);
    int status = 0;
    pid_t pid = round % 8 == 0 ? fork() : -1;
    if (pid == 0)
        child();
    if (pid > 0)
        while (waitpid(pid, &status, 0) == -1)
            ;
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return status;
}

static void handle(int number, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(number, &action, NULL);
}

int main(int argc, char **argv) {
    int rounds = argc > 1 ? atoi(argv[1]) : 1, failed = 0;
    pthread_t sender;
    pthread_key_create(&key, at_thread_exit);
    handle(SIGUSR1, on_signal);
    handle(SIGUSR2, on_other);
    handle(SIGALRM, on_signal);
    handle(SIGPROF, on_other);
    pthread_create(&sender, NULL, sends, NULL);
    timer_t timers[] = {timer_of(SIGALRM, 70000), timer_of(SIGUSR1, 113000),
                        timer_of(SIGUSR2, 191000)};
    struct itimerval profiling = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_PROF, &profiling, NULL);
    for (int i = 0; i < rounds; i++)
        failed |= storm(i);
    atomic_store(&stop, 1);
    pthread_join(sender, NULL);
    setitimer(ITIMER_PROF, &never, NULL);
    for (int i = 0; i < 3; i++)
        timer_delete(timers[i]);
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    unsigned long swings = (unsigned long)rounds * THREADS * SWINGS;
    printf("main=1\nruns=%d\nat_thread_exit=%d\nswing=%lu\nleaf=%lu\n", rounds * THREADS,
           rounds * THREADS, swings * 3, swings * 4 + (unsigned long)(rounds * THREADS));
    printf("on_signal=%lu\nin_handler=%lu\non_other=%lu\nin_nested=%lu\n", handled, handled * 2,
           nested, nested);
    return failed != 0 || sent == 0;
}
