// The very first instrumented call of a thread is one with arguments in all kinds of registers.
// GROUP values
// FLAGS -pthread -Wno-psabi
// EXPECT calls many_floats 3
// EXPECT callers many_floats -
// EXPECT calls vectors stdout:vectors
// EXPECT run threads stdout:threads
#include <pthread.h>
#include <stdio.h>

#ifdef __clang__
#define SKIP __attribute__((annotate("tally:skip"), no_instrument_function, noinline))
#else
#define SKIP __attribute__((no_instrument_function, noinline))
#endif

typedef double four __attribute__((vector_size(32)));

__attribute__((noinline)) static long double many_floats(double a, float b, double c, double d,
                                                         double e, double f, double g,
                                                         long double h, long i, char j) {
    return a + (long double)b * 3 + c * 5 - d * 7 + e * 11 - f * 13 + g * 17 + h * (long double)i +
           j;
}

__attribute__((noinline, target("avx2"))) static four vectors(four a, four b, four c) {
    return a * 3 + b * 5 + c;
}

SKIP static void *begins_with_floats(void *argument) {
    long double got = many_floats(1, 2, 3, 4, 5, 6, 7, 8.125L, *(long *)argument, 9);
    printf("%.12Lg\n", got);
    return NULL;
}

__attribute__((target("avx2"))) SKIP static void *begins_with_vectors(void *argument) {
    double x = (double)*(long *)argument;
    union {
        four vector;
        double parts[4];
    } u = {.vector = vectors((four){1, 2, 3, x}, (four){x, 5, 6, 7}, (four){8, x, 10, 11})};
    printf("%g %g %g %g\n", u.parts[0], u.parts[1], u.parts[2], u.parts[3]);
    return NULL;
}

SKIP static void *leaves_at_once(void *argument) {
    return argument;
}

static void in_thread(void *(*start)(void *), long number) {
    pthread_t thread;
    pthread_create(&thread, NULL, start, &number);
    pthread_join(thread, NULL);
}

int main(void) {
    int has_vectors = __builtin_cpu_supports("avx2") != 0;
    for (long i = 0; i < 3; i++) {
        in_thread(leaves_at_once, i);
        in_thread(begins_with_floats, i);
        if (has_vectors)
            in_thread(begins_with_vectors, i);
    }
    printf("vectors=%d\nthreads=%d\n", has_vectors * 3, 4 + has_vectors * 3);
    return 0;
}
