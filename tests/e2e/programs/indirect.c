// One call site with several callees, and a table of functions.
// GROUP calls
// EXPECT calls add 3334
// EXPECT calls subtract 3333
// EXPECT calls multiply 3333
// EXPECT calls apply 10000
// EXPECT edge main apply 10000
// EXPECT edge apply add 3334
// EXPECT edge apply subtract 3333
// EXPECT edge apply multiply 3333
// EXPECT line apply add @the_site
// EXPECT line apply multiply @the_site
// EXPECT line main apply @apply_is_called
// EXPECT callers add apply
#include <stdio.h>

typedef int (*operation)(int, int);

static int add(int a, int b) {
    return a + b;
}
static int subtract(int a, int b) {
    return a - b;
}
static int multiply(int a, int b) {
    return a * b % 1009;
}

static const operation volatile table[] = {add, subtract, multiply};

__attribute__((noinline)) static int apply(operation what, int a, int b) {
    int result = what(a, b); // @the_site
    return result & 0xffff;
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 10000; i++)
        sum += apply(table[i % 3], sum, i); // @apply_is_called
    printf("%d\n", sum);
    return 0;
}
