// Exceptions between threads, and what unwinds a thread's stack without being one: cancellation and
// pthread_exit run destructors too. Thread-local objects are destroyed after everything else.
// GROUP unwinding
// MATRIX few
// FLAGS -std=c++17 -pthread
// LOSSES exits_unmatched
// EXPECT[plugin] run losses.exits_unmatched 0
// EXPECT calls fails 280
// EXPECT callers fails computes Last::~Last
// EXPECT edge catches_future future_failed 40
// EXPECT edge main catches_future 40
// EXPECT edge in_thread computes 100
// EXPECT edge in_thread keeps 100
// EXPECT edge throws_other thrown_here 100
// EXPECT edge main throws_other 100
// EXPECT calls Last::Last 140
// EXPECT calls Last::~Last 140
// EXPECT callers Last::~Last -
// EXPECT edge Last::~Last last_caught 140
// EXPECT calls Guard::Guard 340
// EXPECT calls Guard::~Guard 340
// EXPECT edge exits_deep ends_thread 40
// EXPECT edge exits_deep exits_deep 400
// EXPECT edge exits_deep Guard::~Guard 80
// EXPECT edge waits_deep waits_deep 200
// EXPECT edge waits_deep Guard::~Guard 220
// EXPECT edge Guard::~Guard from_guard 340
// EXPECT edge catches_cancel Guard::~Guard 20
// EXPECT edge after_cancel Guard::~Guard 20
// EXPECT edge catches_cancel after_cancel 20
#include <cstdio>
#include <exception>
#include <future>
#include <pthread.h>
#include <semaphore.h>
#include <thread>

#define NOINLINE __attribute__((noinline))

static std::atomic<long> events;

struct Failed {
    int code;
};

NOINLINE static int fails(int n) {
    throw Failed{n};
}

NOINLINE static int last_caught(int n) {
    return n + 1;
}

/* Destroyed when its thread ends, with an exception of its own. */
struct Last {
    int n = 0;
    NOINLINE Last() { events += 1; }
    NOINLINE ~Last() {
        try {
            events += fails(n);
        } catch (const Failed &failed) {
            events += last_caught(failed.code);
        }
    }
};
static thread_local Last last;

NOINLINE static int computes(int n) {
    last.n = n;
    return fails(n);
}

NOINLINE static int future_failed(int n) {
    return n + 2;
}

NOINLINE static int catches_future(int n) {
    std::future<int> future = std::async(std::launch::async, computes, n);
    try {
        return future.get();
    } catch (const Failed &failed) {
        return future_failed(failed.code);
    }
}

NOINLINE static std::exception_ptr keeps() {
    return std::current_exception();
}

static void in_thread(std::exception_ptr *kept, int n) {
    try {
        computes(n);
    } catch (...) {
        *kept = keeps();
    }
}

NOINLINE static int thrown_here(int n) {
    return n + 3;
}

NOINLINE static int throws_other(const std::exception_ptr &kept) {
    try {
        std::rethrow_exception(kept);
    } catch (const Failed &failed) {
        return thrown_here(failed.code);
    }
}

NOINLINE static void from_guard() {
    events += 5;
}

struct Guard {
    int n;
    NOINLINE explicit Guard(int k) : n(k) {}
    NOINLINE ~Guard() { from_guard(); }
};

NOINLINE static int ends_thread(long is_time) {
    if (is_time)
        pthread_exit(nullptr);
    return 0;
}

NOINLINE static int exits_deep(int depth) {
    if (depth == 0)
        return ends_thread(events);
    if (depth % 5)
        return exits_deep(depth - 1) + 1;
    Guard guard(depth);
    return exits_deep(depth - 1) + guard.n;
}

static void *exits(void *) {
    events += exits_deep(10);
    return nullptr;
}

static sem_t waiting, never;

NOINLINE static int waits_deep(int depth) {
    Guard guard(depth);
    if (depth)
        return waits_deep(depth - 1) + guard.n;
    sem_post(&waiting);
    sem_wait(&never);
    return 0;
}

NOINLINE static void after_cancel() {
    Guard guard(1);
    events += 11;
}

/* catch (...) sees a cancellation and must let it go on. */
NOINLINE static int catches_cancel() {
    Guard guard(2);
    try {
        return waits_deep(10);
    } catch (...) {
        after_cancel();
        throw;
    }
}

static void *waits(void *) {
    events += catches_cancel();
    return nullptr;
}

static void *joined(pthread_t thread) {
    void *result = nullptr;
    pthread_join(thread, &result);
    return result;
}

int main() {
    for (int i = 0; i < 40; i++)
        events += catches_future(i);
    for (int i = 0; i < 100; i++) {
        std::exception_ptr kept;
        std::thread(in_thread, &kept, i).join();
        events += throws_other(kept);
    }
    for (int i = 0; i < 40; i++) {
        pthread_t thread;
        pthread_create(&thread, nullptr, exits, nullptr);
        joined(thread);
    }
    sem_init(&waiting, 0, 0);
    sem_init(&never, 0, 0);
    for (int i = 0; i < 20; i++) {
        pthread_t thread;
        pthread_create(&thread, nullptr, waits, nullptr);
        sem_wait(&waiting);
        pthread_cancel(thread);
        if (joined(thread) != PTHREAD_CANCELED)
            return 1;
    }
    std::printf("%ld\n", events.load());
    return 0;
}
