/* A bit of everything, in two files, for builds that are made in unusual ways. See test_builds.py,
 * which compares each of them with the usual one, stack by stack and line by line. */
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

int other_work(int n);
int other_twin(int n);
int other_overridden(int n);
long other_calls_back(int (*function)(int), int n);
int never_called(int n);

static volatile int sink;
static jmp_buf home;

static int helper(int n) {
    return n * 3 + 1;
}

NOINLINE static int has_helpers(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += helper(sum ^ i);
    return sum;
}

NOINLINE static int twin(int n) {
    return n * 7 + 5;
}

NOINLINE static int called_back(int n) {
    return n - 2 + twin(n);
}

NOINLINE static int end_of_jump(int n) {
    return n + sink;
}

NOINLINE static int leaves_by_jump(int n) {
    return end_of_jump(n + 1);
}

static unsigned euclid(unsigned a, unsigned b) {
    return b == 0 ? a : euclid(b, a % b);
}

NOINLINE static void throws(int depth) {
    if (depth == 0)
        longjmp(home, 1);
    if (sink >= 0)
        throws(depth - 1);
    sink++;
}

NOINLINE static int catches(volatile int n) {
    if (setjmp(home) == 0)
        throws(n);
    return end_of_jump(n);
}

static float scale(float x) {
    return x * 0.5f + 1;
}

NOINLINE static int vector(void) {
    static float from[256], to[256];
    for (int i = 0; i < 256; i++)
        to[i] = scale(from[i]);
    return (int)to[7];
}

__attribute__((weak, noinline)) int other_overridden(int n) {
    return -n;
}

__attribute__((constructor)) static void before_main(void) {
    sink = twin(0);
}

static void at_the_end(void) {
    printf("end %d\n", twin(sink));
}

static void *in_thread(void *argument) {
    sink += has_helpers(10);
    return argument;
}

int main(void) {
    static int (*const volatile table[])(int) = {twin, other_twin, called_back};
    pthread_t thread;
    unsigned sum = 0;
    atexit(at_the_end);
    for (int i = 0; i < 60; i++) {
        sum += (unsigned)(has_helpers(5) + other_work(i));
        sum += (unsigned)(twin(i) + other_twin(i) + table[i % 3](i));
        sum += (unsigned)(leaves_by_jump(i) + other_overridden(i));
        sum += (unsigned)other_calls_back(called_back, i);
    }
    for (unsigned i = 1; i < 40; i++)
        sum += euclid(i * 91, i * 35 + 7);
    sum += (unsigned)(catches(9) + catches(3) + vector());
    pthread_create(&thread, NULL, in_thread, NULL);
    pthread_join(thread, NULL);
    printf("%u\n", sum);
    return 0;
}
