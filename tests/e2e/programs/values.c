// Arguments and results of every kind arrive unharmed through the first, slow entry of a function,
// through later ones, and through the first entry in a new thread.
// GROUP values
// FLAGS -pthread -Wno-psabi
// EXPECT calls doubles 12
// EXPECT calls wide_vector stdout:wide
// EXPECT calls structs 12
// EXPECT calls thread_first 4
// EXPECT callers thread_first -
// EXPECT calls returns_long_double 12
// EXPECT run threads 5
#include <complex.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

typedef float four __attribute__((vector_size(16)));
typedef double wide __attribute__((vector_size(32)));
typedef int many __attribute__((vector_size(64)));
struct pair {
    double real;
    long whole;
};
struct big {
    long words[9];
};

NOINLINE static double doubles(double a, double b, double c, double d, double e, double f, double g,
                               double h, double i, double j, long k, long l, long m, long n, long o,
                               long p, long q, long r) {
    return a + 2 * b + 4 * c + 8 * d + 16 * e + 32 * f + 64 * g + 128 * h + 256 * i + 512 * j +
           (double)(k - 3 * l + 5 * m - 7 * n + 11 * o - 13 * p + 17 * q - 19 * r);
}
NOINLINE static four vectors(four a, four b, four c, four d, four e, four f, four g, four h) {
    return a + b * 2 + c * 3 + d * 5 + e * 7 + f * 11 + g * 13 + h * 17;
}
__attribute__((noinline, target("avx2"))) static wide wide_vector(wide a, wide b, wide c, wide d) {
    return a * 3 + b * 5 - c * 7 + d;
}
__attribute__((noinline, target("avx512f"))) static many widest_vector(many a, many b) {
    return a * 3 + b;
}
NOINLINE static struct pair structs(struct pair a, struct big b, struct pair c) {
    return (struct pair){a.real + c.real + (double)b.words[8], a.whole - c.whole + b.words[0]};
}
NOINLINE static struct big returns_big(long seed) {
    struct big b;
    for (int i = 0; i < 9; i++)
        b.words[i] = seed * (i + 1);
    return b;
}
NOINLINE static long double returns_long_double(long double a, long double b) {
    return a * b + 1.0L / 3.0L;
}
NOINLINE static double complex complex_numbers(double complex a, float complex b) {
    return a * b;
}
NOINLINE static __int128 large_integers(__int128 a, __int128 b) {
    return a * 3 - b;
}
NOINLINE static long variadic(int n, ...) {
    va_list list;
    va_start(list, n);
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum = sum * 3 + (i % 2 ? va_arg(list, double) : (double)va_arg(list, long));
    va_end(list);
    return (long)sum;
}
NOINLINE static _Bool small(_Bool a, signed char b, unsigned char c, short d, float e) {
    return a ^ (b < 0) ^ (c > 200) ^ (d == -3) ^ (e > .5f);
}

static unsigned wides;

__attribute__((target("avx2"))) static void print_wide(double x) {
    union {
        wide vector;
        double parts[4];
    } u = {.vector = wide_vector((wide){x, 1, 2, 3}, (wide){4, x, 5, 6}, (wide){7, 8, x, 9},
                                 (wide){10, 11, 12, x})};
    wides++;
    printf("%g %g %g %g\n", u.parts[0], u.parts[1], u.parts[2], u.parts[3]);
}

__attribute__((target("avx512f"))) static void print_widest(int x) {
    union {
        many vector;
        int parts[16];
    } u = {.vector = widest_vector((many){x, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, x},
                                   (many){9, x, 8, 7, 6, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5})};
    for (int i = 0; i < 16; i++)
        printf("%d%c", u.parts[i], i == 15 ? '\n' : ' ');
}

static void print_all(double x) {
    union {
        four vector;
        float parts[4];
    } v = {.vector = vectors((four){(float)x, 1, 2, 3}, (four){1, (float)x}, (four){2, 2},
                             (four){3, 3, 3}, (four){4}, (four){0, 5}, (four){6, 0, 0, 6},
                             (four){7, 8, 9, (float)x})};
    printf("%g\n", doubles(x, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, (long)x));
    printf("%g %g %g %g\n", v.parts[0], v.parts[1], v.parts[2], v.parts[3]);
    struct big big = returns_big((long)x + 1);
    struct pair pair = structs((struct pair){x, 2}, big, (struct pair){3, 4});
    printf("%g %ld %ld\n", pair.real, pair.whole, big.words[8]);
    printf("%.20Lg\n", returns_long_double(x + 0.25L, 7.0L / 9.0L));
    double complex z = complex_numbers(x + 2 * I, 3 - (float)x * I);
    printf("%g %g\n", creal(z), cimag(z));
    __int128 large = large_integers(((__int128)1 << 90) + (long)x, (__int128)3 << 70);
    printf("%lx %lx\n", (unsigned long)(large >> 64), (unsigned long)large);
    printf("%ld %d\n", variadic(9, 1L, x, 3L, 4.5, 5L, 6.5, 7L, 8.5, 9L),
           small(1, -1, 255, -3, (float)x));
    if (__builtin_cpu_supports("avx2"))
        print_wide(x);
    if (__builtin_cpu_supports("avx512f"))
        print_widest((int)x);
}

/* A thread's first entry takes the longest way of all. */
static void *thread_first(void *out) {
    double x = *(double *)out;
    print_all(x);
    print_all(x + 1);
    return out;
}

int main(void) {
    for (int i = 0; i < 4; i++)
        print_all(i * 1.5);
    for (int i = 0; i < 4; i++) {
        double x = i;
        pthread_t thread;
        pthread_create(&thread, NULL, thread_first, &x);
        pthread_join(thread, NULL);
    }
    printf("wide=%u\n", wides);
    return 0;
}
