/*
 * outfile.c - see outfile.h.
 */
#include "outfile.h"

#include "say.h"
#include "text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int outfile_usable(const char *path) {
    struct stat facts;
    if (stat(path, &facts) == 0 && S_ISDIR(facts.st_mode))
        return say_error(path, "is a directory; the output is one file");
    if (text_ends_with(path, ".tally"))
        return say_error(path, "the output is one file, and .tally names directories");
    return STATUS_OK;
}

enum tally_pprof_compression outfile_compression(const char *path) {
    if (text_ends_with(path, ".zst"))
        return TALLY_PPROF_ZSTD;
    return text_ends_with(path, ".pb") ? TALLY_PPROF_PLAIN : TALLY_PPROF_GZIP;
}

enum tally_pprof_compression outfile_compression_of(const char *path) {
    unsigned char magic[4] = {0};
    FILE *stream = fopen(path, "re");
    size_t n = stream ? fread(magic, 1, sizeof magic, stream) : 0;
    if (stream)
        fclose(stream);
    if (n == 4 && memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0)
        return TALLY_PPROF_ZSTD;
    return n >= 2 && magic[0] == 0x1f && magic[1] == 0x8b ? TALLY_PPROF_GZIP : TALLY_PPROF_PLAIN;
}

static int failed(struct outfile *file, int cause) {
    if (file->stream)
        fclose(file->stream);
    if (file->temporary)
        unlink(file->temporary);
    free(file->temporary);
    file->temporary = NULL;
    file->stream = NULL;
    return say_error(file->path, "%s", strerror(cause));
}

/* What is there is no file that could be replaced: a device, a pipe. */
static bool is_device(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 && !S_ISREG(facts.st_mode);
}

int outfile_open(struct outfile *file, const char *path) {
    *file = (struct outfile){.path = path};
    if (strcmp(path, "-") == 0) {
        file->stream = stdout;
        return STATUS_OK;
    }
    if (is_device(path)) {
        file->stream = fopen(path, "we");
        return file->stream ? STATUS_OK : failed(file, errno);
    }
    char *temporary = need_print("%s.XXXXXX", path);
    int descriptor = mkstemp(temporary);
    if (descriptor < 0) {
        int cause = errno;
        free(temporary);
        return failed(file, cause);
    }
    file->temporary = temporary;
    /* mkstemp makes files private; the result is as open as any file the user makes. */
    mode_t mask = umask(0);
    umask(mask);
    fchmod(descriptor, 0666 & ~mask);
    file->stream = fdopen(descriptor, "w");
    return file->stream ? STATUS_OK : failed(file, errno);
}

int outfile_close(struct outfile *file) {
    if (file->stream == stdout)
        return STATUS_OK; /* main looks at it */
    bool lost = ferror(file->stream) != 0;
    int cause = EIO;
    errno = 0;
    if (fflush(file->stream) != 0 || (file->temporary && fsync(fileno(file->stream)) != 0)) {
        lost = true;
        cause = errno;
    }
    if (lost)
        return failed(file, cause ? cause : EIO);
    FILE *stream = file->stream;
    file->stream = NULL;
    if (fclose(stream) != 0 || (file->temporary && rename(file->temporary, file->path) != 0))
        return failed(file, errno);
    free(file->temporary);
    file->temporary = NULL;
    return STATUS_OK;
}
