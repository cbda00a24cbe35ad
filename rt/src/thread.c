/*
 * thread.c - see thread.h.
 *
 * A thread begins with its first instrumented call and ends with a pthread key's destructor. After
 * that it may still run instrumented code (destructors of other keys): it then begins once more.
 *
 * The registry is a list that only grows; a tli_thread is claimed by setting `tls` from null.
 */
#include "thread.h"

#include "clock.h"
#include "entry_points.h"
#include "syscall.h"

#include <cpuid.h>
#include <limits.h>
#include <pthread.h>

_Thread_local struct tli_thread *tli_self __attribute__((tls_model("initial-exec")));
__attribute__((visibility("default"),
               tls_model("initial-exec"))) _Thread_local struct tally_tls __tally_tls = {
    .slot = &tli_bootstrap_slot};

static _Atomic(struct tli_thread *) registry;
static _Atomic uint64_t threads_started, threads_unrecorded;

/* Read by enter_x86_64.S. Set by the constructor below; until then fxsave serves, which is enough
 * for the code that runs that early. */
unsigned char tli_has_xsave;

static pthread_key_t exit_key;
static pthread_once_t exit_key_once = PTHREAD_ONCE_INIT;

/* How often this thread's end was told. glibc tells it PTHREAD_DESTRUCTOR_ITERATIONS times at most;
 * a thread that began once more after the last would stay in the registry when it is gone. */
static _Thread_local int times_ended __attribute__((tls_model("initial-exec")));
static _Thread_local bool unrecorded __attribute__((tls_model("initial-exec")));

static void thread_end(void *self) {
    struct tli_thread *thread = self;
    struct tally_tls *tls = &__tally_tls;
    if (tli_self != thread)
        return;
    uint64_t mask = tli_block_signals();
    times_ended++;
    tls->cur->self += tli_now_for(tls->clock) - tls->last;
    tli_self = NULL;
    *tls = (struct tally_tls){.slot = &tli_bootstrap_slot};
    thread->hooks.n = 0;
    while (!tli_thread_guard(thread))
        ;
    atomic_store_explicit(&thread->tls, NULL, memory_order_release);
    tli_thread_unguard(thread);
    tli_restore_signals(mask);
}

void tli_threads_forget_others(void) {
    for (struct tli_thread *t = tli_threads(); t; t = t->next) {
        atomic_store(&t->tls_guard, false);
        if (t != tli_self)
            atomic_store(&t->tls, NULL);
    }
}

struct tli_pending tli_thread_pending(struct tli_thread *thread) {
    struct tli_pending pending = {0};
    int tries = 1000;
    while (!tli_thread_guard(thread))
        if (--tries == 0)
            return pending; /* its owner was interrupted while ending: nothing is pending */
    struct tally_tls *tls = atomic_load_explicit(&thread->tls, memory_order_acquire);
    if (tls) {
        uint64_t last = __atomic_load_n(&tls->last, __ATOMIC_ACQUIRE);
        pending.node = __atomic_load_n(&tls->cur, __ATOMIC_ACQUIRE);
        uint64_t now = tli_now_for(tls->clock);
        if (last == __atomic_load_n(&tls->last, __ATOMIC_ACQUIRE) && now > last)
            pending.ticks = now - last;
    }
    tli_thread_unguard(thread);
    return pending;
}

static void make_exit_key(void) {
    pthread_key_create(&exit_key, thread_end);
}

/* Early, so that the key is one of the first 32, for which glibc needs no memory. */
__attribute__((constructor(101))) static void thread_setup(void) {
    unsigned a, b, c, d;
    tli_has_xsave = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_OSXSAVE) != 0;
    pthread_once(&exit_key_once, make_exit_key);
}

struct tli_thread *tli_threads(void) {
    return atomic_load_explicit(&registry, memory_order_acquire);
}

uint64_t tli_threads_started(void) {
    return atomic_load_explicit(&threads_started, memory_order_relaxed);
}

uint64_t tli_threads_unrecorded(void) {
    return atomic_load_explicit(&threads_unrecorded, memory_order_relaxed);
}

static struct tli_thread *thread_adopt(struct tally_tls *tls) {
    for (struct tli_thread *t = tli_threads(); t; t = t->next) {
        struct tally_tls *nobody = NULL;
        if (atomic_compare_exchange_strong(&t->tls, &nobody, tls))
            return t;
    }
    return NULL;
}

static struct tli_thread *thread_make(struct tally_tls *tls) {
    struct tli_arena arena = {.next_chunk_bytes = 0};
    struct tli_thread *thread = tli_arena_alloc(&arena, sizeof *thread);
    if (!thread)
        return NULL;
    thread->arena = arena;
    if (!tli_root_make(thread)) {
        tli_arena_release(&arena);
        return NULL;
    }
    atomic_init(&thread->tls, tls);
    thread->next = atomic_load(&registry);
    while (!atomic_compare_exchange_weak(&registry, &thread->next, thread))
        ;
    return thread;
}

static struct tli_thread *thread_begin_unsignalled(void) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_thread *thread = NULL;
    if (times_ended < PTHREAD_DESTRUCTOR_ITERATIONS) {
        thread = thread_adopt(tls);
        if (!thread)
            thread = thread_make(tls);
    }
    if (!thread) {
        if (!unrecorded)
            atomic_fetch_add(&threads_unrecorded, 1);
        unrecorded = true;
        return NULL;
    }
    if (times_ended == 0)
        atomic_fetch_add(&threads_started, 1);
    pthread_once(&exit_key_once, make_exit_key);
    pthread_setspecific(exit_key, thread);
    tls->clock = tli_clock_mode();
    tls->cur = thread->root;
    tls->last = tli_now_for(tls->clock);
    tli_self = thread;
    tls->slot = &thread->root->child[0];
    return thread;
}

struct tli_thread *tli_thread_begin(void) {
    uint64_t mask = tli_block_signals();
    struct tli_thread *thread =
        __tally_tls.slot == &tli_bootstrap_slot ? thread_begin_unsignalled() : tli_self;
    tli_restore_signals(mask);
    return thread;
}
