/*
 * text_passes.c - see text_passes.h.
 */
#include "documents/text_passes.h"

#include "common/memory.h"

#include <string.h>

char *lowercase_content(const char *content) {
    size_t length = strlen(content);
    char *lowered = memory_copy_text(content, length);
    for (size_t i = 0; i < length; i++) {
        if (lowered[i] >= 'A' && lowered[i] <= 'Z') {
            lowered[i] = (char)(lowered[i] - 'A' + 'a');
        }
    }
    return lowered;
}

char *replace_character(const char *content, char from, char to) {
    size_t length = strlen(content);
    char *replaced = memory_copy_text(content, length);
    for (size_t i = 0; i < length; i++) {
        if (replaced[i] == from) {
            replaced[i] = to;
        }
    }
    return replaced;
}

char *trim_content(const char *content) {
    const char *start = content;
    const char *end = content + strlen(content);
    while (*start == ' ') {
        start++;
    }
    while (end > start && end[-1] == ' ') {
        end--;
    }
    return memory_copy_text(start, (size_t)(end - start));
}
