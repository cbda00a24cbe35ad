// Inlined calls are counted at their lines, in chains of three, in loops that are unrolled.
// GROUP inlined
// EXPECT calls outer 1000
// EXPECT calls middle 3000
// EXPECT calls inner 9000
// EXPECT calls innermost 9000
// EXPECT[g] edge outer middle 3000
// EXPECT[g] edge middle inner 9000
// EXPECT[g] edge inner innermost 9000
// EXPECT line outer middle @first_middle @second_middle @third_middle
// EXPECT line middle inner @inner_in_loop
// EXPECT line inner innermost @innermost_called
// EXPECT[g] path main;outer;middle;inner;innermost 9000
// EXPECT calls body_of_unrolled 16
// EXPECT calls unrolled 2
// EXPECT calls in_vector_loop 4096
// EXPECT edge sum_of_vector in_vector_loop 4096
// EXPECT line sum_of_vector in_vector_loop @vector_loop
// EXPECT calls never_result_used 500
// EXPECT calls pure_twice 1000
// EXPECT calls constant 200
// EXPECT calls invariant 300
// EXPECT edge hoisted invariant 300
// EXPECT calls conditional 250
// EXPECT calls always 1000
#include <stdio.h>

static int innermost(int n) {
    return n ^ 5;
}

static inline int inner(int n) {
    return innermost(n) + 1; // @innermost_called
}

static inline int middle(int n) {
    int sum = 0;
    for (int i = 0; i < 3; i++)
        sum += inner(n + i); // @inner_in_loop
    return sum;
}

__attribute__((noinline)) static int outer(int n) {
    int sum = middle(n);  // @first_middle
    sum += middle(n + 1); // @second_middle
    sum ^= middle(sum);   // @third_middle
    return sum;
}

static int body_of_unrolled(int *at) {
    return *at += 3;
}

static int values[8];

__attribute__((noinline)) static int unrolled(void) {
    int sum = 0;
    for (int i = 0; i < 8; i++)
        sum += body_of_unrolled(&values[i]);
    return sum;
}

static int in_vector_loop(int a, int b) {
    return a * 3 + b;
}

static int vector_a[4096], vector_b[4096];

__attribute__((noinline)) static int sum_of_vector(void) {
    int sum = 0;
    for (int i = 0; i < 4096; i++)
        sum += in_vector_loop(vector_a[i], vector_b[i]); // @vector_loop
    return sum;
}

/* What optimisers like to remove, merge, and move out of loops. */
static int never_result_used(int n) {
    return n * n;
}
static int pure_twice(int n) {
    return n * 7 + 1;
}
static int constant(void) {
    return 42;
}
static int invariant(const int *n) {
    return *n + 1;
}

__attribute__((noinline)) static int hoisted(const int *n) {
    int sum = 0;
    for (int i = 0; i < 300; i++)
        sum += invariant(n);
    return sum;
}

static int conditional(int n) {
    return n * 11;
}

__attribute__((always_inline)) static inline int always(int n) {
    return n + 3;
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 1000; i++)
        sum += outer(i);
    sum += unrolled() + unrolled() + sum_of_vector();
    for (int i = 0; i < 500; i++) {
        never_result_used(i);
        sum += pure_twice(i) - pure_twice(i);
    }
    for (int i = 0; i < 200; i++)
        sum += constant();
    sum += hoisted(&values[3]);
    for (int i = 0; i < 1000; i++) {
        sum += i % 4 == 1 ? conditional(i) : i;
        sum = always(sum);
    }
    printf("%d\n", sum);
    return 0;
}
