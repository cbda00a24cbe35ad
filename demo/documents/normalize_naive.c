/*
 * normalize_naive.c - text made uniform, pass by pass.
 *
 * FAULT many-passes: the text is gone through eleven times, and each pass makes a copy of the
 * whole of it. One loop over the bytes would do all of it into one buffer.
 *
 * FAULT pattern-per-document: the regular expression is compiled for every document, though it is
 * the same each time.
 */
#include "documents/processor_naive.h"

#include "documents/text_passes.h"
#include "documents/whitespace_pattern.h"

#include <stdlib.h>

static char *replace_separators(char *text) {
    static const char separators[] = "\n\t.,!?;:";
    for (const char *separator = separators; *separator != '\0'; separator++) {
        char *replaced = replace_character(text, *separator, ' ');
        free(text);
        text = replaced;
    }
    return text;
}

static int collapse_whitespace(const char *content, char **collapsed) {
    struct whitespace_pattern *pattern = whitespace_pattern_compile();
    int error = whitespace_pattern_collapse(pattern, content, collapsed);
    whitespace_pattern_free(pattern);
    return error;
}

int normalize_content(const char *content, char **normalized) {
    char *text = replace_separators(lowercase_content(content));
    char *collapsed;
    int error = collapse_whitespace(text, &collapsed);
    free(text);
    if (error != 0) {
        return error;
    }
    *normalized = trim_content(collapsed);
    free(collapsed);
    return 0;
}
