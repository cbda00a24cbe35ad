/*
 * directory_walk.h - every regular file below some directories, in the same order each time.
 *
 * Names are visited in byte order within a directory, so that two runs, and two machines with the
 * same files, see the same sequence. Symbolic links are not followed, except those that are named
 * as a root. A root may be a regular file.
 */
#ifndef TALLY_DEMO_DIRECTORY_WALK_H
#define TALLY_DEMO_DIRECTORY_WALK_H

#include <stddef.h>

struct walk_visitor {
    void (*file)(void *context, const char *path);
    /* `error` is an errno value, or 0 for what is neither a regular file nor a directory. */
    void (*skipped)(void *context, const char *path, int error);
    void *context;
};

/* 0, or -errno of the root that could not be entered; it is then *failed_root. Anything below a
 * root that cannot be read is told to the visitor and does not end the walk. */
int directory_walk(const char *const *roots, size_t n_roots, const struct walk_visitor *visitor,
                   const char **failed_root);

#endif
