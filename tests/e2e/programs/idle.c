/* Calls nothing that is instrumented, unless told to: main is not. */
#include <stdio.h>

int never_called(int n);

__attribute__((noinline)) int never_called(int n) {
    return n + 1;
}

#ifdef __clang__
__attribute__((annotate("tally:skip")))
#endif
__attribute__((no_instrument_function)) int
main(int argc, char **argv) {
    (void)argv;
    puts("idle");
    return argc > 1 ? never_called(1) : 4;
}
