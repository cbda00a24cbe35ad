/* A program for tests that are about what is around it. Its exit status is its argument. */
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static int work(int n) {
    return n * 7 % 13;
}

int main(int argc, char **argv) {
    int sum = 0;
    for (int i = 0; i < 100; i++)
        sum += work(i);
    printf("%d\n", sum);
    return argc > 1 ? atoi(argv[1]) : 0;
}
