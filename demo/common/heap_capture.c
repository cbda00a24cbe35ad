/*
 * heap_capture.c - see heap_capture.h.
 *
 * One source serves both builds: tally_heap_write(), of <tally/tally.h>, is declared here as weak,
 * so that it is null where no runtime of Tally is linked, and that the plain build needs no header
 * of Tally's either.
 */
#include "common/heap_capture.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

int tally_heap_write(const char *path) __attribute__((weak));

bool heap_capture_is_available(void) {
    return tally_heap_write != NULL;
}

/* The path is on the stack: on the heap it would be in the capture. */
int heap_capture_write(const char *directory, const char *name) {
    char path[PATH_MAX];
    if (!heap_capture_is_available()) {
        return -ENOTSUP;
    }
    int length = snprintf(path, sizeof(path), "%s/%s", directory, name);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        return -ENAMETOOLONG;
    }
    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
        return -errno;
    }
    return tally_heap_write(path);
}
