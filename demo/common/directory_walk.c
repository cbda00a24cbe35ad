/*
 * directory_walk.c - see directory_walk.h. fts(3) does the walking: it copes with deep trees,
 * cycles and directories that change underneath.
 */
#include "common/directory_walk.h"

#include <errno.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

static int compare_entry_names(const FTSENT **left, const FTSENT **right) {
    return strcmp((*left)->fts_name, (*right)->fts_name);
}

/* -errno if the entry is a root that cannot be used, else 0. */
static int visit_entry(const FTSENT *entry, const struct walk_visitor *visitor) {
    switch (entry->fts_info) {
    case FTS_D:
    case FTS_DP:
    case FTS_DOT:
        return 0;
    case FTS_F:
        visitor->file(visitor->context, entry->fts_path);
        return 0;
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        if (entry->fts_level == FTS_ROOTLEVEL) {
            return -entry->fts_errno;
        }
        visitor->skipped(visitor->context, entry->fts_path, entry->fts_errno);
        return 0;
    case FTS_DC:
        visitor->skipped(visitor->context, entry->fts_path, ELOOP);
        return 0;
    case FTS_SLNONE: /* with FTS_PHYSICAL, only a root can be one: its target is missing */
        return -ENOENT;
    default:
        visitor->skipped(visitor->context, entry->fts_path, 0);
        return 0;
    }
}

static int walk_root(const char *root, const struct walk_visitor *visitor) {
    /* fts declares its argument as if it wrote to the paths; it copies them. */
    char *const paths[] = {(char *)(size_t)root, NULL};
    FTS *tree = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, compare_entry_names);
    if (tree == NULL) {
        return -errno;
    }
    int error = 0;
    FTSENT *entry;
    while (error == 0 && (errno = 0, entry = fts_read(tree)) != NULL) {
        error = visit_entry(entry, visitor);
    }
    if (error == 0 && entry == NULL && errno != 0) {
        error = -errno;
    }
    fts_close(tree);
    return error;
}

int directory_walk(const char *const *roots, size_t n_roots, const struct walk_visitor *visitor,
                   const char **failed_root) {
    for (size_t i = 0; i < n_roots; i++) {
        int error = walk_root(roots[i], visitor);
        if (error != 0) {
            *failed_root = roots[i];
            return error;
        }
    }
    return 0;
}
