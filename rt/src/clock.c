/* clock.c - see clock.h. */
#include "clock.h"

#include "options.h"
#include "syscall.h"

#include <cpuid.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

enum { UNDECIDED = -1 };

static int mode = UNDECIDED;
static const char *fallback = "";
static struct tli_instant start;
static int64_t start_epoch_ns;

static uint64_t ns_of(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t monotonic_ns(void) {
    return ns_of(CLOCK_MONOTONIC);
}

static bool tsc_is_invariant(void) {
    unsigned a, b, c, d;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & (1u << 8)) != 0;
}

/* Of these the kernel takes one; a counter that it found to be wrong is not there any more. */
static void read_clocksources(char *text, size_t size) {
    static const char path[] = "/sys/devices/system/clocksource/clocksource0/available_clocksource";
    long length = -1,
         fd = tli_syscall6(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (!tli_syscall_failed(fd)) {
        length = tli_syscall3(SYS_read, fd, (long)text, (long)size - 1);
        tli_syscall3(SYS_close, fd, 0, 0);
    }
    text[length > 0 ? length : 0] = '\0';
}

static bool has_word(const char *text, const char *word) {
    static const char blanks[] = " \t\n";
    for (text += strspn(text, blanks); *text; text += strspn(text, blanks)) {
        size_t length = strcspn(text, blanks);
        if (length == strlen(word) && memcmp(text, word, length) == 0)
            return true;
        text += length;
    }
    return false;
}

struct tli_clock_choice tli_clock_choose(const char *option, bool invariant,
                                         const char *clocksources) {
    if (strcmp(option, "tsc") == 0)
        return (struct tli_clock_choice){TLI_CLOCK_TSC, ""};
    if (strcmp(option, "monotonic") == 0)
        return (struct tli_clock_choice){TLI_CLOCK_MONOTONIC, ""};
    if (!invariant)
        return (struct tli_clock_choice){TLI_CLOCK_MONOTONIC,
                                         "the processor promises no constant time-stamp counter"};
    if (*clocksources && !has_word(clocksources, "tsc"))
        return (struct tli_clock_choice){TLI_CLOCK_MONOTONIC,
                                         "the kernel does not trust the time-stamp counter"};
    return (struct tli_clock_choice){TLI_CLOCK_TSC, ""};
}

enum tli_clock_mode tli_clock_mode(void) {
    int decided = __atomic_load_n(&mode, __ATOMIC_ACQUIRE);
    if (decided != UNDECIDED)
        return (enum tli_clock_mode)decided;
    char clocksources[256];
    tli_options_load();
    read_clocksources(clocksources, sizeof clocksources);
    struct tli_clock_choice choice =
        tli_clock_choose(tli_options.clock, tsc_is_invariant(), clocksources);
    __atomic_store_n(&fallback, choice.fallback, __ATOMIC_RELAXED);
    __atomic_store_n(&mode, choice.mode, __ATOMIC_RELEASE);
    return choice.mode;
}

const char *tli_clock_name(void) {
    return tli_clock_mode() == TLI_CLOCK_TSC ? "tsc" : "monotonic";
}

const char *tli_clock_fallback(void) {
    tli_clock_mode();
    return __atomic_load_n(&fallback, __ATOMIC_RELAXED);
}

uint64_t tli_now_for(uint64_t clock) {
    return clock == TLI_CLOCK_TSC ? __builtin_ia32_rdtsc() : monotonic_ns();
}

/* The clocks at one moment, as far as there is one between two switches of the scheduler. */
static struct tli_instant instant(void) {
    enum { TRIES = 8, CLOSE_NS = 1000 };
    struct tli_instant best = {0};
    uint64_t best_gap = UINT64_MAX;
    for (int i = 0; i < TRIES && best_gap > CLOSE_NS; i++) {
        uint64_t before = monotonic_ns(), ticks = tli_now_for(tli_clock_mode());
        uint64_t gap = monotonic_ns() - before;
        if (gap < best_gap)
            best = (struct tli_instant){ticks, before + gap / 2, ns_of(CLOCK_BOOTTIME)};
        best_gap = gap < best_gap ? gap : best_gap;
    }
    return best;
}

void tli_clock_start(void) {
    start_epoch_ns = (int64_t)ns_of(CLOCK_REALTIME);
    start = instant();
}

int64_t tli_clock_start_epoch_ns(void) {
    return start_epoch_ns;
}

bool tli_clock_ran_through(const struct tli_instant *from, const struct tli_instant *to) {
    enum { NOTICED_NS = 100000000 }; /* the two clocks are not read at one moment */
    uint64_t asleep_before = from->boot_ns - from->monotonic_ns;
    uint64_t asleep_after = to->boot_ns - to->monotonic_ns;
    return (int64_t)(to->ticks - from->ticks) >= 0 &&
           (int64_t)(asleep_after - asleep_before) < NOTICED_NS;
}

static struct tli_clock_rate rate_between(const struct tli_instant *from,
                                          const struct tli_instant *to) {
    return (struct tli_clock_rate){to->ticks - from->ticks, to->monotonic_ns - from->monotonic_ns};
}

/* As the counter runs now; taken once. */
static struct tli_clock_rate rate_of_a_moment(void) {
    enum { MOMENT_NS = 10000000 };
    static struct tli_clock_rate rate;
    struct timespec pause = {0, MOMENT_NS};
    struct tli_instant from = instant();
    while (rate.elapsed_ns < MOMENT_NS) {
        tli_syscall3(SYS_nanosleep, (long)&pause, 0, 0);
        struct tli_instant to = instant();
        rate = rate_between(&from, &to);
    }
    return rate;
}

struct tli_clock_rate tli_clock_rate(void) {
    struct tli_instant now = instant();
    struct tli_clock_rate rate = rate_between(&start, &now);
    if (tli_clock_mode() == TLI_CLOCK_MONOTONIC)
        return (struct tli_clock_rate){rate.elapsed_ns, rate.elapsed_ns};
    if (tli_clock_ran_through(&start, &now))
        return rate;
    struct tli_clock_rate moment = rate_of_a_moment();
    rate.elapsed_ticks =
        (uint64_t)((unsigned __int128)rate.elapsed_ns * moment.elapsed_ticks / moment.elapsed_ns);
    return rate;
}

uint64_t tli_ticks_to_ns(struct tli_clock_rate rate, uint64_t ticks) {
    if (rate.elapsed_ticks == 0)
        return 0;
    return (uint64_t)((unsigned __int128)ticks * rate.elapsed_ns / rate.elapsed_ticks);
}

uint64_t tli_clock_hz(struct tli_clock_rate rate) {
    if (rate.elapsed_ns == 0)
        return 0;
    return (uint64_t)((unsigned __int128)rate.elapsed_ticks * 1000000000u / rate.elapsed_ns);
}
