/* Ends as its argument says: in the ways C++ has of giving up. */
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <thread>

#define NOINLINE __attribute__((noinline))

static int events;

NOINLINE static void counted() {
    events++;
}

struct Guard {
    NOINLINE ~Guard() { counted(); }
};

NOINLINE static void thrower(int depth) {
    counted();
    if (depth == 0)
        throw std::runtime_error("nobody catches this");
    thrower(depth - 1);
    counted();
}

NOINLINE static void promises_not_to() noexcept {
    thrower(5);
}

NOINLINE static void breaks_promise() {
    Guard guard;
    promises_not_to();
}

NOINLINE static void uncaught() {
    thrower(5);
}

struct ThrowsInDestructor {
    NOINLINE ~ThrowsInDestructor() noexcept(false) { thrower(5); }
};

NOINLINE static void throws_twice() {
    try {
        ThrowsInDestructor guard;
        thrower(5);
    } catch (const std::runtime_error &) {
        counted();
    }
}

NOINLINE static void rethrows_nothing() {
    counted();
    throw;
}

NOINLINE static void in_thread() {
    std::thread(thrower, 5).join();
}

NOINLINE static void not_joined() {
    std::thread thread(counted);
    while (!*const_cast<volatile int *>(&events))
        ;
}

[[noreturn]] NOINLINE static void exits() {
    counted();
    std::_Exit(7);
}

[[noreturn]] NOINLINE static void exits_in_order() {
    counted();
    std::exit(8);
}

[[noreturn]] NOINLINE static void looks_and_aborts() {
    try {
        std::rethrow_exception(std::current_exception());
    } catch (const std::exception &error) {
        counted();
        std::printf("%s\n", error.what());
    }
    std::fflush(stdout);
    std::abort();
}

struct Base {
    NOINLINE Base() { calls_virtual(); }
    NOINLINE void calls_virtual() {
        counted();
        is_pure();
    }
    virtual void is_pure() = 0;
};
struct Derived : Base {
    void is_pure() override { counted(); }
};

NOINLINE static void calls_pure() {
    Derived derived;
}

static const struct {
    const char *name;
    void (*run)();
    std::terminate_handler handler;
} ways[] = {
    {"noexcept", breaks_promise, nullptr},
    {"uncaught", uncaught, nullptr},
    {"twice", throws_twice, nullptr},
    {"nothing", rethrows_nothing, nullptr},
    {"thread", in_thread, nullptr},
    {"not_joined", not_joined, nullptr},
    {"pure", calls_pure, nullptr},
    {"handler_exits", uncaught, exits},
    {"handler_exits_in_order", breaks_promise, exits_in_order},
    {"handler_looks", uncaught, looks_and_aborts},
};

int main(int, char **arguments) {
    for (const auto &way : ways) {
        if (std::strcmp(arguments[1], way.name) != 0)
            continue;
        if (way.handler)
            std::set_terminate(way.handler);
        way.run();
    }
    return 0;
}
