/* sampling.c - see sampling.h. */
#include "sampling.h"

#include "clock.h"
#include "edge_x86_64.h"
#include "entry_points.h"
#include "options.h"
#include "thread.h"
#include "tree.h"

#include <stddef.h>

enum { FIRST_CALLS = 16, LARGEST_BLOCK_LOG2 = 10 };
/* A block must not hold more than one part in so many of the calls so far. */
enum { CALLS_A_BLOCK = 8 };
/* How many times as long as reading the clock a call must be for all like it to be timed. */
enum { LONG_CALL = 40 };

_Static_assert((int)LARGEST_BLOCK_LOG2 <= (int)TLI_BLOCK_MASK, "nodes are aligned to 16 bytes");

_Static_assert(offsetof(struct tally_tls, slot) == TLS_SLOT, "edge_x86_64.h");
_Static_assert(offsetof(struct tally_tls, cur) == TLS_CUR, "edge_x86_64.h");
_Static_assert(offsetof(struct tally_tls, charged) == TLS_CHARGED, "edge_x86_64.h");
_Static_assert(offsetof(struct tally_tls, last) == TLS_LAST, "edge_x86_64.h");
_Static_assert(offsetof(struct tally_node, self) == NODE_SELF, "edge_x86_64.h");
_Static_assert(offsetof(struct tally_node, fn) == NODE_FN, "edge_x86_64.h");
_Static_assert(offsetof(struct tally_node, calls) == NODE_CALLS, "edge_x86_64.h");
_Static_assert(offsetof(struct tally_node, due) == NODE_DUE, "edge_x86_64.h");
_Static_assert(offsetof(struct tally_node, frame) == NODE_FRAME, "edge_x86_64.h");
_Static_assert(offsetof(struct tli_thread, reached) == 0, "enter_x86_64.S");
_Static_assert(sizeof(struct tli_reached) == 1 << REACHED_SIZE_LOG2, "edge_x86_64.h");

uint8_t tli_timing_is_special;
static enum tally_timing timing = TALLY_TIMING_EXACT;
static uint64_t long_call; /* ticks; shorter calls are worth a sample */

/* Between two fences, so that what is before and what is after does not run at the same time. That
 * takes longer than the bare counter; where only some calls are timed, truth comes first. */
static uint64_t now_for(uint64_t clock) {
    if (clock != TLI_CLOCK_TSC)
        return tli_now_for(clock);
    uint64_t low, high;
    __asm__ volatile("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high)::"memory");
    return high << 32 | low;
}

/* Of two readings, when nothing disturbs. */
static uint64_t clock_cost(uint64_t clock) {
    enum { BATCHES = 4, READINGS = 8 };
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < BATCHES; i++) {
        uint64_t start = now_for(clock), end = start;
        for (int k = 0; k < READINGS; k++)
            end = now_for(clock);
        if (end - start < least)
            least = end - start;
    }
    return 2 * least / READINGS;
}

void tli_timing_start(void) {
    enum tli_clock_mode clock = tli_clock_mode();
    timing = tli_options_timing();
    if (timing == TALLY_TIMING_ADAPTIVE || clock != TLI_CLOCK_TSC)
        tli_timing_is_special = 1;
    long_call = LONG_CALL * clock_cost(clock);
}

uint64_t tli_first_due(const struct tally_function *fn) {
    switch (fn->timing == TALLY_TIMING_ANY ? timing : (enum tally_timing)fn->timing) {
    case TALLY_TIMING_ADAPTIVE:
        __atomic_store_n(&tli_timing_is_special, 1, __ATOMIC_RELAXED);
        return 1;
    case TALLY_TIMING_OFF:
        return UINT64_MAX;
    default:
        return 0;
    }
}

void tli_charge(struct tally_tls *tls, struct tally_node *to) {
    uint64_t now = now_for(tls->clock);
    tls->charged->self += now - tls->last;
    tls->last = now;
    tls->charged = to;
}

struct tally_node *tli_always_timed(struct tally_node *node) {
    while (node->parent && (node->sample || node->due > 1))
        node = node->parent;
    return node;
}

/* ---- blocks ---- */

/* xorshift64 (Marsaglia 2003). */
static uint64_t random_of(struct tli_thread *thread) {
    uint64_t x = thread->random;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return thread->random = x;
}

/* The shorter calls are, the more of them there are where it matters: so the share of them that is
 * timed goes with the square of their length. */
static uint64_t block_log2(const struct tally_sampling *sample, uint64_t calls) {
    uint64_t shorter = 8 * long_call / (sample->eight_means | 1);
    uint64_t size = shorter * shorter, bound = calls / CALLS_A_BLOCK;
    uint64_t log2 = 0;
    if (size > bound)
        size = bound;
    while (log2 < LARGEST_BLOCK_LOG2 && size >= UINT64_C(2) << log2)
        log2++;
    return log2;
}

static void begin_block(struct tally_sampling *sample, struct tally_node *node) {
    sample->block_log2 = block_log2(sample, node->calls);
    uint64_t size = UINT64_C(1) << sample->block_log2;
    node->due = sample->next_block + (random_of(tli_self) & (size - 1));
    sample->next_block += size;
}

/* ---- timed calls ---- */

/* From time_x86_64.S. */
struct tally_node *tli_time_entry(struct tally_timed *timed, struct tally_node *node);
struct tally_node *tli_time_entry(struct tally_timed *timed, struct tally_node *node) {
    struct tally_tls *tls = &__tally_tls;
    uintptr_t payer = (uintptr_t)tls->charged;
    if (node->sample) {
        payer |= node->sample->block_log2;
        begin_block(node->sample, node);
    }
    timed->caller = tls->cur;
    tli_charge(tls, node);
    timed->began = node->self;
    return (struct tally_node *)payer;
}

static void sample_from_now_on(struct tally_node *node) {
    struct tally_sampling *sample = tli_arena_alloc(&tli_self->arena, sizeof *sample);
    if (!sample)
        return;
    sample->timed = node->calls;
    sample->latest = (int64_t)node->self > 0 ? node->self / node->calls : 0;
    sample->eight_means = 8 * sample->latest;
    sample->next_block = node->calls + 1;
    begin_block(sample, node);
    node->sample = sample;
}

static uint64_t saturating_square_times(uint64_t x, uint64_t times) {
    uint64_t square;
    if (__builtin_mul_overflow(x, x, &square) || __builtin_mul_overflow(square, times, &square))
        return UINT64_MAX;
    return square;
}

/* Of functions compiled without timing none is ever charged; their callers are. */
static void give(struct tally_node *caller, uint64_t ticks) {
    while (caller->due == UINT64_MAX && caller->parent)
        caller = caller->parent;
    if (caller->sample)
        caller->sample->given += ticks;
    else
        caller->self -= ticks;
}

/* A call of `ticks` was timed, the one of a block of `size`. Let x be its ticks, x' those of the
 * call that was timed before: size (size - 1) (x - x')^2 / 2 estimates the variance of the block's.
 */
static void extrapolate(struct tally_sampling *sample, struct tally_node *caller, uint64_t ticks,
                        uint64_t size) {
    uint64_t others = size - 1;
    uint64_t apart = ticks > sample->latest ? ticks - sample->latest : sample->latest - ticks;
    uint64_t variance = saturating_square_times(apart, size * others / 2);
    sample->untimed += others * ticks;
    sample->stood_for += others;
    if (__builtin_add_overflow(sample->variance, variance, &sample->variance))
        sample->variance = UINT64_MAX;
    give(caller, others * ticks);
}

/* Calls that took more than eight times as long as lately, as they do when the thread is preempted,
 * stand for no others that did: with a block of 1024, one millisecond would become one second. What
 * others like them took stays with their callers. */
static uint64_t usual_part(const struct tally_sampling *sample, uint64_t ticks) {
    return ticks < sample->eight_means ? ticks : sample->eight_means;
}

/* `self` holds what was charged to calls that have not returned. A call that called itself in turn
 * so finds on its return only what was charged while it was the innermost. */
static void ended(struct tally_node *node, struct tally_node *caller, uint64_t began,
                  uint64_t size) {
    struct tally_sampling *sample = node->sample;
    if (!sample) {
        if (node->calls >= FIRST_CALLS && (int64_t)node->self < (int64_t)(node->calls * long_call))
            sample_from_now_on(node);
        return;
    }
    uint64_t ticks = node->self - began;
    if ((int64_t)ticks < 0)
        return; /* what it called was estimated to have taken longer */
    node->self = began;
    sample->self += ticks;
    sample->timed++;
    uint64_t usual = usual_part(sample, ticks);
    if (size > 1)
        extrapolate(sample, caller, usual, size);
    sample->eight_means += ticks - sample->eight_means / 8;
    sample->latest = usual;
}

/* From time_x86_64.S. */
void tli_time_exit(const struct tally_timed *timed, struct tally_node *node,
                   struct tally_node *payer);
void tli_time_exit(const struct tally_timed *timed, struct tally_node *node,
                   struct tally_node *payer) {
    struct tally_tls *tls = &__tally_tls;
    tls->charged = node; /* where frames are gone without a word, it may be another */
    tli_charge(tls, tli_payer(payer));
    if (node->due != 0)
        ended(node, timed->caller, timed->began,
              UINT64_C(1) << ((uintptr_t)payer & TLI_BLOCK_MASK));
}

int64_t tli_untimed_rest(const struct tally_node *node) {
    const struct tally_sampling *sample = node->sample;
    if (!sample)
        return 0;
    int64_t calls = (int64_t)(node->calls - sample->timed - sample->stood_for);
    uint64_t mean =
        sample->stood_for ? sample->untimed / sample->stood_for : sample->eight_means / 8;
    return calls * (int64_t)mean;
}
