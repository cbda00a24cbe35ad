/* Calls back what the program gives it, in C that exceptions can pass. Made without Tally. */
#include "plain_library.h"

#include <setjmp.h>

static jmp_buf home;

long call_back(long (*function)(long), long n) {
    return function(n) + 1;
}

long call_back_deeply(long (*function)(long), long n, int depth) {
    return depth ? call_back_deeply(function, n, depth - 1) + 1 : function(n);
}

void go_home(void) {
    longjmp(home, 1);
}

long try_then(long (*first)(long), long (*then)(long), long n) {
    long result = n;
    if (setjmp(home) == 0)
        result = first(n);
    return then(result);
}
