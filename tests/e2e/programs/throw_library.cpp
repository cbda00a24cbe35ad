// Exceptions through code that is not instrumented: the C library's sort, search and call_once, and
// libstdc++, which also catches them itself and then calls instrumented code again.
// GROUP unwinding
// MATRIX few
// FLAGS -std=c++17 -pthread
// LOSSES exits_unmatched
// EXPECT[plugin] run losses.exits_unmatched 0
// EXPECT calls compares 500
// EXPECT calls compares_elements stdout:compared
// EXPECT edge searches found_by_throw 100
// EXPECT edge searches_tree found_in_tree 100
// EXPECT calls visits stdout:visited
// EXPECT calls fails_first 40
// EXPECT edge calls_once once_failed 30
// EXPECT edge calls_once once_done 10
// EXPECT edge sorts sort_failed 50
// EXPECT edge main after_sorts 50
// EXPECT edge calls_function function_failed 60
// EXPECT calls stored* 60
// EXPECT edge calls_function after_function 60
// EXPECT calls Faulty::overflow 300
// EXPECT edge prints Faulty::overflow 200
// EXPECT edge prints Faulty::sync 200
// EXPECT edge prints after_print 100
// EXPECT edge main prints 100
// EXPECT edge main after_prints 100
// EXPECT edge prints_twice Faulty::overflow 100
// EXPECT edge prints_twice print_failed 100
// EXPECT edge reads Empty::underflow 70
// EXPECT edge reads after_read 70
// EXPECT callers Empty::underflow reads
// EXPECT edge main end_of_library 1
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <istream>
#include <mutex>
#include <ostream>
#include <search.h>
#include <vector>

#define NOINLINE __attribute__((noinline))

static long events;
static int compared, visited;

struct Failed {
    int code;
};

NOINLINE static int compares(const void *a, const void *b) {
    int x = *static_cast<const int *>(a), y = *static_cast<const int *>(b);
    if (x == 11)
        throw Failed{y};
    return x < y ? -1 : x > y;
}

NOINLINE static int found_by_throw(int n) {
    return n + 1;
}

/* The library's own, not the one that its header lends the optimiser. */
static void *(*const volatile library_bsearch)(const void *, const void *, size_t, size_t,
                                               int (*)(const void *, const void *)) = bsearch;

/* Four comparisons to look for 17 in vain, one to fail at once. */
NOINLINE static int searches() {
    static const int sorted[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16};
    try {
        const int missing = 17, failing = 11;
        events += library_bsearch(&missing, sorted, 16, sizeof *sorted, compares) != nullptr;
        library_bsearch(&failing, sorted, 16, sizeof *sorted, compares);
    } catch (const Failed &failed) {
        return found_by_throw(failed.code);
    }
    return 0;
}

NOINLINE static int ordered(const void *a, const void *b) {
    return static_cast<const char *>(a) < static_cast<const char *>(b) ? -1 : a != b;
}

NOINLINE static void visits(const void *node, VISIT visit, int depth) {
    visited++;
    if (visit == leaf && depth)
        throw Failed{node != nullptr};
}

NOINLINE static int found_in_tree(int n) {
    return n + 2;
}

NOINLINE static int searches_tree() {
    static char keys[8];
    static void *root;
    for (char &key : keys)
        tsearch(&key, &root, ordered);
    try {
        twalk(root, visits);
    } catch (const Failed &failed) {
        return found_in_tree(failed.code);
    }
    return 0;
}

NOINLINE static void fails_first(int n) {
    if (n % 4 != 3)
        throw Failed{n};
    events++;
}

NOINLINE static int once_failed(int n) {
    return n + 3;
}
NOINLINE static int once_done(int n) {
    return n + 4;
}

/* Tried until it succeeds, then never again. */
NOINLINE static int calls_once(std::once_flag &flag, int n) {
    try {
        std::call_once(flag, fails_first, n);
    } catch (const Failed &failed) {
        return once_failed(failed.code);
    }
    return n % 4 == 3 ? once_done(n) : 0;
}

NOINLINE static bool compares_elements(int a, int b) {
    if (++compared % 64 == 0)
        throw Failed{a};
    return a < b;
}

NOINLINE static int sort_failed(int n) {
    return n + 5;
}
NOINLINE static int after_sorts(int n) {
    return n + 6;
}

/* 40 different numbers take more than 64 comparisons. */
NOINLINE static int sorts(int n) {
    std::vector<int> values;
    for (int i = 0; i < 40; i++)
        values.push_back((i * 17 + n) % 41);
    try {
        std::sort(values.begin(), values.end(), compares_elements);
    } catch (const Failed &failed) {
        compared = compared / 64 * 64;
        return sort_failed(failed.code);
    }
    return 0;
}

NOINLINE static int stored(int n) {
    throw Failed{n};
}

NOINLINE static int function_failed(int n) {
    return n + 7;
}
NOINLINE static int after_function(int n) {
    return n + 8;
}

NOINLINE static int calls_function(const std::function<int(int)> &function, int n) {
    int result = 0;
    try {
        result = function(n);
    } catch (const Failed &failed) {
        result = function_failed(failed.code);
    }
    return result + after_function(n);
}

/* libstdc++ catches what it throws, and notes it in the stream's state. */
struct Faulty : std::streambuf {
    bool faulty = true;
    NOINLINE int overflow(int c) override {
        events += c;
        if (faulty)
            throw Failed{c};
        return c;
    }
    NOINLINE int sync() override {
        events++;
        return 0;
    }
};

NOINLINE static int after_print(int n) {
    return n + 9;
}
NOINLINE static int after_prints(int n) {
    return n + 10;
}
NOINLINE static int print_failed(int n) {
    return n + 11;
}

/* The first number fails and is caught inside, from where sync is called. Then another is printed. */
NOINLINE static int prints(int n) {
    Faulty buffer;
    std::ostream out(&buffer);
    out << std::unitbuf << n % 10;
    buffer.faulty = false;
    out.clear();
    out << n % 10;
    return after_print(n) + out.good();
}

/* It is told to throw on: caught inside, and thrown again from there. */
NOINLINE static int prints_twice(int n) {
    Faulty buffer;
    std::ostream out(&buffer);
    out.exceptions(std::ios::badbit);
    try {
        out << n % 10;
    } catch (const Failed &failed) {
        return print_failed(failed.code);
    }
    return 0;
}

struct Empty : std::streambuf {
    NOINLINE int underflow() override { throw Failed{1}; }
};

NOINLINE static int after_read(int n) {
    return n + 12;
}

NOINLINE static int reads(int n) {
    Empty buffer;
    std::istream in(&buffer);
    in >> n;
    return after_read(in.bad());
}

NOINLINE static int end_of_library(int n) {
    return n;
}

int main() {
    for (int i = 0; i < 100; i++)
        events += searches();
    for (int i = 0; i < 100; i++)
        events += searches_tree();
    for (int i = 0; i < 10; i++) {
        std::once_flag flag;
        for (int k = 0; k < 6; k++)
            events += calls_once(flag, k);
    }
    for (int i = 0; i < 50; i++) {
        events += sorts(i);
        events += after_sorts(i);
    }
    for (int i = 0; i < 60; i++)
        events += calls_function(stored, i);
    for (int i = 0; i < 100; i++) {
        events += prints(i);
        events += after_prints(i);
    }
    for (int i = 0; i < 100; i++)
        events += prints_twice(i);
    for (int i = 0; i < 70; i++)
        events += reads(i);
    std::printf("%ld\ncompared=%d\nvisited=%d\n", events, compared, visited);
    return end_of_library(0);
}
