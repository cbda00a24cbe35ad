/*
 * probe.c - see probe.h.
 *
 * Leaves are called in a loop: an empty one, one that does a little work, and that one with the hot
 * path around it. A processor does the probe's work and the program's at the same time, as far as
 * it can, so what a probe adds depends on what it is added to; an empty function would make
 * sampling seem to cost more than it does. What the work alone takes is the difference of the first
 * two.
 *
 * It also depends on whether the contexts are in the processor's caches. So calls go round as many
 * contexts as the program has, up to what fills the second cache, in no order that a processor
 * would know in advance:
 *
 *   places   | slot, node of the leaf | slot, node of the leaf | …
 */
#include "probe.h"

#include "clock.h"
#include "entry_points.h"
#include "sampling.h"
#include "syscall.h"
#include "thread.h"
#include "tree.h"

enum { LEAST_CALLS = 128, MOST_PLACES = 4096 };
/* Small batches, and large ones, of which a few last as long. */
enum { BATCHES = 16, LARGE_BATCHES = 4, LARGE = 1024 };

static const struct tally_source source = {"[probe]", "[probe]", "", 0, 0};
static const struct tally_scope scope = {&source, TALLY_NO_INDEX, 0};
static const struct tally_site site = {0, 0};
static const struct tally_function fn_caller = {
    .source = &source, .scopes = &scope, .sites = &site, .n_scopes = 1, .n_sites = 1};
void tli_probe_leaf(void); /* probe_x86_64.S */
extern const struct tally_function tli_probe_leaf_fn;
const struct tally_function tli_probe_leaf_fn = {
    .source = &source, .scopes = &scope, .n_scopes = 1};

/* The caller has one slot, for what the hooks find among its children: one site, one address. */
static struct tally_node *caller_words[sizeof(struct tally_node) / 8 + 1]
    __attribute__((aligned(16)));
static struct tally_node *const caller = (struct tally_node *)(void *)caller_words;
static struct tally_node *hooked_words[sizeof(struct tally_node) / 8 + 2];
static struct tally_node *const hooked = (struct tally_node *)(void *)hooked_words;

/* A context of the leaf, and where its caller has it: as large as many are. */
struct place {
    struct tally_node *slot;
    struct tally_node node;
    struct tally_sampling sample;
};
static struct place *places;
static struct tally_sampling hooked_sample;
static size_t n_places; /* a power of two */

extern volatile uint64_t tli_probe_words[8]; /* what the leaves work on */
volatile uint64_t tli_probe_words[8];
extern uint8_t tli_probe_works;
uint8_t tli_probe_works;

void tli_probe_empty(void); /* probe_x86_64.S */
void tli_probe_work(void);
__attribute__((noinline)) static void hooked_leaf(void) {
    __cyg_profile_func_enter((void *)(uintptr_t)hooked_leaf, __builtin_return_address(0));
    for (int i = 0; i < 8 && tli_probe_works; i++)
        tli_probe_words[i]++;
    __cyg_profile_func_exit((void *)(uintptr_t)hooked_leaf, __builtin_return_address(0));
}

/* ---- batches of calls ---- */

struct way {
    void (*call)(void);
    bool is_hooked, is_timed;
};

struct batch {
    uint64_t total, inside; /* ticks */
};

/* In a process that samples, calls seem long until long after the batch: so each is timed. */
static void prepare(struct tally_node *node, struct tally_sampling *sample, bool is_timed) {
    *sample = (struct tally_sampling){.eight_means = UINT64_MAX / 2, .next_block = node->calls + 1};
    node->self = 0;
    node->due = is_timed ? tli_first_due(node->fn) : UINT64_MAX;
    node->sample = node->due == 1 ? sample : NULL;
}

static uint64_t charged(void) {
    uint64_t sum = hooked->self + hooked_sample.self;
    for (size_t i = 0; i < n_places; i++)
        sum += places[i].node.self + places[i].sample.self;
    return sum;
}

static size_t n_calls(void) {
    return n_places > LEAST_CALLS ? n_places : LEAST_CALLS;
}

static struct batch run_batch(const struct way *way) {
    const size_t step = 0x9E3779B1; /* odd: comes by every place */
    struct tally_tls *tls = &__tally_tls;
    prepare(hooked, &hooked_sample, way->is_timed);
    for (size_t i = 0; i < n_places; i++)
        prepare(&places[i].node, &places[i].sample, way->is_timed);
    uint64_t start = tli_now_for(tls->clock);
    for (size_t i = 0; i < n_calls(); i++) {
        tls->slot = way->is_hooked ? &caller->child[0] : &places[i * step & (n_places - 1)].slot;
        tli_probe_work();
        way->call();
        tls->cur = caller;
    }
    return (struct batch){tli_now_for(tls->clock) - start, charged()};
}

static struct batch best_batch(struct way way) {
    struct batch best = {UINT64_MAX, UINT64_MAX};
    for (int i = 0; i < (n_calls() < LARGE ? BATCHES : LARGE_BATCHES); i++) {
        struct batch batch = run_batch(&way);
        if (batch.total < best.total)
            best.total = batch.total;
        if (batch.inside < best.inside)
            best.inside = batch.inside;
    }
    return best;
}

static uint64_t without(uint64_t ticks, uint64_t taken) {
    return ticks > taken ? ticks - taken : 0;
}

/* What calls of a leaf that works cost more, if they are counted or timed. */
static struct tli_probe_cost cost_over(struct batch empty, struct batch work, void (*call)(void),
                                       bool is_hooked) {
    struct batch timed = best_batch((struct way){call, is_hooked, true});
    struct batch counted = best_batch((struct way){call, is_hooked, false});
    uint64_t total = without(timed.total, work.total);
    uint64_t inside = without(timed.inside, without(work.total, empty.total));
    inside = inside < total ? inside : total;
    return (struct tli_probe_cost){inside * 1024 / n_calls(), (total - inside) * 1024 / n_calls(),
                                   without(counted.total, work.total) * 1024 / n_calls()};
}

static void build_tree(void) {
    caller->fn = &fn_caller;
    caller->site = TALLY_NO_INDEX;
    for (size_t i = 0; i < n_places; i++) {
        places[i].slot = &places[i].node;
        places[i].node.fn = &tli_probe_leaf_fn;
        places[i].node.parent = caller;
    }
    hooked->fn = tli_function_at(tli_self, (const void *)(uintptr_t)hooked_leaf);
    if (!hooked->fn)
        return; /* no memory: the hooks will count nothing and so seem to cost nothing */
    hooked->parent = caller;
    hooked->site = 0;
    hooked->vacant = &tli_fn_nobody;
    hooked->child[0] = tli_vacant(hooked);
    caller->child[0] = caller->children = hooked;
}

static bool find_places(struct tli_arena *arena) {
    n_places = 1;
    while (n_places < MOST_PLACES && n_places * 2 <= tli_nodes_made())
        n_places *= 2;
    places = tli_arena_alloc(arena, n_places * sizeof *places);
    return places != NULL;
}

/* Where the clock is read at each call, the processor does little else than that, and what is done
 * meanwhile does not show. So from each reading, all that it takes by itself is taken off: what is
 * left is what took longer than the reading hides. */
static struct tli_probe_costs measure(struct tli_probe_ways ways) {
    tli_probe_works = tli_timing_is_special;
    struct batch empty = best_batch((struct way){tli_probe_empty, false, false});
    struct batch work = best_batch((struct way){tli_probe_work, false, false});
    struct tli_probe_costs costs = {0};
    if (ways.inline_code)
        costs.inline_code = cost_over(empty, work, tli_probe_leaf, false);
    if (ways.hooks && hooked->fn)
        costs.hooks = cost_over(empty, work, hooked_leaf, true);
    return costs;
}

struct tli_probe_costs tli_probe_measure(struct tli_probe_ways ways, struct tli_arena *arena) {
    struct tally_tls *tls = &__tally_tls, saved = *tls;
    struct tli_hooks hooks = tli_self->hooks;
    struct tli_probe_costs costs = {0};
    if (!find_places(arena))
        return costs;
    uint64_t mask = tli_block_signals(); /* what a handler called would be lost with this tree */
    tli_self->hooks = (struct tli_hooks){0};
    build_tree();
    tls->cur = tls->charged = caller;
    costs = measure(ways);
    tli_hooks_release(&tli_self->hooks);
    tli_self->hooks = hooks;
    *tls = saved;
    tli_restore_signals(mask);
    return costs;
}
