/*
 * probe.c - see probe.h.
 *
 * The plain and the probed leaf are the same empty function, one with the hot path around it, so
 * that the difference per call is the probe's and not the call's.
 */
#include "probe.h"

#include "clock.h"
#include "hotpath.h"
#include "syscall.h"
#include "thread.h"
#include "tree.h"

enum { CALLS = 100, BATCHES = 16 };

static const struct tally_source source = {"[probe]", "[probe]", "", 0, 0};
static const struct tally_scope scope = {&source, TALLY_NO_INDEX, 0};
static const struct tally_site site = {0, 0};
static const struct tally_function fn_caller = {
    .source = &source, .scopes = &scope, .sites = &site, .n_scopes = 1, .n_sites = 1};
static const struct tally_function fn_leaf = {.source = &source, .scopes = &scope, .n_scopes = 1};

/* A tree of two nodes: the caller with its one slot, and the leaf in it. */
static struct tally_node *caller_words[sizeof(struct tally_node) / 8 + 1];
static struct tally_node *const caller = (struct tally_node *)(void *)caller_words;
static struct tally_node leaf = {.fn = &fn_leaf};
/* … and the leaf that the hooks find among the caller's children: one site, one call address. */
static struct tally_node *hooked_words[sizeof(struct tally_node) / 8 + 2];
static struct tally_node *const hooked = (struct tally_node *)(void *)hooked_words;

__attribute__((noinline)) static void plain_leaf(void) {
    __asm__ volatile("");
}

__attribute__((noinline)) static void probed_leaf(void) {
    struct tally_tls *tls = &__tally_tls;
    struct tli_frame frame = tli_enter(tls, &fn_leaf);
    __asm__ volatile("");
    tli_exit(tls, &frame);
}

__attribute__((noinline)) static void hooked_leaf(void) {
    __cyg_profile_func_enter((void *)(uintptr_t)hooked_leaf, __builtin_return_address(0));
    __asm__ volatile("");
    __cyg_profile_func_exit((void *)(uintptr_t)hooked_leaf, __builtin_return_address(0));
}

struct batch {
    uint64_t total, inside; /* ticks for CALLS calls */
};

static struct batch run_batch(void (*function)(void), struct tally_node *inside_of) {
    struct tally_tls *tls = &__tally_tls;
    uint64_t self_before = inside_of ? inside_of->self : 0;
    uint64_t start = tli_now_for(tls->clock);
    for (int i = 0; i < CALLS; i++) {
        tls->slot = &caller->child[0];
        function();
    }
    return (struct batch){tli_now_for(tls->clock) - start,
                          inside_of ? inside_of->self - self_before : 0};
}

static struct batch best_batch(void (*function)(void), struct tally_node *(*inside_of)(void)) {
    struct batch best = {UINT64_MAX, UINT64_MAX};
    for (int i = 0; i < BATCHES; i++) {
        struct batch batch = run_batch(function, inside_of ? inside_of() : NULL);
        if (batch.total < best.total)
            best.total = batch.total;
        if (batch.inside < best.inside)
            best.inside = batch.inside;
    }
    return best;
}

static struct tally_node *leaf_node(void) {
    return &leaf;
}

static struct tally_node *hooked_node(void) {
    return hooked;
}

static struct tli_probe_cost cost_over(struct batch plain, struct batch probed) {
    uint64_t total = probed.total > plain.total ? probed.total - plain.total : 0;
    uint64_t inside = probed.inside < total ? probed.inside : total;
    return (struct tli_probe_cost){inside * 1024 / CALLS, (total - inside) * 1024 / CALLS};
}

static void build_tree(void) {
    const struct tally_function *fn =
        tli_function_at(tli_self, (const void *)(uintptr_t)hooked_leaf);
    caller->fn = &fn_caller;
    caller->site = TALLY_NO_INDEX;
    caller->child[0] = &leaf;
    if (!fn)
        return; /* no memory: the hooks will count nothing and so seem to cost nothing */
    hooked->fn = fn;
    hooked->parent = caller;
    hooked->site = 0;
    hooked->vacant = &tli_fn_nobody;
    hooked->child[0] = tli_vacant(hooked);
    caller->children = hooked;
}

struct tli_probe_costs tli_probe_measure(void) {
    struct tally_tls *tls = &__tally_tls, saved = *tls;
    struct tli_hooks hooks = tli_self->hooks;
    uint64_t mask = tli_block_signals(); /* what a handler called would be lost with this tree */
    tli_self->hooks = (struct tli_hooks){0};
    build_tree();
    tls->cur = caller;
    struct batch plain = best_batch(plain_leaf, NULL);
    struct tli_probe_costs costs = {
        .inline_code = cost_over(plain, best_batch(probed_leaf, leaf_node)),
        .hooks = cost_over(plain, best_batch(hooked_leaf, hooked_node)),
    };
    tli_hooks_release(&tli_self->hooks);
    tli_self->hooks = hooks;
    *tls = saved;
    tli_restore_signals(mask);
    return costs;
}
