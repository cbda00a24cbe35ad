#include "versions.h"

static int helper(int x) { // another one than that of versions.cpp
    return x - 1;
}

int other_file(int n) {
    int sum = 0;
    for (int i = 0; i < 30; i++)
        sum += helper(i + n);
    return sum;
}
