/* The machine seems to be suspended meanwhile: CLOCK_MONOTONIC stands still, the time-stamp counter
 * goes on. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { MS = 1000000, S = 1000 * MS };

static long asleep_ns;

/* Instead of libc's, for the runtime as well. */
__attribute__((no_instrument_function)) int clock_gettime(clockid_t clock, struct timespec *t) {
    if (syscall(SYS_clock_gettime, clock, t) != 0)
        return -1;
    long ns = t->tv_sec * (long)S + t->tv_nsec - (clock == CLOCK_MONOTONIC ? asleep_ns : 0);
    *t = (struct timespec){ns / S, ns % S};
    return 0;
}

__attribute__((noinline)) static void suspend(void) {
    struct timespec before, after, t = {0, 500 * MS};
    clock_gettime(CLOCK_MONOTONIC, &before);
    while (nanosleep(&t, &t) != 0)
        ;
    clock_gettime(CLOCK_MONOTONIC, &after);
    asleep_ns = (after.tv_sec - before.tv_sec) * (long)S + after.tv_nsec - before.tv_nsec;
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc > 1)
        suspend();
    return 0;
}
