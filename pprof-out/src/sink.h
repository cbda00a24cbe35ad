/*
 * sink.h - where encoded bytes go: a chain of stages, each with one function.
 *
 *   writer ──> gzip or zstd ──> file descriptor, memory, or whatever else takes bytes
 *
 * A sink takes all of the bytes it is given or none that count: it returns 0, or -errno after
 * which the whole output is worthless. A stage that holds bytes back has a finish function of its
 * own, called from the first stage to the last. Safe in a signal handler as far as the last sink
 * is; the one for file descriptors is.
 */
#ifndef TLI_SINK_H
#define TLI_SINK_H

#include <stddef.h>

struct tli_sink {
    int (*write)(void *context, const void *bytes, size_t size);
    void *context;
};

/* Writes to the descriptor that `fd` points to, however many writes that takes. */
struct tli_sink tli_fd_sink(const int *fd);

#endif
