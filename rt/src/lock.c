/* lock.c - see lock.h. */
#include "lock.h"

#include "syscall.h"

#include <sched.h>
#include <sys/syscall.h>
#include <time.h>

static atomic_flag lock = ATOMIC_FLAG_INIT;
static uint64_t mask_before; /* of who has the lock */

bool tli_take_within(atomic_flag *taken) {
    struct timespec one_ms = {0, 1000000};
    for (int i = 0; i < 1000; i++) {
        if (!atomic_flag_test_and_set_explicit(taken, memory_order_acquire))
            return true;
        tli_syscall3(SYS_nanosleep, (long)&one_ms, 0, 0);
    }
    return false;
}

void tli_give_back(atomic_flag *taken) {
    atomic_flag_clear_explicit(taken, memory_order_release);
}

bool tli_lock_within(void) {
    uint64_t mask = tli_block_signals();
    if (!tli_take_within(&lock)) {
        tli_restore_signals(mask);
        return false;
    }
    mask_before = mask;
    return true;
}

void tli_unlock(void) {
    uint64_t mask = mask_before;
    tli_give_back(&lock);
    tli_restore_signals(mask);
}

void tli_lock_forked(void) {
    tli_give_back(&lock);
}

uint64_t tli_spin_lock(atomic_flag *taken) {
    uint64_t mask = tli_block_signals();
    while (atomic_flag_test_and_set_explicit(taken, memory_order_acquire))
        sched_yield();
    return mask;
}

void tli_spin_unlock(atomic_flag *taken, uint64_t mask) {
    tli_give_back(taken);
    tli_restore_signals(mask);
}
