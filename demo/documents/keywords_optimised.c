/*
 * keywords_optimised.c - the words a text is about.
 *
 *   content ──> counts of the words that matter ──> keywords, sorted ──> one block of memory
 *
 * Words are measured first, which spares the short ones everything else, and stay where they are,
 * in the text; the zero that ends each takes the place of a space. A keyword and its count are a
 * struct all the way.
 */
#include "documents/processor_optimised.h"

#include "common/memory.h"

#include <stdlib.h>
#include <string.h>

/* The number of all words, counted or not. */
static size_t count_words(struct string_buffer *content, const struct stop_word_set *stop_words,
                          struct word_counts *counts) {
    size_t n_words = 0;
    char *content_end = content->data + content->size_bytes;
    char *end;
    for (char *text = content->data; text < content_end; text = end + 1) {
        end = strchrnul(text, ' ');
        *end = '\0';
        n_words++;
        size_t length = (size_t)(end - text);
        if (length >= KEYWORD_LEAST_BYTES) {
            struct hashed_word word = hash_word(text, length);
            if (!optimised_is_stop_word(stop_words, &word)) {
                word_counts_add(counts, &word);
            }
        }
    }
    return n_words;
}

static void reserve_keywords(struct workspace *workspace, size_t count) {
    if (count > workspace->keywords_capacity) {
        workspace->keywords =
            memory_resize(workspace->keywords, count, sizeof(workspace->keywords[0]));
        workspace->keywords_capacity = count;
    }
}

static size_t collect_keywords(struct workspace *workspace) {
    const struct word_counts *counts = &workspace->counts;
    size_t n_keywords = 0;
    reserve_keywords(workspace, counts->n_words);
    for (size_t i = 0; i < counts->n_words; i++) {
        const struct counted_word *word = &counts->words[i];
        if (word->count >= KEYWORD_LEAST_COUNT) {
            workspace->keywords[n_keywords++] = (struct keyword){word->word.text, word->count};
        }
    }
    return n_keywords;
}

/* In the order of a keyword_list. */
static int compare_keywords(const void *left, const void *right) {
    const struct keyword *left_keyword = left, *right_keyword = right;
    if (left_keyword->count != right_keyword->count) {
        return left_keyword->count > right_keyword->count ? -1 : 1;
    }
    return strcmp(left_keyword->word, right_keyword->word);
}

static void extract_keywords(struct workspace *workspace, const struct stop_word_set *stop_words,
                             struct keyword_list *keywords, size_t *word_count) {
    *word_count = count_words(&workspace->normalized, stop_words, &workspace->counts);
    size_t n_keywords = collect_keywords(workspace);
    if (n_keywords > 0) { /* else there may be no array, which qsort does not allow */
        qsort(workspace->keywords, n_keywords, sizeof(workspace->keywords[0]), compare_keywords);
    }
    *keywords = keyword_list_new(workspace->keywords, n_keywords);
    word_counts_clear(&workspace->counts); /* left as a new workspace has them */
}

void (*const optimised_extract_keywords)(struct workspace *, const struct stop_word_set *,
                                         struct keyword_list *, size_t *) = extract_keywords;
