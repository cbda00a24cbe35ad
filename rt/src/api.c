/* api.c - tally.h: what the program itself may ask. */
#include "tally/tally.h"

#include "finish.h"
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

PUBLIC const char *tally_version(void) {
    return TALLY_VERSION;
}
