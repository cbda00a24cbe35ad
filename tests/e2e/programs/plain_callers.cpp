/* Leaves frames of a library without Tally by exceptions and longjmp, in both directions. */
// EXPECT edge catches_here call_back_throws 100
// EXPECT edge catches_here caught_here 200
// EXPECT edge main catches_here 100
// EXPECT edge catches_deep_here call_back_throws 100
// EXPECT edge main catches_deep_here 100
// EXPECT calls call_back_throws 200
// EXPECT edge caught_there first_throws 100
// EXPECT edge first_throws deeper 100
// EXPECT edge deeper deepest 100
// EXPECT edge caught_there then_called 300
// EXPECT calls then_called 300
// EXPECT edge caught_there first_goes_home 100
// EXPECT edge first_goes_home goes_home 100
// EXPECT edge caught_there first_returns 100
// EXPECT edge then_called in_then 300
// EXPECT edge caught_there after_there 100
// EXPECT edge main caught_there 100
// EXPECT edge main passes 100
// EXPECT edge passes passed_through 100
// EXPECT edge passes after_passing 100
// EXPECT edge passed_through Guard::~Guard 100
// EXPECT edge main end_of_callers 1
#include "plain_library.h"

#include <cstdio>

#define NOINLINE __attribute__((noinline))

static long events;

NOINLINE static long call_back_throws(long n) {
    if (n >= 0)
        throw n;
    return n;
}

NOINLINE static long caught_here(long n) {
    return n + 1;
}

NOINLINE static long catches_deep_here(long n) {
    try {
        return call_back_deeply(call_back_throws, n, 20);
    } catch (long code) {
        return code + 2;
    }
}

NOINLINE static long catches_here(long n) {
    long sum = 0;
    try {
        sum = call_back(call_back_throws, n);
    } catch (long code) {
        sum = caught_here(code);
    }
    return sum + caught_here(n);
}

NOINLINE static long deepest(long n) {
    if (n >= 0)
        throw n;
    return n;
}
NOINLINE static long deeper(long n) {
    return deepest(n) + 1;
}
NOINLINE static long first_throws(long n) {
    return deeper(n) + 1;
}
NOINLINE static void goes_home(long n) {
    if (n >= 0)
        go_home();
    events++;
}
NOINLINE static long first_goes_home(long n) {
    goes_home(n);
    return n;
}
NOINLINE static long first_returns(long n) {
    return n + 3;
}
NOINLINE static long in_then(long n) {
    return n + 4;
}
NOINLINE static long then_called(long n) {
    return in_then(n) + 5;
}
NOINLINE static long after_there(long n) {
    return n + 6;
}

NOINLINE static long caught_there(long n) {
    long sum = catch_then(first_throws, then_called, n);
    sum += try_then(first_goes_home, then_called, n);
    sum += catch_then(first_returns, then_called, n);
    return sum + after_there(n);
}

struct Guard {
    NOINLINE ~Guard() { events += 7; }
};

NOINLINE static long passed_through(long n) {
    Guard guard;
    return throw_now(n) + 1;
}

NOINLINE static long after_passing(long n) {
    return n + 8;
}

NOINLINE static long passes(long n) {
    return after_passing(throw_below(passed_through, n));
}

NOINLINE static int end_of_callers(int n) {
    return n;
}

int main() {
    for (long i = 0; i < 100; i++)
        events += catches_here(i) + catches_deep_here(i) + caught_there(i) + passes(i);
    std::printf("%ld\n", events);
    return end_of_callers(0);
}
