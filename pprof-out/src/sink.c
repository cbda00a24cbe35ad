/*
 * sink.c - the last stage of a chain of sinks: a file descriptor.
 *
 * Role in the flow: calls.pb.gz and run.json of the profiled process, and every file of the
 * command line, go through here. Short writes are continued and interrupted ones repeated; the
 * first real error ends the output (-ENOSPC, -EIO, -EPIPE …). Called from any thread and from
 * signal handlers: write(2) is all it uses.
 */
#include "sink.h"

#include <errno.h>
#include <unistd.h>

static int write_all(void *context, const void *bytes, size_t size) {
    const char *at = bytes;
    while (size > 0) {
        ssize_t written = write(*(const int *)context, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -errno;
        at += written;
        size -= (size_t)written;
    }
    return 0;
}

struct tli_sink tli_fd_sink(const int *fd) {
    return (struct tli_sink){write_all, (void *)fd};
}
