/*
 * source.c - see source.h.
 */
#include "source.h"

#include "say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LONGEST_SEARCH = 400, CONTEXT = 5 };

static int is_file(const char *path) {
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) && access(path, R_OK) == 0;
}

/* The path without the first of the ':'-separated prefixes that it has. */
static const char *trimmed(const char *path, const char *prefixes) {
    for (const char *at = prefixes; at && *at;) {
        size_t length = strcspn(at, ":");
        if (length && strncmp(path, at, length) == 0 &&
            (at[length - 1] == '/' || path[length] == '/'))
            return path + length + strspn(path + length, "/");
        at += length + (at[length] == ':');
    }
    return path;
}

/* Under one directory: the path whole, then with ever fewer of its leading components. */
static char *find_under(const char *directory, size_t length, const char *path) {
    for (const char *rest = path; rest; rest = strchr(rest, '/')) {
        rest += strspn(rest, "/");
        char *candidate = need_print("%.*s/%s", (int)length, directory, rest);
        if (*rest && is_file(candidate))
            return candidate;
        free(candidate);
    }
    return NULL;
}

static char *find(const char *recorded, const struct source_options *options) {
    const char *path = trimmed(recorded, options->trim_path);
    if (!*path)
        return NULL;
    for (const char *at = options->source_path; at && *at;) {
        size_t length = strcspn(at, ":");
        char *found = length ? find_under(at, length, path) : NULL;
        if (found)
            return found;
        at += length + (at[length] == ':');
    }
    if (is_file(path))
        return need_copy(path);
    if (path[0] != '/' && *options->working_directory)
        return find_under(options->working_directory, strlen(options->working_directory), path);
    return NULL;
}

void source_read(const char *recorded, const struct source_options *options,
                 struct source_text *text) {
    *text = (struct source_text){0};
    char *path = find(recorded, options);
    FILE *stream = path ? fopen(path, "re") : NULL;
    struct stat facts;
    if (!stream || fstat(fileno(stream), &facts) != 0) {
        free(path);
        if (stream)
            fclose(stream);
        return;
    }
    text->path = path;
    text->time_ns = (int64_t)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec;
    size_t capacity = 0, size = 0;
    char *line = NULL;
    for (ssize_t length; (length = getline(&line, &size, stream)) >= 0;) {
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            line[--length] = 0;
        text->lines = need_room(text->lines, &capacity, text->n, sizeof *text->lines);
        text->lines[text->n++] = need_copy(line);
    }
    free(line);
    fclose(stream);
}

void source_free(struct source_text *text) {
    for (size_t i = 0; i < text->n; i++)
        free(text->lines[i]);
    free(text->lines);
    free(text->path);
    *text = (struct source_text){0};
}

static size_t indentation(const char *line) {
    return strspn(line, " \t");
}

int64_t source_start(const struct source_text *text, int64_t first) {
    int64_t few = first > CONTEXT ? first - CONTEXT : 1;
    for (int64_t at = first; at >= 1 && first - at < LONGEST_SEARCH && at <= (int64_t)text->n;
         at--) {
        const char *line = text->lines[at - 1];
        if (*line == '}' && at < first)
            return few; /* the end of what stands before */
        /* Braces, labels of the preprocessor and comments do not begin a function. */
        if (*line && !strchr(" \t{}#/*)", *line))
            return at;
    }
    return few;
}

int64_t source_end(const struct source_text *text, int64_t start, int64_t last) {
    int64_t n = (int64_t)text->n, farthest = last < n - LONGEST_SEARCH ? last + LONGEST_SEARCH : n;
    if (start >= 1 && start <= n) {
        size_t margin = indentation(text->lines[start - 1]);
        for (int64_t at = last > start ? last : start; at <= farthest; at++) {
            const char *line = text->lines[at - 1];
            size_t indent = indentation(line);
            if (line[indent] == '}' && indent <= margin)
                return at;
            /* A body on one line: int f(void) { return 1; } */
            if (at == start && strchr(line, '{') && line[strlen(line) - 1] == '}')
                return at;
        }
    }
    return last < n - CONTEXT ? last + CONTEXT : n;
}
