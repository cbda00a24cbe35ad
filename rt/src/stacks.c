/*
 * stacks.c - see stacks.h.
 *
 * An array in the order of addresses; no two overlap, for a new one takes the place of those whose
 * memory it has. Behind a lock, with signals blocked: both functions are off the path of calls.
 */
#include "stacks.h"

#include "arena.h"
#include "lock.h"
#include "syscall.h"

#include <signal.h>

enum { FIRST_STACKS = 256 };

_Atomic uint64_t tli_stacks_made;
static struct tli_stack *stacks;
static size_t n_stacks, max_stacks;
static atomic_flag stacks_lock = ATOMIC_FLAG_INIT;

/* Another thread may have been changing them: then they are forgotten. */
void tli_stacks_forked(void) {
    if (atomic_flag_test_and_set(&stacks_lock))
        n_stacks = 0;
    atomic_flag_clear(&stacks_lock);
    atomic_fetch_add(&tli_stacks_made, 1);
}

static bool grow(void) {
    size_t max = max_stacks ? 2 * max_stacks : FIRST_STACKS;
    struct tli_stack *more = tli_map(max * sizeof *more);
    if (!more)
        return false;
    for (size_t i = 0; i < n_stacks; i++)
        more[i] = stacks[i];
    if (stacks)
        tli_unmap(stacks, max_stacks * sizeof *stacks);
    stacks = more;
    max_stacks = max;
    return true;
}

/* The first that ends above `address`; n_stacks if none does. */
static size_t first_above(uintptr_t address) {
    size_t from = 0, to = n_stacks;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (stacks[middle].high > address)
            to = middle;
        else
            from = middle + 1;
    }
    return from;
}

static void insert(struct tli_stack made) {
    size_t place = first_above(made.low), next = place;
    while (next < n_stacks && stacks[next].low < made.high)
        next++;
    if (next == place) {
        if (n_stacks == max_stacks && !grow())
            return;
        for (size_t i = n_stacks; i > place; i--)
            stacks[i] = stacks[i - 1];
        n_stacks++;
        next++;
    }
    stacks[place] = made;
    for (size_t i = next; i < n_stacks; i++)
        stacks[place + 1 + i - next] = stacks[i];
    n_stacks -= next - place - 1;
}

void tli_stack_made(uintptr_t low, size_t size_bytes) {
    if (size_bytes == 0 || low + size_bytes < low)
        return;
    uint64_t mask = tli_spin_lock(&stacks_lock);
    uint64_t serial = atomic_load(&tli_stacks_made) + 1;
    insert((struct tli_stack){low, low + size_bytes, serial});
    atomic_store(&tli_stacks_made, serial);
    tli_spin_unlock(&stacks_lock, mask);
}

struct tli_stack tli_stack_at(uintptr_t address) {
    uint64_t mask = tli_spin_lock(&stacks_lock);
    size_t above = first_above(address);
    struct tli_stack found = {
        .low = above > 0 ? stacks[above - 1].high : 0,
        .high = above < n_stacks ? stacks[above].low : UINTPTR_MAX,
    };
    if (above < n_stacks && stacks[above].low <= address)
        found = stacks[above];
    tli_spin_unlock(&stacks_lock, mask);
    return found;
}

struct tli_stack tli_signal_stack(void) {
    stack_t s;
    if (tli_syscall3(SYS_sigaltstack, 0, (long)&s, 0) != 0 || !(s.ss_flags & SS_ONSTACK))
        return (struct tli_stack){0};
    return (struct tli_stack){(uintptr_t)s.ss_sp, (uintptr_t)s.ss_sp + s.ss_size, 0};
}
