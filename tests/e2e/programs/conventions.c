// Every calling convention, every place a value can be kept in across a call, and every alignment of
// the stack, through the slow entry of a new context and the fast one after it.
// GROUP values
// MATRIX usual
// FLAGS -pthread -Wno-psabi -Wno-ignored-attributes
// EXPECT calls frame_is_aligned 420
// EXPECT calls all_of_it 28
// EXPECT edge context_a all_of_it 14
// EXPECT edge context_b all_of_it 14
// EXPECT calls windows 56
// EXPECT calls windows_vectors 28
// EXPECT calls *many_registers 28
// EXPECT calls many_vectors 28
// EXPECT calls keeps_most 28
// EXPECT calls keeps_all 28
// EXPECT calls two_long_doubles 28
// EXPECT calls two_doubles 28
// EXPECT calls three_floats 28
// EXPECT calls half_and_half 28
// EXPECT calls quadruple 28
// EXPECT calls aligned_frame 28
// EXPECT calls sized_frame 28
// EXPECT calls chained 28
// EXPECT calls widest stdout:widest
// EXPECT callers widest use_widest
// EXPECT run threads 8
#include <complex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

#if defined(__clang__)
#define PRESERVE_MOST __attribute__((preserve_most))
#define PRESERVE_ALL __attribute__((preserve_all))
#define REGCALL __attribute__((regcall))
#define NO_SHORTCUT NOINLINE
#define VECTORCALL __attribute__((vectorcall))
#else
#define PRESERVE_MOST
#define PRESERVE_ALL
#define REGCALL
#define NO_SHORTCUT __attribute__((noipa))
#define VECTORCALL
#endif

typedef double four __attribute__((vector_size(16)));
typedef int sixteen __attribute__((vector_size(64)));
struct doubles {
    double one, two;
};
struct floats {
    float one, two, three;
};
struct half {
    long whole;
    double real;
};

static int misaligned, widest_calls;

/* With a frame pointer, which is what its own address is, the ABI's 16 bytes show. */
NO_SHORTCUT static long frame_is_aligned(long n) {
    if ((uintptr_t)__builtin_frame_address(0) % 16)
        __atomic_fetch_add(&misaligned, 1, __ATOMIC_RELAXED);
    return n + 1;
}

__attribute__((noinline, ms_abi)) static long windows(long a, long b, long c, long d, double e,
                                                      long f) {
    return frame_is_aligned(a) - b * 3 + c * 5 - d * 7 + (long)e * 11 + f * 13;
}
__attribute__((noinline, ms_abi)) static double windows_vectors(double a, double b, double c,
                                                                double d, double e) {
    return a + b * 3 + c * 5 + d * 7 + e * 11 + (double)frame_is_aligned(1);
}
REGCALL NOINLINE static long many_registers(long a, long b, long c, long d, long e, long f, long g,
                                            long h, long i, long j, long k, long l, double m,
                                            double n) {
    long sum = a + b * 3 + c * 5 + d * 7 + e * 11 + f * 13 + g * 17 + h * 19 + i * 23 + j * 29;
    return frame_is_aligned(sum) + k * 31 + l * 37 + (long)(m * 41 + n * 43);
}
VECTORCALL NOINLINE static four many_vectors(four a, four b, four c, four d, four e, four f) {
    four one = {(double)frame_is_aligned(2), 1};
    return a + b * 3 + c * 5 + d * 7 + e * 11 + f * 13 + one;
}
PRESERVE_MOST NOINLINE static void keeps_most(long *n) {
    *n = frame_is_aligned(*n) * 3;
}
PRESERVE_ALL NOINLINE static void keeps_all(long *n) {
    *n = frame_is_aligned(*n) * 5;
}
NOINLINE static long double complex two_long_doubles(long double a, long double b) {
    return a * b + (b - a) * I + (long double)frame_is_aligned(3);
}
NOINLINE static struct doubles two_doubles(double a, double b) {
    return (struct doubles){a * b, (double)frame_is_aligned((long)b)};
}
NOINLINE static struct floats three_floats(float a, float b) {
    return (struct floats){a, b, (float)frame_is_aligned((long)a)};
}
NOINLINE static struct half half_and_half(long a, double b) {
    return (struct half){frame_is_aligned(a), b * 2};
}
NOINLINE static __float128 quadruple(__float128 a, __int128 b) {
    return a * 3 + (__float128)b + (__float128)frame_is_aligned(4);
}

/* Locals that must stand at multiples of 64 bytes, over a stack that is not aligned so. */
NOINLINE static long aligned_frame(long n) {
    _Alignas(64) volatile long here[8] = {n, n * 2, n * 3};
    long sum = frame_is_aligned(here[1]);
    return (uintptr_t)here % 64 ? -1 : sum + here[0] + here[2];
}

NOINLINE static long sized_frame(long n) {
    volatile char bytes[(n % 7 + 1) * 24 + 3];
    bytes[0] = 1;
    bytes[(n % 7 + 1) * 24 + 2] = 2;
    return frame_is_aligned(n) + bytes[0] + bytes[(n % 7 + 1) * 24 + 2];
}

/* Odd numbers of arguments on the stack, one function after the other. */
NOINLINE static long chained(long a, long b, long c, long d, long e, long f, long g, long h,
                             long i) {
    return a + b + c + d + e + f + frame_is_aligned(g) * 2 + h * 3 + i * 5;
}

__attribute__((noinline, target("avx512f"))) static sixteen widest(sixteen a, sixteen b,
                                                                   sixteen c) {
    return a * 3 + b * 5 + c;
}

__attribute__((target("avx512f"))) static long use_widest(int n) {
    sixteen kept = {n, 2, 3}, other = {4, n, 6};
    union {
        sixteen vector;
        int parts[16];
    } u = {.vector = widest(kept, other, kept + other) + kept * other};
    long sum = 0;
    for (int i = 0; i < 16; i++)
        sum = sum * 3 + u.parts[i];
    __atomic_fetch_add(&widest_calls, 1, __ATOMIC_RELAXED);
    return sum;
}

/* Six general and eight vector values are needed again behind each call. */
NOINLINE static long all_of_it(long n) {
    volatile double source[8] = {1, 2, 3, 4, 5, 6, 7, (double)n};
    double v0 = source[0], v1 = source[1], v2 = source[2], v3 = source[3], v4 = source[4],
           v5 = source[5], v6 = source[6], v7 = source[7];
    long g0 = n * 3, g1 = n * 5, g2 = n * 7, g3 = n * 11, g4 = n * 13, g5 = n * 17, by_address = n;
    keeps_most(&by_address);
    keeps_all(&by_address);
    long sum = by_address + windows(n, 1, 2, 3, v3, g0) + windows(g1, 4, 5, 6, v4, g2);
    sum += (long)windows_vectors(v0, v1, v2, v3, v7);
    sum += many_registers(1, 2, 3, 4, 5, 6, 7, 8, 9, g3, g4, g5, v5, v6);
    four x = many_vectors((four){v0, v1}, (four){v2, v3}, (four){v4, v5}, (four){v6, v7},
                          (four){v0, v7}, (four){1, 2});
    long double complex z = two_long_doubles((long double)n + 0.25L, 3.5L);
    struct doubles two = two_doubles(v1, v7);
    struct floats three = three_floats((float)n, (float)v3);
    struct half half = half_and_half(g5, v6);
    sum += (long)(x[0] * 3 + x[1] + two.one + two.two + half.real) + half.whole;
    sum += (long)(creall(z) * 7 + cimagl(z)) + (long)(three.one + three.two + three.three);
    sum += (long)quadruple((__float128)n / 4, (__int128)n << 3);
    sum += aligned_frame(n) + sized_frame(n) + chained(1, 2, 3, 4, 5, 6, n, g0, g1);
    if (__builtin_cpu_supports("avx512f"))
        sum += use_widest((int)n);
    return sum + (long)(v0 + v1 * 2 + v2 * 3 + v3 * 4 + v4 * 5 + v5 * 6 + v6 * 7 + v7 * 8) + g0 +
           g1 + g2 + g3 + g4 + g5;
}

NOINLINE static long context_a(long n) {
    return all_of_it(n) + 1;
}
NOINLINE static long context_b(long n) {
    return all_of_it(n) + 2;
}

static void *in_both(void *argument) {
    long n = *(long *)argument, first = context_a(n), second = context_b(n + 1);
    *(long *)argument = first * 3 + second;
    return argument;
}

int main(void) {
    for (long i = 0; i < 7; i++) {
        long in_main = i, in_thread = i + 100;
        pthread_t thread;
        in_both(&in_main);
        pthread_create(&thread, NULL, in_both, &in_thread);
        pthread_join(thread, NULL);
        printf("%ld %ld\n", in_main, in_thread);
    }
    printf("misaligned %d\nwidest=%d\n", misaligned, widest_calls);
    return 0;
}
