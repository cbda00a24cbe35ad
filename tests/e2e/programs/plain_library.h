/* What plain_library.c and plain_library_catch.cpp do. */
#ifndef PLAIN_LIBRARY_H
#define PLAIN_LIBRARY_H

#ifdef __cplusplus
extern "C" {
#endif

long call_back(long (*function)(long), long n);
long call_back_deeply(long (*function)(long), long n, int depth);

/* Calls `first`, which may go_home(), and `then` in any case. */
long try_then(long (*first)(long), long (*then)(long), long n);
void go_home(void);

/* Calls `first`, which may throw, and `then` in any case. */
long catch_then(long (*first)(long), long (*then)(long), long n);
/* Throws through `function`, which it calls back, and catches it. */
long throw_below(long (*function)(long), long n);
long throw_now(long n);

#ifdef __cplusplus
}
#endif

#endif
