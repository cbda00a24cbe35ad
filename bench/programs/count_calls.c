/*
 * count_calls.c - the independent count: gcc calls this at each function's entry when a program is
 * compiled with -finstrument-functions, and at exit it prints "calls: N" on standard error.
 *
 * It shares nothing with Tally. Programs of one thread only.
 */
#include <stdio.h>

#define HOOK __attribute__((no_instrument_function))

static unsigned long long calls;

void __cyg_profile_func_enter(void *function, void *call_site) HOOK;
void __cyg_profile_func_exit(void *function, void *call_site) HOOK;

void __cyg_profile_func_enter(void *function, void *call_site) {
    (void)function;
    (void)call_site;
    calls++;
}

void __cyg_profile_func_exit(void *function, void *call_site) {
    (void)function;
    (void)call_site;
}

__attribute__((destructor)) HOOK static void tell(void) {
    fprintf(stderr, "calls: %llu\n", calls);
}
