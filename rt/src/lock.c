/* lock.c - see lock.h. */
#include "lock.h"

#include "syscall.h"

#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>

static atomic_flag lock = ATOMIC_FLAG_INIT;

static bool lock_try(void) {
    return !atomic_flag_test_and_set_explicit(&lock, memory_order_acquire);
}

bool tli_lock_within(void) {
    struct timespec one_ms = {0, 1000000};
    for (int i = 0; i < 1000; i++) {
        if (lock_try())
            return true;
        tli_syscall3(SYS_nanosleep, (long)&one_ms, 0, 0);
    }
    return false;
}

void tli_unlock(void) {
    atomic_flag_clear_explicit(&lock, memory_order_release);
}
