// Exceptions caught in the middle of the stack, rethrown, crossing code that is not instrumented.
// GROUP unwinding
// LOSSES exits_unmatched
// EXPECT calls dive 11000
// EXPECT edge middle dive 1000
// EXPECT edge dive dive 10000
// EXPECT callers after_catch middle
// EXPECT calls after_catch 1000
// EXPECT callers after_rethrow rethrows
// EXPECT calls after_rethrow 1000
// EXPECT callers after_return main
// EXPECT calls Guard::Guard 11000
// EXPECT calls Guard::~Guard 11000
// EXPECT callers Guard::~Guard dive
// EXPECT callers from_destructor Guard::~Guard
// EXPECT calls throws_while_sorting stdout:compared
// EXPECT callers after_sort catches_from_sort
// EXPECT[plugin] run losses.exits_unmatched 0
#include <cstdio>
#include <cstdlib>

#define NOINLINE __attribute__((noinline))

static int destroyed, compared;

NOINLINE static void from_destructor() {
    destroyed++;
}

struct Guard {
    int kept;
    NOINLINE explicit Guard(int n) : kept(n) {}
    NOINLINE ~Guard() { from_destructor(); }
};

NOINLINE static int dive(int depth) {
    Guard guard(depth);
    if (depth == 0)
        throw depth;
    return dive(depth - 1) + guard.kept;
}

NOINLINE static int after_catch(int n) {
    return n + destroyed;
}

NOINLINE static int middle(int n) {
    try {
        return dive(10);
    } catch (long) {
        return 1;
    } catch (int) {
        if (after_catch(n) % 2)
            throw;
        throw 2.5;
    }
}

NOINLINE static int after_rethrow(int n) {
    return n * 2;
}

NOINLINE static int rethrows(int n) {
    int sum = 0;
    try {
        sum = middle(n);
    } catch (...) {
        sum = 3;
    }
    return sum + after_rethrow(n);
}

NOINLINE static int after_return(int n) {
    return n + 1;
}

NOINLINE static int throws_while_sorting(const void *a, const void *b) {
    if (++compared % 7 == 0)
        throw compared;
    return *static_cast<const int *>(a) - *static_cast<const int *>(b);
}

NOINLINE static int after_sort(int n) {
    return n;
}

/* The comparator throws through qsort, which the C library is built for. */
NOINLINE static int catches_from_sort() {
    int values[] = {9, 2, 7, 4, 5, 6, 3, 8};
    try {
        qsort(values, 8, sizeof *values, throws_while_sorting);
    } catch (int) {
        return after_sort(compared);
    }
    return after_sort(0);
}

int main() {
    long sum = 0;
    for (int i = 0; i < 1000; i++) {
        sum += rethrows(i);
        sum += after_return(i);
    }
    for (int i = 0; i < 20; i++)
        sum += catches_from_sort();
    std::printf("%ld %d\ncompared=%d\n", sum, destroyed, compared);
    return 0;
}
