// Static functions of one name in two files are two functions.
// GROUP calls
// WITH same_name_other.c
// EXPECT calls helper 8
// EXPECT[named] calls helper@same_name.c 3
// EXPECT[named] calls helper@same_name_other.c 5
// EXPECT[named] edge first helper@same_name.c 3
// EXPECT[named] edge second helper@same_name_other.c 5
// EXPECT callers helper first second
// EXPECT path main;second;helper 5
#include <stdio.h>

int second(int n);

static int helper(int n) {
    return n * 3;
}

__attribute__((noinline)) static int first(int n) {
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += helper(i);
    return sum;
}

int main(void) {
    printf("%d %d\n", first(3), second(5));
    return 0;
}
