// Functions that the source promises to be pure or const are called as often as it says. (To hooks
// they are what the compiler leaves of them: it believes the promise.)
// GROUP inlined
// EXPECT[plugin] calls length 200
// EXPECT[plugin] calls square 200
// EXPECT calls noreturn_path 1
// EXPECT calls cold_path 10
// EXPECT run ended_by exit
// STATUS 3
#include <stdio.h>
#include <stdlib.h>

__attribute__((pure, noinline)) static int length(const char *text) {
    int n = 0;
    while (text[n])
        n++;
    return n;
}

__attribute__((const, noinline)) static int square(int n) {
    return n * n;
}

__attribute__((cold, noinline)) static int cold_path(int n) {
    return n - 1;
}

__attribute__((noreturn)) static void noreturn_path(int status) {
    exit(status);
}

int main(int argc, char **argv) {
    (void)argv;
    int sum = 0;
    for (int i = 0; i < 100; i++) {
        sum += length("text") + square(argc);
        sum -= length("text") + square(argc);
        if (i % 10 == 3)
            sum += cold_path(i);
    }
    printf("%d\n", sum);
    noreturn_path(3);
}
