// Frames of unusual shape: variable arrays, alloca, computed goto, variadic functions.
// GROUP calls
// EXPECT calls sum_of_squares 50
// EXPECT edge with_vla square 1225
// EXPECT calls with_alloca 50
// EXPECT edge with_alloca square 1225
// EXPECT calls interpret 10
// EXPECT edge interpret step 50
// EXPECT line interpret step @op_step
// EXPECT calls total 100
// EXPECT edge main total 100
// EXPECT calls total_list 100
// EXPECT callers total_list total
#include <alloca.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int square(int n) {
    return n * n;
}

__attribute__((noinline)) static int with_vla(int n) {
    int values[n + 1];
    memset(values, 0, sizeof values);
    for (int i = 0; i < n; i++)
        values[i] = square(i);
    int sum = 0;
    for (int i = 0; i <= n; i++)
        sum += values[i];
    return sum;
}

static int sum_of_squares(int n) {
    return with_vla(n);
}

__attribute__((noinline)) static int with_alloca(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++) {
        int *value = alloca(sizeof *value * (size_t)(i + 1));
        value[i] = square(i);
        sum += value[i];
    }
    return sum;
}

static int step(int state) {
    return state * 31 % 1021;
}

static int interpret(const unsigned char *code, int state) {
    static const void *const labels[] = {&&op_end, &&op_step, &&op_add};
    goto *labels[*code++];
op_step:
    state = step(state); // @op_step
    goto *labels[*code++];
op_add:
    state += 3;
    goto *labels[*code++];
op_end:
    return state;
}

__attribute__((noinline)) static double total_list(const char *kinds, va_list values) {
    double sum = 0;
    for (; *kinds; kinds++)
        sum += *kinds == 'd' ? va_arg(values, double) : va_arg(values, int);
    return sum;
}

__attribute__((noinline)) static double total(const char *kinds, ...) {
    va_list values;
    va_start(values, kinds);
    double sum = total_list(kinds, values);
    va_end(values);
    return sum;
}

int main(void) {
    static const unsigned char code[] = {1, 2, 1, 1, 2, 1, 1, 0};
    int sum = 0;
    double real = 0;
    for (int n = 0; n < 50; n++)
        sum += sum_of_squares(n) + with_alloca(n);
    for (int i = 0; i < 10; i++)
        sum += interpret(code, i);
    for (int i = 0; i < 100; i++)
        real += total("idiiiiddddddddddd", i, .5, 1, 2, 3, 4, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5,
                      8.5, 9.5, 10.5, 11.5);
    printf("%d %f\n", sum, real);
    return 0;
}
