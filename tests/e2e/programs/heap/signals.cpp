/* Signal handlers that allocate, free and grow blocks while their threads do, at any instruction;
 * with cells.c, which can bear that. The first argument is for how many rounds; others are
 * "alone", for no other threads, and "jumps", for handlers that jump out. What each function
 * allocated in all is printed as NAME=N; all is freed in the end. For test_heap.py. */
#include <atomic>
#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

enum { THREADS = 4, SLOTS = 8, SIGNAL_STACK = 64 << 10, PERIOD_NS = 50000 };

extern "C" unsigned cells_taken(void); /* blocks that live, as the allocator has it */

static std::atomic<unsigned long> in_handlers, in_threads, grown, handled, jumps;
static long rounds;

/* What handlers leave for their thread, and for one another. */
static thread_local std::atomic<void *> mailbox[SLOTS];
static thread_local void *volatile kept;
static thread_local sigjmp_buf home;
static thread_local volatile sig_atomic_t may_jump;

NOINLINE static void *handler_allocates(std::size_t size) {
    in_handlers++;
    return std::malloc(size);
}
NOINLINE static void *handler_grows(void *block) {
    grown++;
    return std::realloc(block, 200);
}
NOINLINE static void *thread_allocates(std::size_t size) {
    in_threads++;
    return size % 2 ? std::malloc(size) : new char[size];
}

static void put_into(unsigned slot, void *block) {
    std::free(mailbox[slot % SLOTS].exchange(block));
}

static void on_signal(int, siginfo_t *, void *) {
    unsigned n = (unsigned)handled++;
    void *block = handler_allocates(n % 100 + 1);
    if (n % 3 == 0)
        block = handler_grows(block);
    if (n % 2)
        put_into(n, block);
    else
        std::free(block);
    if (may_jump && n % 5 == 0) {
        jumps++;
        siglongjmp(home, 1);
    }
}

NOINLINE static void works(unsigned n) {
    void *first = thread_allocates(n % 64 + 1);
    void *second = std::malloc(n % 64 + 1);
    second = std::realloc(second, 100);
    put_into(n, second);
    if (n % 64 % 2)
        ::operator delete[](first);
    else
        std::free(first);
}

/* What a jump interrupts may be lost, so nothing is expected of it but that it ends well. */
NOINLINE static void jumps_out(unsigned n) {
    sigsetjmp(home, 1);
    may_jump = 1;
    for (volatile int i = 0; i < 20; i = i + 1)
        std::free(kept = std::malloc(n % 64 + 1));
    may_jump = 0;
}

static timer_t start_timer() {
    struct sigevent event = {};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGUSR1;
    event._sigev_un._tid = (int)syscall(SYS_gettid);
    timer_t timer;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    struct itimerspec period = {{0, PERIOD_NS}, {0, PERIOD_NS}};
    timer_settime(timer, 0, &period, nullptr);
    return timer;
}

static void *runs(void *argument) {
    bool is_jumping = argument != nullptr;
    static std::atomic<int> started;
    int id = started++;
    /* Each other one has a signal stack; of these some lie above the thread's own. */
    stack_t stack = {};
    stack.ss_size = SIGNAL_STACK;
    stack.ss_sp = mmap(nullptr, SIGNAL_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                       -1, 0);
    if (id % 2)
        sigaltstack(&stack, nullptr);
    timer_t timer = start_timer();
    for (long i = 0; i < rounds; i++)
        if (is_jumping)
            jumps_out((unsigned)i);
        else
            works((unsigned)i);
    timer_delete(timer);
    for (unsigned i = 0; i < SLOTS; i++)
        put_into(i, nullptr);
    return nullptr;
}

int main(int argc, char **argv) {
    rounds = argc > 1 ? std::atol(argv[1]) : 10000;
    bool is_alone = false, is_jumping = false;
    for (int i = 2; i < argc; i++) {
        is_alone |= std::strcmp(argv[i], "alone") == 0;
        is_jumping |= std::strcmp(argv[i], "jumps") == 0;
    }
    struct sigaction action = {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    sigaction(SIGUSR1, &action, nullptr);
    void *argument = is_jumping ? &jumps : nullptr;
    pthread_t threads[THREADS];
    if (is_alone)
        runs(argument);
    for (int i = 0; !is_alone && i < THREADS; i++)
        pthread_create(&threads[i], nullptr, runs, argument);
    for (int i = 0; !is_alone && i < THREADS; i++)
        pthread_join(threads[i], nullptr);
    std::printf("handler_allocates=%lu\nhandler_grows=%lu\nthread_allocates=%lu\n"
                "signals=%lu\njumps=%lu\ncells=%u\n",
                in_handlers.load(), grown.load(), in_threads.load(), handled.load(), jumps.load(),
                cells_taken());
    return 0;
}
