// longjmp in C++: over frames with nothing to destroy, out of handlers of exceptions and of loops,
// beside exceptions that go over the same frames.
// GROUP unwinding
// FLAGS -std=c++17
// MATRIX usual
// LOSSES exits_unmatched
// EXPECT[plugin] run losses.exits_unmatched 0
// EXPECT edge main lands 60
// EXPECT edge lands method_chain<*> 60
// EXPECT calls method_chain<*> 240
// EXPECT calls Jumper::jump 60
// EXPECT edge lands landed 60
// EXPECT edge main mixes 90
// EXPECT edge mixes dives 180
// EXPECT calls dives 1080
// EXPECT edge mixes after_catch 90
// EXPECT edge mixes after_jump 90
// EXPECT edge main jumps_from_handler 50
// EXPECT edge jumps_from_handler fails 50
// EXPECT edge jumps_from_handler in_handler 50
// EXPECT edge jumps_from_handler after_handler 50
// EXPECT edge main retries 20
// EXPECT edge retries attempt 100
// EXPECT edge retries succeeded 20
// EXPECT edge main end_of_jumps 1
#include <csetjmp>
#include <cstdio>

#define NOINLINE __attribute__((noinline))

static std::jmp_buf home;
static long events;

struct Jumper {
    int n;
    NOINLINE virtual void jump() {
        if (n >= 0)
            std::longjmp(home, n + 1);
    }
};

template <int N> NOINLINE void method_chain(Jumper &jumper) {
    if constexpr (N)
        method_chain<N - 1>(jumper);
    else
        jumper.jump();
    events++;
}

NOINLINE static int landed(int n) {
    return n + 1;
}

NOINLINE static int lands(int n) {
    Jumper jumper;
    jumper.n = n;
    const int got = setjmp(home);
    if (got == 0)
        method_chain<3>(jumper);
    return landed(got);
}

/* The bottom throws what is odd, and jumps otherwise. */
NOINLINE static int dives(int n, int depth) {
    if (depth == 0) {
        if (n % 2)
            throw n;
        std::longjmp(home, 1);
    }
    return dives(n, depth - 1) + 1;
}

NOINLINE static int after_catch(int n) {
    return n + 2;
}
NOINLINE static int after_jump(int n) {
    return n + 3;
}

NOINLINE static int mixes(int n) {
    volatile int result = 0;
    try {
        dives(n * 2 + 1, 5);
    } catch (int code) {
        result = after_catch(code);
    }
    if (setjmp(home) == 0)
        dives(n * 2, 5);
    return result + after_jump(n);
}

NOINLINE static int fails(int n) {
    if (n >= 0)
        throw n;
    return n;
}
NOINLINE static int in_handler(int n) {
    return n + 4;
}
NOINLINE static int after_handler(int n) {
    return n + 5;
}

/* A goto leaves the handler, as the end of the exception's life needs it. */
NOINLINE static int jumps_from_handler(int n) {
    int sum = 0;
    try {
        sum = fails(n);
    } catch (int code) {
        sum = in_handler(code);
        goto out;
    }
    sum++;
out:
    return sum + after_handler(n);
}

NOINLINE static void attempt(int n) {
    if (n < 4)
        std::longjmp(home, n + 1);
}
NOINLINE static int succeeded(int n) {
    return n + 6;
}

NOINLINE static int retries() {
    const int n = setjmp(home);
    attempt(n);
    return succeeded(n);
}

NOINLINE static int end_of_jumps(int n) {
    return n;
}

int main() {
    for (int i = 0; i < 60; i++)
        events += lands(i);
    for (int i = 0; i < 90; i++)
        events += mixes(i);
    for (int i = 0; i < 50; i++)
        events += jumps_from_handler(i);
    for (int i = 0; i < 20; i++)
        events += retries();
    std::printf("%ld\n", events);
    return end_of_jumps(0);
}
