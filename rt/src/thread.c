/*
 * thread.c - see thread.h.
 *
 * A thread begins with its first instrumented call and ends with a pthread key's destructor. After
 * that it may still run instrumented code (destructors of other keys): it then begins once more.
 * glibc goes round the keys PTHREAD_DESTRUCTOR_ITERATIONS times at most, so that a thread which
 * began after our destructor's last turn is gone without a word. Its tree stays claimed until a
 * thread has its TLS where that one had; so there are as many of these as threads were alive at
 * once. Until then `tls` may lead nowhere.
 *
 * The registry is a list that only grows; a tli_thread is claimed by setting `tls` from null.
 */
#include "thread.h"

#include "clock.h"
#include "entry_points.h"
#include "program.h"
#include "sampling.h"
#include "syscall.h"

#include <cpuid.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/uio.h>

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
static pthread_once_t exit_key_once = PTHREAD_ONCE_INIT, timing_once = PTHREAD_ONCE_INIT;

static _Thread_local bool ended_before __attribute__((tls_model("initial-exec")));
static _Thread_local bool unrecorded __attribute__((tls_model("initial-exec")));

static void thread_end(void *self) {
    struct tli_thread *thread = self;
    struct tally_tls *tls = &__tally_tls;
    if (tli_self != thread)
        return;
    uint64_t mask = tli_block_signals();
    ended_before = true;
    tli_charge(tls, tls->charged);
    tli_life_end(&thread->life);
    tli_self = NULL;
    *tls = (struct tally_tls){.slot = &tli_bootstrap_slot};
    tli_hooks_drop_all(&thread->hooks);
    atomic_store_explicit(&thread->tls, NULL, memory_order_release);
    tli_restore_signals(mask);
}

void tli_threads_forget_others(void) {
    for (struct tli_thread *t = tli_threads(); t; t = t->next) {
        if (t == tli_self)
            continue;
        tli_hooks_drop_all(&t->hooks);
        tli_life_forget(&t->life);
        atomic_store(&t->tls, NULL);
    }
    tli_lives_restart(tli_self ? &tli_self->life : NULL);
}

/* Of a thread that may be gone, its stack and what is on it unmapped: the kernel does the reading,
 * and says so where there is nothing. */
static bool read_tls(const struct tally_tls *tls, struct tally_tls *copy) {
    if (tls == &__tally_tls) {
        *copy = *tls;
        return true;
    }
    struct iovec to = {copy, sizeof *copy}, from = {(void *)(uintptr_t)tls, sizeof *tls};
    return tli_syscall6(SYS_process_vm_readv, tli_program.pid, (long)&to, 1, (long)&from, 1, 0) ==
           (long)sizeof *copy;
}

struct tli_pending tli_thread_pending(struct tli_thread *thread) {
    struct tli_pending none = {0};
    struct tally_tls first, second;
    const struct tally_tls *tls = atomic_load_explicit(&thread->tls, memory_order_acquire);
    if (!tls || !read_tls(tls, &first) || !read_tls(tls, &second))
        return none;
    uint64_t now = tli_now_for(first.clock);
    bool moved = first.last != second.last || first.charged != second.charged;
    return moved || now < first.last ? none : (struct tli_pending){first.charged, now - first.last};
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
        if (atomic_load(&t->tls) ==
            tls) { /* of one that is gone: nobody but us is at our address */
            tli_hooks_drop_all(&t->hooks);
            return t;
        }
    }
    for (struct tli_thread *t = tli_threads(); t; t = t->next) {
        struct tally_tls *nobody = NULL;
        if (atomic_compare_exchange_strong(&t->tls, &nobody, tls))
            return t;
    }
    return NULL;
}

/* The same in each thread and each run: what is random about a sample is where it falls among what
 * the program does. */
static const uint64_t SEED = 0x9E3779B97F4A7C15u;

static struct tli_thread *thread_make(struct tally_tls *tls) {
    struct tli_arena arena = {.next_chunk_bytes = 0};
    struct tli_thread *thread = tli_arena_alloc(&arena, sizeof *thread);
    if (!thread)
        return NULL;
    thread->arena = arena;
    thread->random = SEED;
    if (!tli_root_make(thread)) {
        tli_arena_release(&arena);
        return NULL;
    }
    atomic_init(&thread->tls, tls);
    thread->next = atomic_load(&registry);
    while (!atomic_compare_exchange_weak(&registry, &thread->next, thread))
        ;
    tli_heap_look_again();
    return thread;
}

static struct tli_thread *thread_begin_unsignalled(void) {
    struct tally_tls *tls = &__tally_tls;
    pthread_once(&timing_once, tli_timing_start);
    struct tli_thread *thread = thread_adopt(tls);
    if (!thread)
        thread = thread_make(tls);
    if (!thread) {
        if (!unrecorded)
            atomic_fetch_add(&threads_unrecorded, 1);
        unrecorded = true;
        return NULL;
    }
    if (!ended_before)
        atomic_fetch_add(&threads_started, 1);
    pthread_once(&exit_key_once, make_exit_key);
    pthread_setspecific(exit_key, thread);
    thread->heap.latest = 0; /* of the thread that had this before */
    tli_life_begin(&thread->life);
    tls->clock = tli_clock_mode();
    tls->cur = tls->charged = thread->root;
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
