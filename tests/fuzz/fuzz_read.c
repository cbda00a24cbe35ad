/*
 * fuzz_read.c - any bytes as a file: gzip, zstd or plain, told by content, within limits.
 */
#define _GNU_SOURCE

#include "tally/pprof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    static int fd = -1;
    static char path[64];
    const struct tally_pprof_limits limits = {.compressed_bytes = 1 << 20, .plain_bytes = 1 << 20};
    struct tally_pprof_profile *profile;
    struct tally_pprof_error error;
    if (fd < 0) {
        fd = memfd_create("fuzz", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    if (ftruncate(fd, 0) != 0 || pwrite(fd, bytes, size, 0) != (ssize_t)size)
        abort();
    enum tally_pprof_status status = tally_pprof_read(path, &limits, &profile, &error);
    if (status != error.status || (status == TALLY_PPROF_OK) != (profile != NULL) ||
        status == TALLY_PPROF_IO || strchr(error.message, '\n') != NULL)
        abort();
    tally_pprof_free(profile);
    return 0;
}
