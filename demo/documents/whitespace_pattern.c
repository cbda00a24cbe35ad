/*
 * whitespace_pattern.c - see whitespace_pattern.h.
 */
#include "documents/whitespace_pattern.h"

#include "common/memory.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct whitespace_pattern {
    pcre2_code *code;
};

struct whitespace_pattern *whitespace_pattern_compile(void) {
    int error;
    PCRE2_SIZE error_offset;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR) "\\s+", PCRE2_ZERO_TERMINATED, 0, &error, &error_offset, NULL);
    if (code == NULL) {
        memory_exhausted(); /* the expression is a correct one: nothing else can have gone wrong */
    }
    struct whitespace_pattern *pattern = memory_allocate(sizeof(*pattern));
    pattern->code = code;
    return pattern;
}

void whitespace_pattern_free(struct whitespace_pattern *pattern) {
    pcre2_code_free(pattern->code);
    free(pattern);
}

int whitespace_pattern_collapse(const struct whitespace_pattern *pattern, const char *content,
                                char **collapsed) {
    /* A match is never shorter than what replaces it, so the result fits where the text did. */
    PCRE2_SIZE size_bytes = strlen(content) + 1;
    char *output = memory_allocate(size_bytes);
    int matches = pcre2_substitute(pattern->code, (PCRE2_SPTR)content, size_bytes - 1, 0,
                                   PCRE2_SUBSTITUTE_GLOBAL, NULL, NULL, (PCRE2_SPTR) " ", 1,
                                   (PCRE2_UCHAR *)output, &size_bytes);
    if (matches == PCRE2_ERROR_NOMEMORY) {
        memory_exhausted();
    }
    if (matches < 0) {
        free(output);
        return -EINVAL;
    }
    *collapsed = output;
    return 0;
}
