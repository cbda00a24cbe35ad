/*
 * unwind.c - frames that go away without an exit, where the code that goes on is not instrumented.
 *
 * Instrumented functions put the thread's state right themselves when they go on after a longjmp or
 * an exception (resume.c). When a library does, or a host that was built without Tally, nobody
 * would, and what it called next would count below a function that is gone:
 *
 *   main ─ library ─ visit ─ fail       fail throws; library catches it and calls visit again
 *
 * So the two ways in which frames go away are interposed: the longjmp family, whose target tells
 * where its stack is, and _Unwind_SetIP, by which each language's personality routine enters a
 * handler or a clean-up. Contexts whose frame lies below that place are gone.
 *
 * In libtally.so only: a static program has no next definition to call.
 */
#undef _FORTIFY_SOURCE /* it would make longjmp another name of __longjmp_chk */

#include "entry_points.h"
#include "heap/heap.h"
#include "sampling.h"
#include "thread.h"
#include "tree.h"

#include <dlfcn.h>
#include <setjmp.h>

#define PUBLIC __attribute__((visibility("default")))

/* Code whose stack pointer is `stack` goes on. Times are charged as at any transition: what the
 * unwinding took is the innermost context's. */
static void unwound_to(uintptr_t stack) {
    struct tally_tls *tls = &__tally_tls;
    tli_heap_unwound(stack);
    if (!tli_self)
        return;
    tli_hooks_unwound(tli_self, tls, stack);
    struct tally_node *gone = NULL, *left = tls->cur;
    bool charged_is_gone = false;
    while (tli_is_gone(left, stack)) {
        charged_is_gone |= left == tls->charged;
        gone = left;
        left = left->parent;
    }
    if (!gone)
        return;
    tls->cur = left;
    if (charged_is_gone)
        tli_charge(tls, tli_always_timed(left));
    if (gone->site != TALLY_NO_INDEX)
        tls->slot = &left->child[gone->site];
    else
        tls->slot = left->parent ? &tli_siteless_slot : &left->child[0];
}

/* glibc keeps the stack pointer with the thread's pointer guard mixed in (setjmp's PTR_MANGLE). */
static uintptr_t stack_of(const struct __jmp_buf_tag *env) {
    enum { STACK_POINTER = 6 };
    uintptr_t stack = (uintptr_t)env->__jmpbuf[STACK_POINTER], guard;
    __asm__("movq %%fs:0x30, %0" : "=r"(guard));
    return (stack >> 17 | stack << 47) ^ guard;
}

typedef void jump(struct __jmp_buf_tag *env, int value);
typedef void set_ip(void *context, uintptr_t address);
typedef uintptr_t get_cfa(void *context);

static jump *next_longjmp, *next_plain_longjmp, *next_siglongjmp, *next_checked_longjmp;

/* Early: dlsym takes the loader's lock, and these are called by signal handlers. */
__attribute__((constructor(101))) static void find_next(void) {
    next_longjmp = (jump *)dlsym(RTLD_NEXT, "longjmp");
    next_plain_longjmp = (jump *)dlsym(RTLD_NEXT, "_longjmp");
    next_siglongjmp = (jump *)dlsym(RTLD_NEXT, "siglongjmp");
    next_checked_longjmp = (jump *)dlsym(RTLD_NEXT, "__longjmp_chk");
}

__attribute__((noreturn)) static void leave_by(jump **next, struct __jmp_buf_tag *env, int value) {
    if (!*next)
        find_next();
    unwound_to(stack_of(env));
    (*next)(env, value);
    __builtin_unreachable();
}

PUBLIC void longjmp(jmp_buf env, int value) {
    leave_by(&next_longjmp, env, value);
}

PUBLIC void _longjmp(jmp_buf env, int value) {
    leave_by(&next_plain_longjmp, env, value);
}

PUBLIC void siglongjmp(sigjmp_buf env, int value) {
    leave_by(&next_siglongjmp, env, value);
}

/* What longjmp is where _FORTIFY_SOURCE is on. */
PUBLIC __attribute__((noreturn)) jump __longjmp_chk;
void __longjmp_chk(struct __jmp_buf_tag *env, int value) {
    leave_by(&next_checked_longjmp, env, value);
}

/* The unwinder's library comes with the program, if it has one. Whoever calls this has it loaded;
 * the loader's lock is not held by those who throw. */
PUBLIC set_ip _Unwind_SetIP;
void _Unwind_SetIP(void *context, uintptr_t address) {
    static set_ip *next;
    static get_cfa *cfa_of;
    if (!__atomic_load_n(&next, __ATOMIC_ACQUIRE)) {
        cfa_of = (get_cfa *)dlsym(RTLD_DEFAULT, "_Unwind_GetCFA");
        __atomic_store_n(&next, (set_ip *)dlsym(RTLD_NEXT, "_Unwind_SetIP"), __ATOMIC_RELEASE);
    }
    unwound_to(cfa_of(context));
    next(context, address);
}
