/*
 * shown.c - see shown.h.
 */
#include "shown.h"

#include "say.h"
#include "text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum tell_apart { BY_BASE, BY_BASE_AND_LINE, BY_FILE, BY_FILE_AND_LINE, BY_LINKAGE_NAME, BY_INDEX };

static char *told_apart(const struct view_function *function, size_t index, enum tell_apart way) {
    const char *file = way <= BY_BASE_AND_LINE ? text_base(function->file) : function->file;
    if (!*file)
        file = "no file";
    if (way == BY_BASE || way == BY_FILE)
        return need_print("%s (%s)", function->name, file);
    if (way == BY_BASE_AND_LINE || way == BY_FILE_AND_LINE)
        return need_print("%s (%s:%" PRId64 ")", function->name, file, function->start_line);
    if (way == BY_LINKAGE_NAME)
        return need_print("%s (%s)", function->name, function->system_name);
    return need_print("%s (#%zu)", function->name, index);
}

static int compare_text(const void *one, const void *other) {
    return strcmp(*(char *const *)one, *(char *const *)other);
}

/* Gives functions [from, to), which share a name, the shortest shown names that differ. */
static void name_group(const struct view_function *const *functions, size_t from, size_t to,
                       bool utf8, char **shown) {
    size_t n = to - from;
    if (n == 1) {
        shown[from] = text_clean(functions[from]->name, utf8);
        return;
    }
    char **sorted = need_array(n, sizeof *sorted);
    for (int way = BY_BASE; way <= BY_INDEX; way++) {
        for (size_t i = 0; i < n; i++) {
            char *name = told_apart(functions[from + i], from + i, (enum tell_apart)way);
            free(shown[from + i]);
            sorted[i] = shown[from + i] = text_clean(name, utf8);
            free(name);
        }
        qsort(sorted, n, sizeof *sorted, compare_text);
        bool unique = true;
        for (size_t i = 1; i < n; i++)
            unique = unique && strcmp(sorted[i - 1], sorted[i]) != 0;
        if (unique)
            break;
    }
    free(sorted);
}

void shown_names(const struct view_function *const *functions, size_t n, bool utf8, char **shown) {
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n; to++)
            if (strcmp(functions[from]->name, functions[to]->name) != 0)
                break;
        name_group(functions, from, to, utf8, shown);
    }
}
