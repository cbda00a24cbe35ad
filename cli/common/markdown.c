/*
 * markdown.c - see markdown.h. What is written is GitHub's Markdown, and CommonMark's but for
 * tables.
 */
#include "markdown.h"

#include <string.h>

void markdown_text(FILE *to, const char *text) {
    for (; *text; text++) {
        if (strchr("\\`*_{}[]<>#|~!&@", *text))
            putc('\\', to);
        putc(*text, to);
    }
}

static size_t longest_fence(const char *text) {
    size_t longest = 0;
    for (const char *at = strchr(text, '`'); at; at = strchr(at, '`')) {
        size_t n = strspn(at, "`");
        longest = n > longest ? n : longest;
        at += n;
    }
    return longest;
}

/* A span is fenced by more backquotes than stand in it. A table's cells are told apart before spans
 * are, so that only '|' has to be escaped. */
void markdown_code(FILE *to, const char *text) {
    size_t fence = longest_fence(text) + 1;
    const char *pad = fence > 1 || !*text ? " " : "";
    for (size_t i = 0; i < fence; i++)
        putc('`', to);
    fputs(pad, to);
    for (; *text; text++)
        fprintf(to, *text == '|' ? "\\%c" : "%c", *text);
    fputs(pad, to);
    for (size_t i = 0; i < fence; i++)
        putc('`', to);
}
