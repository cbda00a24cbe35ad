/*
 * keywords_naive.c - the words a text is about.
 *
 *   content ──> words ──> counts of those that matter ──> "word:count" labels, sorted ──> keywords
 *
 * FAULT linear-stop-words: every word is first looked up among the stop words, which is slow (see
 * stop_words_naive.c), and only then measured, which is cheap and would spare the short ones that.
 *
 * FAULT formatted-keywords: between counting and sorting, a keyword travels as a formatted string
 * (see keyword_label.h).
 */
#include "documents/processor_naive.h"

#include "common/memory.h"
#include "documents/keyword_label.h"
#include "documents/word_table.h"

#include <stdlib.h>
#include <string.h>

struct word_span {
    const char *text; /* into the content */
    size_t length;
};

struct word_list {
    struct word_span *words;
    size_t count, capacity;
};

static void append_word(struct word_list *list, const char *text, size_t length) {
    if (list->count == list->capacity) {
        list->capacity = list->capacity > 0 ? 2 * list->capacity : 256;
        list->words = memory_resize(list->words, list->capacity, sizeof(list->words[0]));
    }
    list->words[list->count++] = (struct word_span){text, length};
}

static struct word_list split_words(const char *content) {
    struct word_list list = {NULL, 0, 0};
    for (const char *word = content; *word != '\0';) {
        size_t length = strcspn(word, " ");
        if (length > 0) {
            append_word(&list, word, length);
        }
        word += length;
        word += strspn(word, " ");
    }
    return list;
}

static void count_words(const struct word_list *list, struct word_table *frequencies) {
    for (size_t i = 0; i < list->count; i++) {
        const struct word_span *word = &list->words[i];
        if (!is_stop_word(word->text, word->length) && word->length >= KEYWORD_LEAST_BYTES) {
            word_table_add(frequencies, word->text, word->length, 1);
        }
    }
}

static char **collect_labels(const struct word_table *frequencies, size_t *n_labels) {
    char **labels = memory_resize(NULL, word_table_size(frequencies), sizeof(*labels));
    size_t count = 0;
    for (const struct word_entry *entry = frequencies->entries; entry != NULL;
         entry = entry->hh.next) {
        if (entry->count >= KEYWORD_LEAST_COUNT) {
            labels[count++] = format_label(entry->word, entry->count);
        }
    }
    *n_labels = count;
    return labels;
}

static struct keyword_list keywords_from_labels(char **labels, size_t n_labels) {
    struct keyword *keywords = memory_resize(NULL, n_labels, sizeof(*keywords));
    for (size_t i = 0; i < n_labels; i++) {
        keywords[i] = parse_label(labels[i]);
    }
    struct keyword_list list = keyword_list_new(keywords, n_labels);
    free(keywords);
    for (size_t i = 0; i < n_labels; i++) {
        free(labels[i]);
    }
    free(labels);
    return list;
}

void extract_keywords(const char *content, struct keyword_list *keywords, size_t *word_count) {
    struct word_list words = split_words(content);
    struct word_table frequencies = WORD_TABLE_EMPTY;
    count_words(&words, &frequencies);
    *word_count = words.count;
    free(words.words);

    size_t n_labels;
    char **labels = collect_labels(&frequencies, &n_labels);
    word_table_free(&frequencies);
    qsort(labels, n_labels, sizeof(*labels), compare_labels);
    *keywords = keywords_from_labels(labels, n_labels);
}
