/* resident.h - what a process holds of the machine's memory now. */
#ifndef RESIDENT_H
#define RESIDENT_H

#include "batches.h"

#include <unistd.h>

struct memory {
    long mapped_bytes, resident_bytes;
};

/* stdio takes memory of its own the first time: ask once before it counts. */
UNTIMED static struct memory memory_now(void) {
    struct memory now = {0, 0};
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &now.mapped_bytes, &now.resident_bytes) == 2) {
        now.mapped_bytes *= sysconf(_SC_PAGESIZE);
        now.resident_bytes *= sysconf(_SC_PAGESIZE);
    }
    if (file)
        fclose(file);
    return now;
}

#endif
