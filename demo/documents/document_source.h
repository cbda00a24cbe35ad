/*
 * document_source.h - where documents come from: files, or a generator.
 *
 *   new ──> next, next, … until 0 ──> restart ──> next, … ──> free
 *
 * A source is gone through in rounds. Each round gives the same contents in the same order, as new
 * documents with new ids, so that n rounds are exactly n times the work of one. A source belongs
 * to one thread.
 */
#ifndef TALLY_DEMO_DOCUMENT_SOURCE_H
#define TALLY_DEMO_DOCUMENT_SOURCE_H

#include "documents/document.h"

#include <stddef.h>
#include <stdint.h>

struct document_source;

/* Files that were left out, by cause. */
struct source_skips {
    size_t not_regular; /* symbolic links, sockets, devices */
    size_t unreadable;
    size_t not_text;
};

/* Told of each file that is left out; `cause` is a phrase such as "Permission denied". */
struct skip_observer {
    void (*skipped)(void *context, const char *path, const char *cause);
    void *context;
};

/* 1 and a document, which is the caller's; 0 at the end of the round. */
int document_source_next(struct document_source *source, struct document **document);
void document_source_restart(struct document_source *source);

/* Documents in one round, as far as is known beforehand. */
size_t document_source_count(const struct document_source *source);
struct source_skips document_source_skips(const struct document_source *source);
void document_source_free(struct document_source *source);

/*
 * The text files below `roots`: id is the path, from the second round on with "@ROUND" after it.
 * What is no regular file, cannot be read, is not text or is larger than FILE_SOURCE_LIMIT_BYTES
 * is left out, told to the observer once, and counted. Returns 0 and *source, or -errno and
 * *failed_root.
 */
#define FILE_SOURCE_LIMIT_BYTES ((size_t)256 << 20)
int file_source_new(const char *const *roots, size_t n_roots, const struct skip_observer *observer,
                    struct document_source **source, const char **failed_root);

/* `count` documents of 1000 to 5999 words from a vocabulary of twenty, a full stop after every
 * tenth; ids "doc-1", "doc-2", … through all rounds. The same seed gives the same documents. */
struct document_source *generated_source_new(size_t count, uint64_t seed);

#endif
