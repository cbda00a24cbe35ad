/*
 * thread_time.c - see thread_time.h.
 *
 * Runs in signal handlers and at the ends of threads: system calls only. The time on a processor
 * is a clock, which costs 0.4 µs; the time in run queues is the text of a file in /proc, which
 * costs up to 14 µs once the kernel has made the file and removed it. So it is read
 *
 *   at the end, of threads that lived for 1 ms: the cost is then 1.4 % at most;
 *   at the beginning, of threads that had run for 1 ms: what others waited before their first
 *   instrumented call is counted as if it had been after, as far as there is time for it.
 *
 * A kernel without these statistics has no such file, or writes zeroes.
 */
#include "thread_time.h"

#include "clock.h"
#include "message.h"
#include "syscall.h"
#include "thread.h"

#include <fcntl.h>
#include <time.h>

enum { WORTH_A_FILE_NS = 1000000 };

static _Atomic int64_t ended_wall_ns, ended_cpu_ns, ended_run_queue_ns, ended_unknown_ns;

/* Decimal digits, which `*text` is moved beyond; false if there are none, or too many. */
static bool parse_number(const char **text, const char *end, int64_t *number) {
    const char *start = *text;
    *number = 0;
    for (; *text < end && **text >= '0' && **text <= '9'; ++*text)
        if (__builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, **text - '0', number))
            return false;
    return *text > start;
}

/* "CPU_NS RUN_QUEUE_NS TIMES_RUN\n"; who runs this was run at least once. */
int64_t tli_run_queue_ns(const char *text, size_t length) {
    const char *end = text + length;
    int64_t numbers[3];
    for (int i = 0; i < 3; i++) {
        if (!parse_number(&text, end, &numbers[i]) || text == end || *text != (i < 2 ? ' ' : '\n'))
            return -1;
        text++;
    }
    return numbers[2] > 0 ? numbers[1] : -1;
}

static char *add(char *to, const char *from) {
    while (*from)
        *to++ = *from++;
    return to;
}

static void make_path(char path[64], int tid) {
    char number[TLI_NUMBER_SIZE];
    char *end = add(path, "/proc/self/task/");
    end = add(end, tli_number((uint64_t)tid, number));
    *add(end, "/schedstat") = '\0';
}

static int64_t read_run_queue_ns(int tid) {
    char path[64], text[96];
    make_path(path, tid);
    long fd = tli_syscall6(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
    if (tli_syscall_failed(fd))
        return -1;
    long length = tli_syscall3(SYS_read, fd, (long)text, sizeof text);
    tli_syscall3(SYS_close, fd, 0, 0);
    return length > 0 ? tli_run_queue_ns(text, (size_t)length) : -1;
}

/* -1 if no thread of this process has that id. */
static int64_t read_cpu_ns(int tid) {
    enum { OF_THREAD = 4, SCHEDULER = 2 }; /* how Linux makes a clock's id of a thread's */
    int clock = (int)(~(unsigned)tid << 3 | OF_THREAD | SCHEDULER);
    struct timespec t;
    if (tli_syscall3(SYS_clock_gettime, clock, (long)&t, 0) != 0)
        return -1;
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t monotonic_ns(void) {
    return (int64_t)tli_now_for(TLI_CLOCK_MONOTONIC);
}

void tli_life_begin(struct tli_life *life) {
    int tid = (int)tli_syscall3(SYS_gettid, 0, 0, 0);
    tli_life_forget(life); /* one whose end was not told */
    int64_t cpu = read_cpu_ns(tid), queue = cpu < WORTH_A_FILE_NS ? 0 : read_run_queue_ns(tid);
    atomic_store(&life->cpu_ns, cpu);
    atomic_store(&life->run_queue_ns, queue);
    atomic_store(&life->wall_ns, monotonic_ns());
    atomic_store(&life->tid, tid);
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* From its beginning until now. False if nobody lives it, or the thread is gone and another one may
 * have its id. */
static bool measure(const struct tli_life *life, struct tally_threads_time *time) {
    int tid = atomic_load(&life->tid);
    if (tid == 0)
        return false;
    int64_t cpu_before = atomic_load(&life->cpu_ns);
    int64_t queue_before = atomic_load(&life->run_queue_ns);
    int64_t wall_before = atomic_load(&life->wall_ns);
    int64_t cpu = read_cpu_ns(tid), wall = monotonic_ns() - wall_before;
    bool worth = queue_before >= 0 && wall >= WORTH_A_FILE_NS;
    int64_t queue = worth ? read_run_queue_ns(tid) : -1;
    if (atomic_load(&life->tid) != tid || cpu_before < 0 || cpu < cpu_before || wall < 0)
        return false;
    cpu = least(cpu - cpu_before, wall);
    bool known = worth && queue >= queue_before;
    *time = (struct tally_threads_time){
        .wall_ns = wall,
        .cpu_ns = cpu,
        .run_queue_ns = known ? least(queue - queue_before, wall - cpu) : 0,
        .unknown_ns = known ? 0 : wall - cpu,
    };
    return true;
}

void tli_life_end(struct tli_life *life) {
    struct tally_threads_time time;
    bool known = measure(life, &time);
    tli_life_forget(life);
    if (!known)
        return;
    atomic_fetch_add(&ended_wall_ns, time.wall_ns);
    atomic_fetch_add(&ended_cpu_ns, time.cpu_ns);
    atomic_fetch_add(&ended_run_queue_ns, time.run_queue_ns);
    atomic_fetch_add(&ended_unknown_ns, time.unknown_ns);
}

void tli_life_forget(struct tli_life *life) {
    atomic_store(&life->tid, 0);
}

void tli_lives_restart(struct tli_life *of_caller) {
    atomic_store(&ended_wall_ns, 0);
    atomic_store(&ended_cpu_ns, 0);
    atomic_store(&ended_run_queue_ns, 0);
    atomic_store(&ended_unknown_ns, 0);
    if (of_caller)
        tli_life_begin(of_caller);
}

struct tally_threads_time tli_threads_time(void) {
    struct tally_threads_time sum = {
        .wall_ns = atomic_load(&ended_wall_ns),
        .cpu_ns = atomic_load(&ended_cpu_ns),
        .run_queue_ns = atomic_load(&ended_run_queue_ns),
        .unknown_ns = atomic_load(&ended_unknown_ns),
    };
    for (struct tli_thread *t = tli_threads(); t; t = t->next) {
        struct tally_threads_time time;
        if (!measure(&t->life, &time))
            continue;
        sum.wall_ns += time.wall_ns;
        sum.cpu_ns += time.cpu_ns;
        sum.run_queue_ns += time.run_queue_ns;
        sum.unknown_ns += time.unknown_ns;
    }
    return sum;
}
