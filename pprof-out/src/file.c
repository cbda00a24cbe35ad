/*
 * file.c - profiles as files.
 *
 * Role in the flow: the command line and other programs read and write profiles here.
 *
 *   read    file ──> expand (gzip, zstd or plain, by content) ──> decode
 *   write   check ──> encode ──> gzip or zstd ──> temporary file beside the target ──> rename
 *
 * A regular file is replaced as a whole or not at all: readers see the old one until the new one
 * is complete, and a failure leaves nothing behind. What is not a regular file (a device, a pipe)
 * is written to directly, and so is standard output. A symbolic link stays, its target is replaced.
 */
#define _GNU_SOURCE /* asprintf */

#include "decode.h"
#include "encode.h"
#include "error.h"
#include "expand.h"
#include "gzip.h"
#include "model.h"
#include "zstd_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TLI_DEFAULT_COMPRESSED_BYTES ((size_t)1 << 30)
#define TLI_DEFAULT_PLAIN_BYTES ((size_t)4 << 30)
#define TLI_DEFAULT_EXPANSION 128
#define TLI_GZIP_LEVEL 6
#define TLI_ZSTD_LEVEL 3
#define TLI_TEMPORARY_TRIES 100

/* ---- reading ---- */

static void use_default(size_t *limit, size_t by_default) {
    if (*limit == 0)
        *limit = by_default;
}

static enum tally_pprof_status read_fd(int fd, const struct tally_pprof_limits *limits,
                                       struct tally_pprof_profile **profile,
                                       struct tally_pprof_error *error) {
    struct tally_pprof_limits all = limits != NULL ? *limits : (struct tally_pprof_limits){0};
    use_default(&all.compressed_bytes, TLI_DEFAULT_COMPRESSED_BYTES);
    use_default(&all.plain_bytes, TLI_DEFAULT_PLAIN_BYTES);
    use_default(&all.memory_bytes, TLI_DEFAULT_MEMORY_BYTES);
    use_default(&all.expansion, TLI_DEFAULT_EXPANSION);
    struct tli_bytes plain = {0};
    enum tally_pprof_status status = tli_expand(fd, &all, &plain, error);
    if (status == TALLY_PPROF_OK)
        status = tli_decode(plain.bytes, plain.size, all.memory_bytes, profile, error);
    free(plain.bytes);
    return status;
}

enum tally_pprof_status tally_pprof_read(const char *path, const struct tally_pprof_limits *limits,
                                         struct tally_pprof_profile **profile,
                                         struct tally_pprof_error *error) {
    *profile = NULL;
    if (strcmp(path, "-") == 0)
        return read_fd(STDIN_FILENO, limits, profile, error);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return tli_fail_errno(error, -errno);
    enum tally_pprof_status status = read_fd(fd, limits, profile, error);
    close(fd);
    return status;
}

/* ---- writing ---- */

static int write_gzip(const struct tally_pprof_profile *profile, struct tli_sink sink) {
    struct tli_gzip gzip;
    int error = tli_gzip_begin(&gzip, &tli_malloc_allocator, sink, TLI_GZIP_LEVEL);
    if (error == 0)
        error = tli_encode_to(profile, tli_gzip_sink(&gzip));
    if (error == 0)
        error = tli_gzip_finish(&gzip);
    tli_gzip_end(&gzip);
    return error;
}

static int write_zstd(const struct tally_pprof_profile *profile, struct tli_sink sink) {
    struct tli_zstd zstd;
    int error = tli_zstd_begin(&zstd, sink, TLI_ZSTD_LEVEL);
    if (error == 0)
        error = tli_encode_to(profile, tli_zstd_sink(&zstd));
    if (error == 0)
        error = tli_zstd_finish(&zstd);
    tli_zstd_end(&zstd);
    return error;
}

static int write_to(const struct tally_pprof_profile *profile, int fd,
                    enum tally_pprof_compression compression) {
    struct tli_sink sink = tli_fd_sink(&fd);
    switch (compression) {
    case TALLY_PPROF_GZIP:
        return write_gzip(profile, sink);
    case TALLY_PPROF_ZSTD:
        return write_zstd(profile, sink);
    case TALLY_PPROF_PLAIN:
        return tli_encode_to(profile, sink);
    }
    return -EINVAL;
}

static int write_and_close(const struct tally_pprof_profile *profile, int fd,
                           enum tally_pprof_compression compression) {
    int error = write_to(profile, fd, compression);
    if (close(fd) != 0 && errno != EINTR && error == 0)
        error = -errno;
    return error;
}

/* Opens a new file beside `path`; its name goes to *name, which the caller frees. */
static int open_temporary(const char *path, char **name) {
    for (int i = 0; i < TLI_TEMPORARY_TRIES; i++) {
        if (asprintf(name, "%s.tmp-%ld-%d", path, (long)getpid(), i) < 0) {
            *name = NULL;
            return -ENOMEM;
        }
        int fd = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        int error = errno;
        if (fd >= 0)
            return fd;
        free(*name);
        *name = NULL;
        if (error != EEXIST)
            return -error;
    }
    return -EEXIST;
}

static int replace_file(const struct tally_pprof_profile *profile, const char *path,
                        enum tally_pprof_compression compression) {
    char *temporary;
    int fd = open_temporary(path, &temporary);
    if (fd < 0)
        return fd;
    int error = write_and_close(profile, fd, compression);
    if (error == 0 && rename(temporary, path) != 0)
        error = -errno;
    if (error != 0)
        unlink(temporary);
    free(temporary);
    return error;
}

static int write_path(const struct tally_pprof_profile *profile, const char *path,
                      enum tally_pprof_compression compression) {
    struct stat status;
    if (stat(path, &status) != 0)
        return replace_file(profile, path, compression);
    if (!S_ISREG(status.st_mode)) {
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        return fd < 0 ? -errno : write_and_close(profile, fd, compression);
    }
    char *target = realpath(path, NULL);
    if (target == NULL)
        return -errno;
    int error = replace_file(profile, target, compression);
    free(target);
    return error;
}

enum tally_pprof_status tally_pprof_write(const struct tally_pprof_profile *profile,
                                          const char *path,
                                          enum tally_pprof_compression compression,
                                          struct tally_pprof_error *error) {
    enum tally_pprof_status status = tally_pprof_check(profile, error);
    if (status != TALLY_PPROF_OK)
        return status;
    int failed = strcmp(path, "-") == 0 ? write_to(profile, STDOUT_FILENO, compression)
                                        : write_path(profile, path, compression);
    return failed == 0 ? tli_succeed(error) : tli_fail_errno(error, failed);
}
