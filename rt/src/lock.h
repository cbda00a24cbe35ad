/*
 * lock.h - one lock for all that reads or switches whole trees: snapshots, start/stop, writing.
 *
 * Never taken on the hot or slow path of a call. Who has it has all signals blocked, so that no
 * handler finds it taken by the thread it interrupted: a signal that ends the program comes when
 * the profile that is being written is there. Waiting for it is bounded all the same.
 */
#ifndef TLI_LOCK_H
#define TLI_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

bool tli_lock_within(void); /* waits up to a second for another thread to be done */
void tli_unlock(void);
void tli_lock_forked(void); /* in the child, where nobody has it */

/* The same for smaller things that have a lock of their own. */
bool tli_take_within(atomic_flag *lock);
void tli_give_back(atomic_flag *lock);

/* For a few instructions, with signals blocked, so that no handler finds it taken by its own
 * thread. Returns the signal mask that tli_spin_unlock puts back. */
uint64_t tli_spin_lock(atomic_flag *lock);
void tli_spin_unlock(atomic_flag *lock, uint64_t mask);

#endif
