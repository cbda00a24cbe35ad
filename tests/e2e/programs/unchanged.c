// Thousands of new contexts, and a profile written in the middle, while errno, the floating-point
// unit's state with its traps unmasked, the flags and the signal mask are looked at all the time.
// GROUP values
// MATRIX usual
// FLAGS -pthread -frounding-math -lm
// EXPECT calls a 8
// EXPECT calls b 32
// EXPECT calls c 128
// EXPECT calls d 512
// EXPECT calls e 2048
// EXPECT calls f 8192
// EXPECT calls check stdout:checks
// EXPECT run threads 2
// EXPECT run ended_by exit
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>

#ifdef PLAIN
#define WRITE() 0
#else
#include <tally/tally.h>
#define WRITE() tally_write(NULL)
#endif

#define NOINLINE __attribute__((noinline))

enum { DIRECTION_FLAG = 1 << 10, ALIGNMENT_FLAG = 1 << 18, MAGIC = 12345 };

struct state {
    unsigned sse, flags;
    uint16_t x87_control, x87_status, x87_tags;
    int error;
    sigset_t blocked;
};

static __thread struct state wanted;
static __thread int differences, looks;

/* The flags that last beyond an instruction. */
static inline __attribute__((always_inline)) unsigned flags(void) {
    return (unsigned)__builtin_ia32_readeflags_u64() & (DIRECTION_FLAG | ALIGNMENT_FLAG);
}

static inline __attribute__((always_inline)) struct state look(void) {
    struct {
        uint16_t control, space1, status, space2, tags, rest[9];
    } x87;
    __asm__ volatile("fnstenv %0\n\tfldenv %0" : "=m"(x87));
    return (struct state){.sse = __builtin_ia32_stmxcsr(),
                          .flags = flags(),
                          .x87_control = x87.control,
                          .x87_status = x87.status,
                          .x87_tags = x87.tags,
                          .error = errno};
}

NOINLINE static void check(const char *where) {
    struct state is = look();
    looks++;
    if (is.sse == wanted.sse && is.flags == wanted.flags && is.error == wanted.error &&
        is.x87_control == wanted.x87_control && is.x87_status == wanted.x87_status &&
        is.x87_tags == wanted.x87_tags)
        return;
    if (differences++ < 5)
        printf("%s: sse %x for %x, x87 %x %x %x for %x %x %x, flags %x, errno %d\n", where, is.sse,
               wanted.sse, is.x87_control, is.x87_status, is.x87_tags, wanted.x87_control,
               wanted.x87_status, wanted.x87_tags, is.flags, is.error);
}

/* Four places to call from make four contexts of what is below. */
#define FAN(name, below)                                                                           \
    NOINLINE static long name(long n) {                                                            \
        long sum = below(n + 1);                                                                   \
        sum += below(n + 2);                                                                       \
        sum += below(n + 3);                                                                       \
        sum += below(n + 4);                                                                       \
        check(#name);                                                                              \
        return sum;                                                                                \
    }
NOINLINE static long f(long n) {
    check("f");
    return n * 3;
}
FAN(e, f)
FAN(d, e)
FAN(c, d)
FAN(b, c)
FAN(a, b)

static void check_mask(void) {
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, NULL, &blocked);
    for (int number = 1; number < 65; number++)
        if (sigismember(&blocked, number) != sigismember(&wanted.blocked, number))
            printf("signal %d\n", number);
}

/* Any rounding, any overflow from here on ends the program: only what Tally does could. */
static void *run(void *argument) {
    long *sum = argument;
    sigset_t some;
    sigemptyset(&some);
    sigaddset(&some, SIGUSR2);
    sigaddset(&some, SIGRTMIN + 3);
    pthread_sigmask(SIG_BLOCK, &some, NULL);
    fesetround(FE_DOWNWARD);
    feclearexcept(FE_ALL_EXCEPT);
    feenableexcept(FE_ALL_EXCEPT);
    errno = MAGIC;
    wanted = look();
    pthread_sigmask(SIG_SETMASK, NULL, &wanted.blocked);
    *sum += a(1) + a(2);
    check("contexts");
    errno = MAGIC;
    int status = WRITE();
    check("write");
    *sum += a(3) + a(4) + status;
    check_mask();
    fedisableexcept(FE_ALL_EXCEPT);
    __atomic_fetch_add(sum + 1, differences, __ATOMIC_RELAXED);
    __atomic_fetch_add(sum + 2, looks, __ATOMIC_RELAXED);
    return NULL;
}

int main(void) {
    static long sums[3];
    pthread_t thread;
    run(sums);
    pthread_create(&thread, NULL, run, sums);
    pthread_join(thread, NULL);
    printf("%ld differences %ld\nchecks=%ld\n", sums[0], sums[1], sums[2]);
    feenableexcept(FE_ALL_EXCEPT);
    return 0;
}
