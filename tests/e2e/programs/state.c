// What a program can see of its own state is as without Tally: errno, the floating-point unit's
// modes and flags, blocked signals, files, threads, allocations.
// GROUP values
// FLAGS -pthread -frounding-math -lm
// EXPECT calls fresh_1 2
// EXPECT calls fresh_2 2
// EXPECT edge look fresh_3 2
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fenv.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

static int entries(const char *path) {
    DIR *directory = opendir(path);
    int n = 0;
    while (directory && readdir(directory))
        n++;
    if (directory)
        closedir(directory);
    return n;
}

static unsigned sse_state(void) {
    return __builtin_ia32_stmxcsr();
}

static unsigned short x87_state(void) {
    unsigned short word;
    __asm__ volatile("fnstcw %0" : "=m"(word));
    return word;
}

NOINLINE static int fresh_1(int n) {
    return n + 1;
}
NOINLINE static double fresh_2(double x) {
    return x * 1.5;
}
NOINLINE static int fresh_3(int n) {
    return n ^ 5;
}

/* The first calls in this thread, between two looks at everything. */
static void *look(void *argument) {
    sigset_t set, blocked;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    feclearexcept(FE_ALL_EXCEPT);
    fesetround(FE_UPWARD);
    size_t used = mallinfo2().uordblks;
    unsigned sse = sse_state();
    unsigned short x87 = x87_state();
    errno = ENOTTY;
    int a = fresh_1(1);
    double b = fresh_2(2);
    int c = fresh_3(a);
    int kept_errno = errno;
    unsigned sse_after = sse_state();
    size_t used_after = mallinfo2().uordblks;
    printf("%d %g %d errno %d\n", a, b, c, kept_errno == ENOTTY);
    printf("sse %x %x x87 %x %x round up %d flags %x\n", sse, sse_after, x87, x87_state(),
           fegetround() == FE_UPWARD, (unsigned)fetestexcept(FE_ALL_EXCEPT));
    printf("allocated %zu\n", used_after - used);
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    for (int number = 1; number < 32; number++)
        if (sigismember(&blocked, number))
            printf("blocked %d\n", number);
    fesetround(FE_TONEAREST);
    return argument;
}

int main(void) {
    pthread_t thread;
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    printf("start\n");
    look(NULL);
    printf("files %d threads %d\n", entries("/proc/self/fd"), entries("/proc/self/task"));
    pthread_create(&thread, NULL, look, NULL);
    pthread_join(thread, NULL);
    return 0;
}
