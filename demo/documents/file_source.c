/*
 * file_source.c - documents read from files, see document_source.h.
 *
 * The directories are walked once, when the source is made; files are read when their turn comes,
 * so that one document at a time is in memory on the way in. A path that turns out to be unusable
 * is dropped from the list (its slot becomes null), and later rounds do not try it again.
 */
#include "documents/document_source.h"

#include "common/directory_walk.h"
#include "common/file_reader.h"
#include "common/memory.h"
#include "documents/document_source_kind.h"

#include <stdlib.h>
#include <string.h>

struct file_source {
    struct document_source base;
    struct skip_observer observer;
    char **paths; /* null where dropped */
    size_t n_paths, capacity;
    size_t position;
    size_t round; /* 1, 2, … */
};

static void tell_skipped(struct file_source *source, const char *path, const char *cause) {
    if (source->observer.skipped != NULL) {
        source->observer.skipped(source->observer.context, path, cause);
    }
}

static void collect_file(void *context, const char *path) {
    struct file_source *source = context;
    if (source->n_paths == source->capacity) {
        source->capacity = source->capacity > 0 ? 2 * source->capacity : 64;
        source->paths = memory_resize(source->paths, source->capacity, sizeof(source->paths[0]));
    }
    source->paths[source->n_paths++] = memory_copy_text(path, strlen(path));
}

static void skip_entry(void *context, const char *path, int error) {
    struct file_source *source = context;
    if (error == 0) {
        source->base.skips.not_regular++;
        return; /* a link or a socket is nothing to worry about: counted, not told */
    }
    source->base.skips.unreadable++;
    tell_skipped(source, path, strerror(error));
}

static void drop_path(struct file_source *source, size_t index, const char *cause) {
    tell_skipped(source, source->paths[index], cause);
    free(source->paths[index]);
    source->paths[index] = NULL;
}

/* Null if the file will not do; it is dropped then. */
static char *read_text_file(struct file_source *source, size_t index, size_t *content_bytes) {
    struct string_buffer content = STRING_BUFFER_EMPTY;
    int error = file_read_whole(source->paths[index], FILE_SOURCE_LIMIT_BYTES, &content);
    if (error != 0) {
        source->base.skips.unreadable++;
        drop_path(source, index, strerror(-error));
        return NULL;
    }
    if (!text_is_plain(content.data, content.size_bytes)) {
        string_buffer_free(&content);
        source->base.skips.not_text++;
        drop_path(source, index, "not a text file");
        return NULL;
    }
    *content_bytes = content.size_bytes;
    return string_buffer_detach(&content);
}

static struct document *new_file_document(const char *path, size_t round, char *content,
                                          size_t content_bytes) {
    const char *slash = strrchr(path, '/');
    const char *title = slash != NULL && slash[1] != '\0' ? slash + 1 : path;
    if (round == 1) {
        return document_new(path, title, content, content_bytes);
    }
    char *id = memory_format("%s@%zu", path, round);
    struct document *document = document_new(id, title, content, content_bytes);
    free(id);
    return document;
}

static int file_next(struct document_source *base, struct document **document) {
    struct file_source *source = (struct file_source *)base;
    while (source->position < source->n_paths) {
        size_t index = source->position++;
        size_t content_bytes;
        char *content = NULL;
        if (source->paths[index] != NULL) {
            content = read_text_file(source, index, &content_bytes);
        }
        if (content != NULL) {
            *document =
                new_file_document(source->paths[index], source->round, content, content_bytes);
            return 1;
        }
    }
    return 0;
}

static void file_restart(struct document_source *base) {
    struct file_source *source = (struct file_source *)base;
    source->position = 0;
    source->round++;
}

static size_t file_count(const struct document_source *base) {
    return ((const struct file_source *)base)->n_paths;
}

static void file_free(struct document_source *base) {
    struct file_source *source = (struct file_source *)base;
    for (size_t i = 0; i < source->n_paths; i++) {
        free(source->paths[i]);
    }
    free(source->paths);
    free(source);
}

static const struct document_source_kind file_kind = {
    .next = file_next,
    .restart = file_restart,
    .count = file_count,
    .free = file_free,
};

int file_source_new(const char *const *roots, size_t n_roots, const struct skip_observer *observer,
                    struct document_source **source, const char **failed_root) {
    struct file_source *files = memory_allocate(sizeof(*files));
    *files = (struct file_source){
        .base = {.kind = &file_kind},
        .observer = observer != NULL ? *observer : (struct skip_observer){NULL, NULL},
        .round = 1,
    };
    struct walk_visitor visitor = {collect_file, skip_entry, files};
    int error = directory_walk(roots, n_roots, &visitor, failed_root);
    if (error != 0) {
        file_free(&files->base);
        return error;
    }
    *source = &files->base;
    return 0;
}
