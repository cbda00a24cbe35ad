// Two versions of one program, the newer with -DNEWER. test_versions.py knows what they differ in.
// FLAGS -std=c++17
#include "versions.h"

#include <cstdio>

template <class F> int apply(F f, int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += f(i);
    return sum;
}

static int helper(int x) {
    return x + 1;
}

static int read_page(int page) {
    return helper(page) * 2;
}

static int check_page(int page) {
    return page ^ 5;
}

// Renamed: who calls it, whom it calls, and how often, is the same.
#ifdef NEWER
static int fetch_and_check(int page) {
#else
static int load_page(int page) {
#endif
    return read_page(page) + check_page(page);
}

static int area(int side) {
    return side * side;
}

#ifdef NEWER
static int area(double side) { // an overload, added
    return (int)(side * side);
}
#endif

static int summed(int n) { // tail recursion
    return n == 0 ? 0 : n + summed(n - 1);
}

#ifdef NEWER
static int only_in_new(int x) {
    return x - 2;
}
#else
static int only_in_old(int x) {
    return x - 2;
}
#endif

static int lambdas(int n) {
#ifdef NEWER
    auto added = [](int x) { return x * 9; };
    n += apply(added, 2) & 1;
#endif
    auto first = [=](int x) { return helper(x) + n; };
    auto second = [=](int x) { return check_page(x) + n; };
    return apply(first, 7) + apply(second, 11);
}

int main(int argc, char **) {
    int sum = other_file(argc) + summed(20) + lambdas(0);
    for (int page = 0; page < 40; page++)
#ifdef NEWER
        sum += fetch_and_check(page);
#else
        sum += load_page(page);
#endif
#ifdef NEWER
    sum += area(2.5) + apply(only_in_new, 3) + helper(1);
#else
    sum += only_in_old(argc);
#endif
    sum += area(argc);
    printf("%d\n", sum != 0);
    return 0;
}
