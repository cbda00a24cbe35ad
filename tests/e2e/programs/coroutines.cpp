// Coroutines, which compilers cut into a part that starts them and one that resumes them.
// GROUP coroutines
// FLAGS -std=c++20
// COMPILERS clang-16 clang-19 gcc
// EXPECT calls work 1000
// EXPECT calls Generator::promise_type::yield_value 1000
// EXPECT calls Generator::promise_type::initial_suspend 10
// EXPECT calls Generator::promise_type::return_void 10
// EXPECT calls after 10
// EXPECT callers after main
#include <coroutine>
#include <cstdio>

struct Generator {
    struct promise_type {
        int value;
        Generator get_return_object() {
            return {std::coroutine_handle<promise_type>::from_promise(*this)};
        }
        std::suspend_always initial_suspend() { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always yield_value(int n) {
            value = n;
            return {};
        }
        void return_void() {}
        void unhandled_exception() {}
    };
    std::coroutine_handle<promise_type> handle;
};

__attribute__((noinline)) static int work(int n) {
    return n * 2;
}

static Generator generate(int n) {
    for (int i = 0; i < n; i++)
        co_yield work(i);
}

__attribute__((noinline)) static int after(int n) {
    return n + 1;
}

int main() {
    long sum = 0;
    for (int round = 0; round < 10; round++) {
        Generator generator = generate(100);
        for (generator.handle.resume(); !generator.handle.done(); generator.handle.resume())
            sum += generator.handle.promise().value;
        generator.handle.destroy();
        sum += after(round);
    }
    std::printf("%ld\n", sum);
    return 0;
}
