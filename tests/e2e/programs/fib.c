// GROUP calls
// EXPECT calls main 1
// EXPECT calls fib 7049155
// EXPECT edge main fib 1
// EXPECT edge fib fib 7_049_154
// EXPECT line main fib @main_calls
// EXPECT[O0] line fib fib @fib_calls
// EXPECT callers main -
// EXPECT callers fib main fib
// EXPECT declared fib fib.c @fib_stands_here
// EXPECT run ended_by exit
// EXPECT run threads 1
#include <stdio.h>

static unsigned fib(unsigned n) { // @fib_stands_here
    if (n < 2)
        return n;
    return fib(n - 1) + fib(n - 2); // @fib_calls
}

int main(void) {
    printf("%u\n", fib(32)); // @main_calls
    return 0;
}
