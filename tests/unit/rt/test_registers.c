/*
 * test_registers.c - the cold edges of the hot path keep every register but rax and r11.
 *
 * The compiler is told that __tally_enter_slow and __tally_time_* clobber nothing else, and holds
 * arguments and results in what is left: general, vector, opmask and x87 registers, and the modes
 * of floating point. Each way through the slow path is gone with all of them set to noise, at both
 * alignments of the stack.
 */
#include "registers.h"

#include "instrumented.h"
#include "options.h"
#include "sanitizers.h"
#include "shot.h"
#include "thread.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

FUNCTION(start, 2);
FUNCTION(leaf, 0);
FUNCTION(other, 1);

static struct registers in, out;

static enum vectors vectors(void) {
    if (__builtin_cpu_supports("avx512f"))
        return VECTORS_AVX512;
    return __builtin_cpu_supports("avx") ? VECTORS_AVX : VECTORS_SSE;
}

static void fill(void) {
    uint64_t noise = 88172645463325252u;
    unsigned char *bytes = (unsigned char *)&in;
    for (size_t i = 0; i < sizeof in; i++) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        bytes[i] = (unsigned char)(noise >> 32);
    }
    for (int i = 0; i < 8; i++)
        in.opmask[i] &= 0xffff;
    const long double results[] = {-1.2345678901234567890L, 9.87e4000L};
    for (int i = 0; i < 2; i++)
        memcpy(in.x87[i], &results[i], 10);
    in.mxcsr = 0x1f80 | 0x6000 | 0x8000; /* nothing raised; towards zero; flush to zero */
    in.x87_control = 0x037f | 0x0800;    /* upwards */
}

static size_t vector_bytes(void) {
    return vectors() == VECTORS_SSE ? 16 : vectors() == VECTORS_AVX ? 32 : 64;
}

static void expect_unchanged(const char *what) {
    for (int i = 0; i < N_GENERAL; i++)
        if (i != RAX && i != R11 && i != RSP)
            cr_expect_eq(out.general[i], in.general[i], "%s: general register %d", what, i);
    int n = vectors() == VECTORS_AVX512 ? 32 : 16;
    for (int i = 0; i < n; i++)
        cr_expect_eq(memcmp(out.vector[i], in.vector[i], vector_bytes()), 0, "%s: vector %d", what,
                     i);
    for (int i = 0; i < 8 && vectors() == VECTORS_AVX512; i++)
        cr_expect_eq(out.opmask[i] & 0xffff, in.opmask[i], "%s: opmask %d", what, i);
    for (int i = 0; i < 2; i++)
        cr_expect_eq(memcmp(out.x87[i], in.x87[i], 10), 0, "%s: st(%d)", what, i);
    cr_expect_eq(out.mxcsr, in.mxcsr, "%s: mxcsr", what);
    cr_expect_eq(out.x87_control, in.x87_control, "%s: x87 control word", what);
}

/* ThreadSanitizer's run-time library, which instrumented code calls, uses vector registers. */
static void call_checked(const char *what, const void *function, uint64_t misaligned) {
    call_with_registers(function, &in, &out, vectors(), misaligned);
    if (!WITH_THREAD_SANITIZER)
        expect_unchanged(what);
}

/* __tally_enter_slow(slot, fn), and the node it gave. */
static struct tally_node *enter_slow(const char *what, struct tally_node **slot,
                                     const struct tally_function *fn, uint64_t misaligned) {
    fill();
    in.general[RDI] = (uintptr_t)slot;
    in.general[RSI] = (uintptr_t)fn;
    call_checked(what, (const void *)__tally_enter_slow, misaligned);
    struct tally_node *node = (struct tally_node *)out.general[RAX];
    cr_assert_not_null(node);
    cr_expect_eq(node->fn, fn, "%s: the node is the function's", what);
    return node;
}

static void go_all_ways(uint64_t misaligned) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_frame frame = enter(&fn_start);
    call(&frame, 0);
    struct tally_node *made = enter_slow("made", tls->slot, &fn_leaf, misaligned);
    enter_slow("made beside another", tls->slot, &fn_other, misaligned);
    cr_expect_eq(enter_slow("found", tls->slot, &fn_leaf, misaligned), made);
    tli_self->cache[0] = NULL;
    memset(tli_self->cache, 0, sizeof tli_self->cache);
    cr_expect_eq(enter_slow("found without hints", tls->slot, &fn_leaf, misaligned), made);
    struct tally_node *folded = enter_slow("recursion", tls->slot, &fn_start, misaligned);
    cr_expect_eq(folded->folded, 1);
    enter_slow("at no known site", &tli_siteless_slot, &fn_leaf, misaligned);
    tls->tail_node = frame.node;
    tls->tail_site = 1;
    tls->tail_return = frame.in;
    tls->tail_callee = NULL; /* the address of fn_leaf */
    struct tally_node *jumped = enter_slow("jump", &__tally_tail_slot, &fn_leaf, misaligned);
    cr_expect_eq(jumped->site, 1);
    tls->slot = &frame.node->child[0];
    while (tli_arena_alloc(&tli_self->arena, 16) && tli_self->arena.next_chunk_bytes < 1 << 19)
        ;
    static struct tally_function wide;
    wide = fn_other;
    static const struct tally_site sites[TALLY_MAX_SLOTS];
    wide.sites = sites;
    wide.n_sites = TALLY_MAX_SLOTS;
    enter_slow("made, with memory mapped for it", tls->slot, &wide, misaligned);
    uint64_t limit = tli_options.memory;
    tli_options.memory = 1;
    static struct tally_function late;
    late = fn_leaf;
    enter_slow("beyond the limit", tls->slot, &late, misaligned);
    tli_options.memory = limit;
    tls->slot = &frame.node->child[0];
    tls->cur = frame.node;
    leave(&frame);
}

Test(registers, every_way_through_the_slow_path) {
    go_all_ways(0);
}

Test(registers, with_the_stack_where_the_abi_would_not_have_it) {
    go_all_ways(8);
}

/* A thread's first entry calls libc, which may use anything. */
static void *begin_thread(void *misaligned) {
    struct tally_node *node =
        enter_slow("first entry", __tally_tls.slot, &fn_leaf, (uintptr_t)misaligned);
    cr_expect_eq(node->parent, tli_self->root);
    return NULL;
}

static void begin_threads(uintptr_t misaligned) {
    for (int i = 0; i < 3; i++) { /* the first makes a tree, the next ones adopt it */
        pthread_t thread;
        pthread_create(&thread, NULL, begin_thread, (void *)misaligned);
        pthread_join(thread, NULL);
    }
}

Test(registers, the_first_entry_of_a_thread) {
    begin_threads(0);
}

Test(registers, the_first_entry_of_a_thread_misaligned) {
    begin_threads(8);
}

extern unsigned char tli_has_xsave;

/* Where the system does not save vector registers by xsave: fxsave keeps 16 bytes of each. */
static void *begin_thread_by_fxsave(void *misaligned) {
    tli_has_xsave = 0;
    fill();
    in.general[RDI] = (uintptr_t)__tally_tls.slot;
    in.general[RSI] = (uintptr_t)&fn_leaf;
    call_with_registers((const void *)__tally_enter_slow, &in, &out, VECTORS_SSE,
                        (uintptr_t)misaligned);
    for (int i = 0; i < 16 && !WITH_THREAD_SANITIZER; i++)
        cr_expect_eq(memcmp(out.vector[i], in.vector[i], 16), 0, "vector %d", i);
    cr_expect_eq(out.mxcsr, in.mxcsr);
    cr_expect_eq(memcmp(out.x87, in.x87, 10), 0);
    return NULL;
}

Test(registers, the_first_entry_of_a_thread_without_xsave) {
    pthread_t thread;
    pthread_create(&thread, NULL, begin_thread_by_fxsave, NULL);
    pthread_join(thread, NULL);
}

/* Who was charged before, and so again; time passes to the node and no further. */
static void time_a_call(struct tally_node *node) {
    struct tally_tls *tls = &__tally_tls;
    struct tally_timed timed;
    for (uint64_t misaligned = 0; misaligned <= 8; misaligned += 8) {
        struct tally_node *before = tls->charged;
        uint64_t last = tls->last;
        fill();
        in.general[RDI] = (uintptr_t)&timed;
        in.general[RSI] = (uintptr_t)node;
        call_checked("entry", (const void *)__tally_time_entry, misaligned);
        cr_expect_eq(out.general[RAX], (uintptr_t)before);
        cr_expect_eq(tls->charged, node);
        cr_expect_gt(tls->last, last);
        fill();
        in.general[RAX] = 12345;
        in.general[RDI] = (uintptr_t)&timed;
        in.general[RSI] = (uintptr_t)node;
        in.general[RDX] = (uintptr_t)before;
        call_checked("exit", (const void *)__tally_time_exit, misaligned);
        cr_expect_eq(out.general[RAX], 12345, "the function's result");
        cr_expect_eq(tls->charged, before);
    }
}

static void time_calls(const char *options) {
    setenv("TALLY_OPTIONS", options, 1);
    struct tli_frame frame = enter(&fn_start);
    time_a_call(frame.node);
    cr_expect_gt(frame.node->self, 0);
    leave(&frame);
}

Test(registers, the_counter) {
    time_calls("timing=exact");
}

Test(registers, the_other_clock) {
    time_calls("timing=exact:clock=monotonic");
}

Test(registers, a_sample) {
    time_calls("timing=adaptive");
}
