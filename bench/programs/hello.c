/* hello.c - the smallest program: what is measured is starting and ending it. */
#include <stdio.h>

int main(void) {
    puts("hello, world");
    return 0;
}
