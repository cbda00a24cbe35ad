// Weak functions that are and are not overridden, and other names for a function.
// GROUP calls
// WITH linkage_other.c
// EXPECT calls overridden 4
// EXPECT[named] calls overridden@linkage_other.c 4
// EXPECT calls kept 5
// EXPECT[named] calls target 9
// EXPECT[named] edge main target 9
// EXPECT[named] absent other_name
// EXPECT calls exported 2
// EXPECT calls unused 0
// EXPECT absent unused
#include <stdio.h>

int overridden(int n);
int kept(int n);
int target(int n);
int other_name(int n);
int exported(int n);
int unused(int n);

__attribute__((weak, noinline)) int overridden(int n) {
    return n;
}

__attribute__((weak, noinline)) int kept(int n) {
    return n + 1;
}

__attribute__((noinline)) int target(int n) {
    return n + 2;
}

int other_name(int n) __attribute__((alias("target")));

int exported(int n) {
    return n * 2;
}

int unused(int n) {
    return n;
}

int main(void) {
    int sum = 0;
    for (int i = 0; i < 4; i++)
        sum += overridden(i);
    for (int i = 0; i < 5; i++)
        sum += kept(i) + target(i);
    for (int i = 0; i < 4; i++)
        sum += other_name(i);
    printf("%d\n", sum + exported(1) + exported(2));
    return 0;
}
