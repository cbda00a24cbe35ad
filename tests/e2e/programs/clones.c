// What optimisers make several functions of, or one of several: parts split off, copies made for
// one argument, cold halves, equal functions, vector loops, unrolled loops, flattened calls. And
// tail recursion as loops: with sums, between two functions, several ways round.
// GROUP inlined
// WITH clones_other.c
// EXPECT calls has_rare_half 4000
// EXPECT edge calls_parted has_rare_half 3000
// EXPECT edge calls_parted_too has_rare_half 1000
// EXPECT calls rare 40
// EXPECT[g] callers rare has_rare_half
// EXPECT calls specialised 5000
// EXPECT linkage specialised specialised
// EXPECT linkage has_rare_half has_rare_half
// EXPECT edge specialises specialised 4000
// EXPECT edge by_pointer specialised 1000
// EXPECT calls by_reference 700
// EXPECT edge passes_reference by_reference 700
// EXPECT calls twin_one 300
// EXPECT calls twin_two 500
// EXPECT calls twin_three 700
// EXPECT edge calls_twins twin_one 300
// EXPECT edge calls_twins twin_two 500
// EXPECT edge twin_one twin_leaf 300
// EXPECT edge twin_two twin_leaf 500
// EXPECT edge twin_three twin_leaf 700
// EXPECT calls clamp 20480
// EXPECT edge vectorised clamp 20480
// EXPECT line vectorised clamp @clamped
// EXPECT calls triple 10240
// EXPECT edge conditional_vector triple 10240
// EXPECT calls unrolled_leaf 3500
// EXPECT edge unrolled unrolled_leaf 3500
// EXPECT calls flat_1 300
// EXPECT calls flat_2 600
// EXPECT edge flattened flat_1 300
// EXPECT[g] edge flat_1 flat_2 600
// EXPECT calls outlined 800
// EXPECT calls must_inline 800
// EXPECT edge outlined must_inline 800
// EXPECT calls summed 100100
// EXPECT edge main summed 100
// EXPECT edge summed summed 100000
// EXPECT calls product 2100
// EXPECT edge product product 2000
// EXPECT calls ping 5100
// EXPECT calls pong 5000
// EXPECT edge ping pong 5000
// EXPECT edge pong ping 5000
// EXPECT calls ackermann stdout:ackermann
// EXPECT edge main ackermann 3
// EXPECT calls hanoi 16382
// EXPECT edge hanoi hanoi 16380
// EXPECT edge hanoi move 8190
// EXPECT calls search stdout:search
// EXPECT edge main search 200
// EXPECT calls cold 16
// EXPECT calls hot 1600
// EXPECT edge hot cold 16
// EXPECT[!gcc] calls old_inline 90
// EXPECT[!gcc] edge main old_inline 90
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

static volatile int sink;

/* Small in front, large behind: the large half becomes a function of its own. */
static void rare(int n) {
    for (int i = 0; i < n % 7; i++)
        sink += n ^ sink;
}

static int has_rare_half(int n) {
    if (__builtin_expect(n % 100 != 0, 1))
        return n + 1;
    rare(n);
    printf("%s", sink == 12345 ? "never\n" : "");
    sink += n * 3;
    sink ^= n * 5;
    sink -= n * 7;
    return sink;
}

NOINLINE static int calls_parted(void) {
    int sum = 0;
    for (int i = 0; i < 3000; i++)
        sum += has_rare_half(i);
    return sum;
}

NOINLINE static int calls_parted_too(void) {
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += has_rare_half(i) * 2;
    return sum;
}

/* Called with a constant, and by pointer with others. */
NOINLINE static int specialised(int n, int kind, int unused) {
    (void)unused;
    switch (kind) {
    case 1:
        return n * 3;
    case 2:
        return n / 3 + sink;
    default:
        return n ^ kind;
    }
}

static int (*volatile to_specialised)(int, int, int) = specialised;

NOINLINE static int specialises(void) {
    int sum = 0;
    for (int i = 0; i < 2000; i++)
        sum += specialised(i, 1, i) + specialised(i, 2, -i);
    return sum;
}

NOINLINE static int by_pointer(void) {
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += to_specialised(i, i % 5, 0);
    return sum;
}

NOINLINE static int by_reference(const int *n, const int *m) {
    return *n * *m + sink;
}

NOINLINE static int passes_reference(void) {
    int sum = 0;
    for (int i = 0; i < 700; i++) {
        int twice = 2 * i;
        sum += by_reference(&i, &twice);
    }
    return sum;
}

/* Equal to the last instruction. */
NOINLINE static int twin_leaf(int n) {
    return n * 11 + sink;
}
NOINLINE static int twin_one(int n) {
    return twin_leaf(n + 1) * 3 + 5;
}
NOINLINE static int twin_two(int n) {
    return twin_leaf(n + 1) * 3 + 5;
}
NOINLINE int twin_three(int n);
int twin_three(int n) {
    return twin_leaf(n + 1) * 3 + 5;
}

NOINLINE static int calls_twins(void) {
    int sum = 0;
    for (int i = 0; i < 300; i++)
        sum += twin_one(i);
    for (int i = 0; i < 500; i++)
        sum += twin_two(i);
    for (int i = 0; i < 700; i++)
        sum += twin_three(i);
    return sum;
}

enum { LENGTH = 10240 };
static float floats[LENGTH], results[LENGTH];

static inline float clamp(float x) {
    return x < 0 ? 0 : x > 1 ? 1 : x;
}

NOINLINE static void vectorised(void) {
    for (int i = 0; i < LENGTH; i++)
        results[i] = clamp(floats[i] * 3 - 1); // @clamped
}

static int triple(int n) {
    return n * 3;
}

NOINLINE static int conditional_vector(const int *restrict values) {
    int sum = 0;
    for (int i = 0; i < LENGTH; i++)
        if (values[i] & 1)
            sum += triple(values[i]);
    return sum;
}

static int unrolled_leaf(int n) {
    return n * 5 + 1;
}

NOINLINE static int unrolled(int times) {
    int sum = 0;
#pragma GCC unroll 4
    for (int i = 0; i < times; i++)
        sum ^= unrolled_leaf(sum + i);
    for (int i = 0; i < 5; i++)
        sum ^= unrolled_leaf(sum - i);
    return sum;
}

static int flat_2(int n) {
    return n * 7 + sink;
}
static int flat_1(int n) {
    return flat_2(n) + flat_2(n + 1) * 0;
}
__attribute__((flatten, noinline)) static int flattened(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += flat_1(i);
    return sum;
}

__attribute__((always_inline)) static inline int must_inline(int n) {
    return n - 3;
}
NOINLINE static int outlined(int n) {
    return must_inline(n) * 2;
}

static int summed(int n) {
    return n == 0 ? 0 : n + summed(n - 1);
}

NOINLINE static unsigned product(unsigned n) {
    return n == 0 ? 1 : n * product(n - 1);
}

static int pong(int n, int sum);
NOINLINE static int ping(int n, int sum) {
    return n == 0 ? sum : pong(n, sum ^ n);
}
NOINLINE static int pong(int n, int sum) {
    return ping(n - 1, sum + n);
}

static unsigned long ackermann_calls, search_calls;

/* Two of its three calls of itself are at its end, one is an argument. */
NOINLINE static int ackermann(int m, int n) {
    ackermann_calls++;
    if (m == 0)
        return n + 1;
    if (n == 0)
        return ackermann(m - 1, 1);
    return ackermann(m - 1, ackermann(m, n - 1));
}

static void move(int from, int to) {
    sink += from * 3 + to;
}

NOINLINE static void hanoi(int n, int from, int to, int by) {
    if (n == 0)
        return;
    hanoi(n - 1, from, by, to);
    move(from, to);
    hanoi(n - 1, by, to, from);
}

/* Left or right, each at its end. */
NOINLINE static int search(const int *values, int low, int high, int value) {
    search_calls++;
    if (low >= high)
        return -1;
    int middle = (low + high) / 2;
    if (values[middle] == value)
        return middle;
    if (values[middle] < value)
        return search(values, middle + 1, high, value);
    return search(values, low, middle, value);
}

__attribute__((cold)) static int cold(int n) {
    return n * 13 + sink;
}

__attribute__((hot, noinline)) static int hot(int n) {
    if (n % 100 == 7)
        return cold(n) + cold(n + 1) * 0;
    return n + 3;
}

/* gnu89: this body is for inlining only, and the other one is the function. (gcc gives no hooks to
 * such a body.) */
extern __inline__ __attribute__((gnu_inline)) int old_inline(int n);
extern __inline__ __attribute__((gnu_inline)) int old_inline(int n) {
    return n + 17;
}

int main(void) {
    static int values[LENGTH];
    unsigned sum = 0;
    for (int i = 0; i < LENGTH; i++) {
        values[i] = i * 2 + 1;
        floats[i] = (float)i / LENGTH;
    }
    sum += (unsigned)(calls_parted() + calls_parted_too() + specialises() + by_pointer());
    sum += (unsigned)(passes_reference() + calls_twins());
    vectorised();
    vectorised();
    sum += (unsigned)(conditional_vector(values) + (int)results[LENGTH / 2]);
    for (int i = 0; i < 100; i++)
        sum += (unsigned)unrolled(30) + (unsigned)summed(1000) + product(20);
    for (int i = 0; i < 100; i++)
        sum += (unsigned)ping(50, i);
    sum += (unsigned)flattened(300);
    for (int i = 0; i < 800; i++)
        sum += (unsigned)outlined(i) + (unsigned)hot(2 * i) + (unsigned)hot(i);
    sum += (unsigned)(ackermann(2, 9) + ackermann(3, 3) + ackermann(1, 50));
    hanoi(12, 1, 2, 3);
    hanoi(12, 3, 1, 2);
    for (int i = 0; i < 200; i++)
        sum += (unsigned)search(values, 0, LENGTH, i * 3);
    for (int i = 0; i < 90; i++)
        sum += (unsigned)old_inline(i);
    printf("%u %d\nackermann=%lu\nsearch=%lu\n", sum, sink, ackermann_calls, search_calls);
    return 0;
}
