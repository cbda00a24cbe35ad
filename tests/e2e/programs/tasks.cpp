// Coroutines that wait for each other: nested, transferred to without growing the stack, left by
// exceptions, destroyed while they are suspended. (gcc 12 fails to compile it with -O2 and hooks.)
// GROUP coroutines
// MATRIX usual
// FLAGS -std=c++20
// COMPILERS clang-16 clang-19
// LOSSES exits_unmatched
// EXPECT calls leaf_work 330
// EXPECT calls middle_work 30
// EXPECT calls after_tasks 30
// EXPECT callers after_tasks main
// EXPECT calls Task::promise_type::return_value 530
// EXPECT calls Task::promise_type::unhandled_exception 20
// EXPECT calls Task::Final::await_suspend 550
// EXPECT calls fails 20
// EXPECT calls handled 20
// EXPECT calls Guard::Guard 160
// EXPECT calls Guard::~Guard 160
// EXPECT calls long_chain_work 150
// EXPECT calls counts_up 90
// EXPECT edge main drops 10
// EXPECT edge drops Task::~Task 10
#include <coroutine>
#include <cstdio>
#include <exception>

#define NOINLINE __attribute__((noinline))

static long events;

struct Task {
    struct promise_type;
    using Handle = std::coroutine_handle<promise_type>;

    struct Final {
        bool await_ready() noexcept { return false; }
        NOINLINE std::coroutine_handle<> await_suspend(Handle done) noexcept;
        void await_resume() noexcept {}
    };
    struct promise_type {
        int value = 0;
        std::exception_ptr failure;
        std::coroutine_handle<> waiting = std::noop_coroutine();
        Task get_return_object() { return Task{Handle::from_promise(*this)}; }
        std::suspend_always initial_suspend() { return {}; }
        Final final_suspend() noexcept { return {}; }
        NOINLINE void return_value(int n) { value = n; }
        NOINLINE void unhandled_exception() { failure = std::current_exception(); }
    };

    Handle handle;
    explicit Task(Handle h) : handle(h) {}
    Task(Task &&other) noexcept : handle(other.handle) { other.handle = nullptr; }
    NOINLINE ~Task() {
        if (handle)
            handle.destroy();
    }
    bool await_ready() { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> by) {
        handle.promise().waiting = by;
        return handle;
    }
    int await_resume() {
        if (handle.promise().failure)
            std::rethrow_exception(handle.promise().failure);
        return handle.promise().value;
    }
    int run() {
        handle.resume();
        return handle.done() ? await_resume() : -1;
    }
};

std::coroutine_handle<> Task::Final::await_suspend(Handle done) noexcept {
    return done.promise().waiting;
}

struct Guard {
    NOINLINE Guard() { events++; }
    NOINLINE ~Guard() { events += 2; }
};

NOINLINE static int leaf_work(int n) {
    return n + 1;
}
NOINLINE static int middle_work(int n) {
    return n * 2;
}
NOINLINE static int after_tasks(int n) {
    return n + 3;
}

static Task leaf(int n) {
    co_return leaf_work(n);
}

/* Waits for ten others, one after the other. */
static Task middle(int n) {
    int sum = middle_work(n);
    for (int i = 0; i < 10; i++)
        sum += co_await leaf(i);
    co_return sum;
}

static Task top(int n) {
    Guard guard;
    const int below = co_await middle(n);
    co_return below + leaf_work(n);
}

NOINLINE static int fails(int n) {
    if (n >= 0)
        throw n;
    return n;
}
NOINLINE static int handled(int n) {
    return n + 4;
}

static Task failing(int n) {
    Guard guard;
    const int result = fails(n);
    co_return result;
}

static Task catching(int n) {
    int caught = 0;
    try {
        co_await failing(n);
    } catch (int code) {
        caught = code;
    }
    co_return handled(caught);
}

NOINLINE static int long_chain_work(int n) {
    return n + 5;
}

static Task chain(int depth) {
    const int here = long_chain_work(depth);
    if (depth == 0)
        co_return here;
    const int below = co_await chain(depth - 1);
    co_return below + here;
}

NOINLINE static int counts_up(int n) {
    return n + 6;
}

/* Suspends in the middle of what it does, for good. */
static Task never_ends(int n) {
    Guard first, second;
    for (int i = 0;; i++) {
        Guard third;
        events += counts_up(n);
        if (i == 8)
            co_await std::suspend_always();
    }
}

NOINLINE static int drops(int n) {
    Task task = never_ends(n);
    return task.run();
}

int main() {
    for (int i = 0; i < 30; i++) {
        events += top(i).run();
        events += after_tasks(i);
    }
    for (int i = 0; i < 20; i++)
        events += catching(i).run();
    for (int i = 0; i < 10; i++)
        events += chain(14).run();
    for (int i = 0; i < 10; i++)
        events += drops(i);
    std::printf("%ld\n", events);
    return 0;
}
