/*
 * file_reader.c - see file_reader.h. The size that fstat tells is only a hint for the first
 * buffer: files in /proc say 0, and a log grows while it is read.
 */
#include "common/file_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEAST_READ_BYTES = 4096 };

static int open_regular_file(const char *path, size_t *size_hint_bytes) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return -errno;
    }
    struct stat status;
    int error = fstat(fd, &status) < 0 ? errno : S_ISREG(status.st_mode) ? 0 : EINVAL;
    if (error != 0) {
        close(fd);
        return -error;
    }
    *size_hint_bytes = (size_t)status.st_size;
    return fd;
}

static int read_until_end(int fd, size_t chunk_bytes, size_t limit_bytes,
                          struct string_buffer *contents) {
    for (;;) {
        char *space = string_buffer_reserve(contents, chunk_bytes);
        ssize_t got = read(fd, space, chunk_bytes);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got < 0 ? -errno : 0;
        }
        string_buffer_commit(contents, (size_t)got);
        if (contents->size_bytes > limit_bytes) {
            return -EFBIG;
        }
    }
}

int file_read_whole(const char *path, size_t limit_bytes, struct string_buffer *contents) {
    size_t size_hint_bytes = 0;
    int fd = open_regular_file(path, &size_hint_bytes);
    if (fd < 0) {
        return fd;
    }
    int error = -EFBIG;
    if (size_hint_bytes <= limit_bytes) {
        /* One more than the file has: the read that finds the end needs no new memory. */
        size_t chunk_bytes = size_hint_bytes + 1;
        if (chunk_bytes < LEAST_READ_BYTES) {
            chunk_bytes = LEAST_READ_BYTES;
        }
        error = read_until_end(fd, chunk_bytes, limit_bytes, contents);
    }
    close(fd);
    if (error != 0) {
        string_buffer_free(contents);
    }
    return error;
}

/* Whether file(1) expects the byte in text; from 0x80 up, ISO-8859 and UTF-8 use all of them. */
static const bool is_text_byte[256] = {
    [0x07 ... '\r'] = true, /* bell, backspace, tab, line feed, vertical tab, form feed, return */
    [0x1b] = true,          /* escape */
    [' ' ... '~'] = true,
    [0x80 ... 0xff] = true,
};

bool text_is_plain(const char *bytes, size_t size_bytes) {
    for (size_t i = 0; i < size_bytes; i++) {
        if (!is_text_byte[(unsigned char)bytes[i]]) {
            return false;
        }
    }
    return true;
}
