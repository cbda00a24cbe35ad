/* Very many calls that are short, but not so short that counting them is all that there is. */
#include <stdio.h>

#define NOINLINE __attribute__((noinline))
enum { ROUNDS = 1000, CALLS = 300 };

NOINLINE static unsigned stirs(unsigned n) {
    for (int i = 0; i < 100; i++)
        n = (n ^ n >> 15) * 2654435761u;
    return n;
}

NOINLINE static unsigned cooks(unsigned n) {
    for (int i = 0; i < CALLS; i++)
        n = stirs(n) + 1;
    return n;
}

int main(void) {
    unsigned n = 1;
    for (int i = 0; i < ROUNDS; i++)
        n = cooks(n) ^ 1;
    printf("%u\n", n & 1);
    return 0;
}
