/* api.c - tally.h: what the program itself may ask; and what compiled code tells of its allocators.
 */
#include "tally/tally.h"

#include "clock.h"
#include "entry_points.h"
#include "finish.h"
#include "heap/heap.h"
#include "heap/snapshot.h"
#include "lock.h"
#include "recording.h"

#include <errno.h>

#define PUBLIC __attribute__((visibility("default")))

static int switch_recording(bool on) {
    if (!tli_lock_within())
        return -EBUSY;
    int status = tli_recording_switch(on);
    tli_unlock();
    return status;
}

PUBLIC int tally_start(void) {
    return switch_recording(true);
}

PUBLIC int tally_stop(void) {
    return switch_recording(false);
}

PUBLIC int tally_write(const char *path) {
    int status = tli_write_profile(path, "tally_write");
    return status < 0 ? status : 0;
}

PUBLIC int tally_alloc(const char *kind, const void *block, size_t size_bytes) {
    if (!kind || !block || size_bytes >> 47)
        return -EINVAL;
    return tli_heap_pool_allocated(kind, block, size_bytes, __builtin_return_address(0));
}

PUBLIC int tally_free(const void *block) {
    if (!block)
        return -EINVAL;
    tli_heap_pool_freed(block);
    return 0;
}

void __tally_allocated(const char *kind, const void *block, size_t size_bytes) {
    if (block)
        tli_heap_pool_allocated(kind, block, size_bytes, __builtin_return_address(0));
}

void __tally_freed(const void *block) {
    if (block)
        tli_heap_pool_freed(block);
}

PUBLIC int tally_heap_write(const char *path) {
    return tli_write_heap(path, false);
}

PUBLIC int tally_heap_write_since(const char *path) {
    return tli_write_heap(path, true);
}

PUBLIC int tally_heap_mark(void) {
    if (!tli_lock_within())
        return -EBUSY;
    int status = tli_heap_mark();
    tli_unlock();
    return status;
}

/* Time from here on until it is put back is nobody's. */
static uint64_t time_not_charged(void) {
    struct tally_tls *tls = &__tally_tls;
    return tli_now_for(tls->clock) - tls->last;
}

static void put_back(uint64_t not_charged) {
    struct tally_tls *tls = &__tally_tls;
    tls->last = tli_now_for(tls->clock) - not_charged;
}

PUBLIC int tally_count_calls(uint64_t *calls) {
    uint64_t not_charged = time_not_charged();
    if (!tli_lock_within())
        return -EBUSY;
    *calls = tli_recorded_calls();
    tli_unlock();
    put_back(not_charged);
    return 0;
}

PUBLIC int tally_count_allocated(uint64_t *objects, uint64_t *bytes) {
    uint64_t not_charged = time_not_charged();
    if (!tli_heap_is_recorded())
        return -ENOTSUP;
    if (!tli_lock_within())
        return -EBUSY;
    struct tli_heap_amounts amounts = tli_heap_amounts();
    tli_unlock();
    *objects = amounts.allocated_objects;
    *bytes = amounts.allocated_bytes;
    put_back(not_charged);
    return 0;
}

PUBLIC const char *tally_version(void) {
    return TALLY_VERSION;
}
