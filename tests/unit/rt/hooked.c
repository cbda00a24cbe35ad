/* hooked.c - functions compiled with -finstrument-functions, for test_hooks.c. */
#include "hooked.h"

#include <setjmp.h>

static jmp_buf back;
static _Thread_local volatile int sink;

void hooked_leaf(void) {
    sink++;
}

void hooked_loop(int n) {
    for (int i = 0; i < n; i++)
        hooked_leaf();
    sink++;
}

void hooked_two_sites(void) {
    hooked_leaf();
    sink++;
    hooked_leaf();
    sink++;
}

unsigned hooked_fib(unsigned n) {
    unsigned value = n < 2 ? n : hooked_fib(n - 1) + hooked_fib(n - 2);
    sink++;
    return value;
}

void hooked_deep(int n) {
    if (n)
        hooked_deep(n - 1);
    sink++;
}

static void (*volatile jumper)(int) = hooked_jumper;

void hooked_jumper(int n) {
    if (n == 0)
        longjmp(back, 1);
    jumper(n - 1);
    sink++;
}

void hooked_catcher(int n) {
    if (setjmp(back) == 0)
        hooked_jumper(n);
    hooked_leaf();
    sink++;
}

void hooked_may_jump(int jump) {
    if (jump)
        longjmp(back, 1);
    sink++;
}

void hooked_two_calls(void) {
    if (setjmp(back) == 0)
        hooked_may_jump(1);
    sink++;
    hooked_may_jump(0);
    sink++;
}

void hooked_one_call(int n) {
    for (volatile int i = 0; i < n; i++)
        if (setjmp(back) == 0)
            hooked_may_jump(i < n - 1);
    sink++;
}

static inline __attribute__((always_inline)) void inlined(void) {
    sink++;
}

void hooked_with_inlined(int n) {
    for (int i = 0; i < n; i++)
        inlined();
    sink++;
}

uintptr_t hooked_landing;

void hooked_lands(void (*callback)(void)) {
    __asm__("mov %%rsp, %0" : "=m"(hooked_landing));
    if (setjmp(back) == 0)
        callback();
    hooked_with_large_frame();
    sink++;
}

void hooked_jumps(void (*before)(void)) {
    before();
    longjmp(back, 1);
}

void hooked_with_large_frame(void) {
    volatile char frame[4096];
    frame[sink & 4095] = 0;
    hooked_leaf();
    sink += frame[0];
}

void hooked_runs(void (*callback)(void)) {
    callback();
    sink++;
}

void hooked_calls(void (*callback)(void)) {
    callback();
    sink++;
}
