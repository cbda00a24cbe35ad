/*
 * stub.c - an independent count of calls, by caller and callee, for -finstrument-functions.
 *
 * Linked with a program compiled by gcc -O0 -finstrument-functions, it writes stub.counts into the
 * working directory at exit: one line for each pair, "callee caller calls", addresses relative to
 * the executable, in hexadecimal. It shares nothing with Tally. One thread and one stack only.
 *
 * The caller is known by the return address, whatever longjmp and exceptions did before. Only for a
 * call-back from a library, which returns out of the program, it is the innermost open call: `open`
 * holds those in order of their return addresses' places on the stack. A call that was left by
 * longjmp stays there until a later call comes to lie over it; what shows it is that its place now
 * lies below the stack or holds another return address.
 *
 * caller: a return address, less one; or a function's address; or 0 where there is none
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { PAIRS_MAX = 1 << 18, OPEN_MAX = 1 << 21 };

struct pair {
    uintptr_t callee, caller;
    unsigned long long calls;
};

struct open_call {
    void *function, *returns_to, **return_place;
};

static struct pair pairs[PAIRS_MAX];
static struct open_call open_calls[OPEN_MAX];
static size_t pair_count, open_count;

extern const char __executable_start[], etext[];

static uintptr_t in_program(const void *address) {
    return (uintptr_t)address - (uintptr_t)__executable_start;
}

static int is_in_program(const void *address) {
    return (const char *)address >= __executable_start && (const char *)address < etext;
}

static void give_up(const char *why) {
    fprintf(stderr, "stub: %s\n", why);
    abort();
}

static void count(uintptr_t callee, uintptr_t caller) {
    size_t at = (callee * 31 + caller) * 0x9E3779B97F4A7C15u >> 46;
    while (pairs[at].calls != 0 && (pairs[at].callee != callee || pairs[at].caller != caller))
        at = (at + 1) % PAIRS_MAX;
    if (pairs[at].calls == 0 && ++pair_count > PAIRS_MAX / 2)
        give_up("too many pairs of caller and callee");
    pairs[at].callee = callee;
    pairs[at].caller = caller;
    pairs[at].calls++;
}

static void drop_dead(void **return_place) {
    while (open_count > 0) {
        const struct open_call *top = &open_calls[open_count - 1];
        if (top->return_place > return_place && *top->return_place == top->returns_to)
            return;
        open_count--;
    }
}

/* Where the hook's caller, which keeps a frame pointer at -O0, has its return address. */
#define RETURN_PLACE_OF_CALLER() (*(void ***)__builtin_frame_address(0) + 1)

void __cyg_profile_func_enter(void *function, void *call_site);
void __cyg_profile_func_exit(void *function, void *call_site);

void __cyg_profile_func_enter(void *function, void *call_site) {
    void **return_place = RETURN_PLACE_OF_CALLER();
    drop_dead(return_place);
    uintptr_t caller = 0;
    if (is_in_program(call_site))
        caller = in_program(call_site) - 1;
    else if (open_count > 0)
        caller = in_program(open_calls[open_count - 1].function);
    count(in_program(function), caller);
    if (open_count == OPEN_MAX)
        give_up("too many open calls");
    open_calls[open_count++] = (struct open_call){function, call_site, return_place};
}

void __cyg_profile_func_exit(void *function, void *call_site) {
    (void)function;
    (void)call_site;
    drop_dead(RETURN_PLACE_OF_CALLER());
}

/* Of all destructors the last: those of the program are functions like others. */
__attribute__((destructor(101))) static void write_counts(void) {
    FILE *file = fopen("stub.counts", "w");
    if (!file)
        give_up("cannot write stub.counts");
    for (size_t i = 0; i < PAIRS_MAX; i++)
        if (pairs[i].calls)
            fprintf(file, "%jx %jx %llu\n", (uintmax_t)pairs[i].callee, (uintmax_t)pairs[i].caller,
                    pairs[i].calls);
    if (fclose(file) != 0)
        give_up("cannot write stub.counts");
}
