/*
 * keyword_label.c - see keyword_label.h.
 */
#include "documents/keyword_label.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

char *format_label(const char *word, size_t count) {
    return memory_format("%s:%zu", word, count);
}

static size_t label_word_length(const char *label) {
    return (size_t)(strrchr(label, ':') - label);
}

static size_t label_count(const char *label) {
    return strtoull(strrchr(label, ':') + 1, NULL, 10);
}

struct keyword parse_label(char *label) {
    struct keyword keyword = {label, label_count(label)};
    label[label_word_length(label)] = '\0';
    return keyword;
}

/* The colon must not take part: '-', say, comes before it, and "plan" must before "plan-b". */
static int compare_label_words(const char *left, const char *right) {
    size_t left_length = label_word_length(left);
    size_t right_length = label_word_length(right);
    size_t shorter = left_length < right_length ? left_length : right_length;
    int order = memcmp(left, right, shorter);
    return order != 0 ? order : (left_length > right_length) - (left_length < right_length);
}

int compare_labels(const void *left, const void *right) {
    const char *left_label = *(const char *const *)left;
    const char *right_label = *(const char *const *)right;
    size_t left_count = label_count(left_label);
    size_t right_count = label_count(right_label);
    if (left_count != right_count) {
        return left_count > right_count ? -1 : 1;
    }
    return compare_label_words(left_label, right_label);
}
