/* The library that libraries.c loads and unloads. */
#include <stdio.h>

int loaded_entry(int (*function)(int), int n);

__attribute__((noinline)) static int helper(int n) {
    return n * 5;
}

__attribute__((constructor)) static void loaded_constructor(void) {
    puts("loaded");
}

__attribute__((destructor)) static void loaded_destructor(void) {
    puts("unloaded");
}

int loaded_entry(int (*function)(int), int n) {
    int sum = 0;
    for (int i = 0; i < 3; i++)
        sum += helper(i) + function(n);
    return sum;
}
