/*
 * test_processor_steps.c - normalising, stop words, keywords and hash, by known answers: of the
 * naive processor and of the optimised one, each test with both.
 */
#include "common/string_buffer.h"
#include "documents/processor_naive.h"
#include "documents/processor_optimised.h"
#include "documents/stop_words.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A processor's steps in one form. */
struct steps {
    char *(*normalize)(const char *content); /* a new string */
    bool (*is_stop_word)(const char *word, size_t length);
    void (*extract)(const char *content, struct keyword_list *keywords, size_t *word_count);
    int (*hash)(const char *content, char hash[MD5_TEXT_BYTES]);
};

static char *naive_normalize(const char *content) {
    char *normalized = NULL;
    cr_assert_eq(normalize_content(content, &normalized), 0);
    return normalized;
}

static char *optimised_normalize(const char *content) {
    struct string_buffer normalized = STRING_BUFFER_EMPTY;
    string_buffer_append_text(&normalized, "of an earlier document");
    optimised_normalize_content(content, strlen(content), &normalized);
    cr_assert_eq(strlen(normalized.data), normalized.size_bytes);
    return string_buffer_detach(&normalized);
}

static bool optimised_stop_word(const char *word, size_t length) {
    struct stop_word_set set;
    stop_word_set_fill(&set);
    struct hashed_word hashed = hash_word(word, length);
    return optimised_is_stop_word(&set, &hashed);
}

static void optimised_extract(const char *content, struct keyword_list *keywords,
                              size_t *word_count) {
    struct stop_word_set set;
    struct workspace_pool pool;
    stop_word_set_fill(&set);
    workspace_pool_init(&pool);
    struct workspace *workspace = workspace_take(&pool);
    string_buffer_append_text(&workspace->normalized, content);
    optimised_extract_keywords(workspace, &set, keywords, word_count);
    workspace_give_back(&pool, workspace);
    workspace_pool_destroy(&pool);
}

static int optimised_hash(const char *content, char hash[MD5_TEXT_BYTES]) {
    struct md5 *digest = md5_new();
    int error = optimised_calculate_hash(digest, content, strlen(content), hash);
    md5_free(digest);
    return error;
}

static const struct steps all_steps[] = {
    {naive_normalize, is_stop_word, extract_keywords, calculate_hash},
    {optimised_normalize, optimised_stop_word, optimised_extract, optimised_hash},
};

#define FOR_ALL_STEPS(steps)                                                                       \
    for (const struct steps *steps = all_steps;                                                    \
         steps < all_steps + sizeof(all_steps) / sizeof(all_steps[0]); steps++)

static void assert_normalized(const char *content, const char *expected) {
    FOR_ALL_STEPS(steps) {
        char *normalized = steps->normalize(content);
        cr_assert_str_eq(normalized, expected, "'%s' became '%s'", content, normalized);
        free(normalized);
    }
}

Test(normalize, lowers_and_separates) {
    assert_normalized("Hello, World!", "hello world");
    assert_normalized("a.b,c!d?e;f:g", "a b c d e f g");
    assert_normalized("one\ntwo\tthree\r\nfour\ffive\vsix", "one two three four five six");
    assert_normalized("  \n . Many    spaces ... here  \t", "many spaces here");
    assert_normalized("kept: (x-y) \"z\" it's 1/2 AZ[@`{", "kept (x-y) \"z\" it's 1/2 az[@`{");
}

Test(normalize, of_nothing_is_nothing) {
    assert_normalized("", "");
    assert_normalized(" ", "");
    assert_normalized("...\n", "");
}

Test(normalize, lets_other_bytes_through) {
    assert_normalized("Gr\xc3\xbc\xc3\x9f Gott", "gr\xc3\xbc\xc3\x9f gott");
    assert_normalized("\xc4 \xff.", "\xc4 \xff");
}

Test(normalize, twice_is_once) {
    FOR_ALL_STEPS(steps) {
        char *once = steps->normalize("The Quick;  brown\tFOX. ");
        char *twice = steps->normalize(once);
        cr_assert_str_eq(once, twice);
        free(once);
        free(twice);
    }
}

/* Long runs of white space and none at all: what a backtracking matcher might choke on. */
Test(normalize, copes_with_extremes) {
    size_t size_bytes = 4 << 20;
    char *content = malloc(size_bytes + 1);
    memset(content, ' ', size_bytes);
    content[size_bytes] = '\0';
    assert_normalized(content, "");
    memset(content, 'x', size_bytes);
    assert_normalized(content, content);
    free(content);
}

Test(stop_words, are_told_by_whole_words) {
    FOR_ALL_STEPS(steps) {
        for (size_t i = 0; i < STOP_WORD_COUNT; i++) {
            cr_assert(steps->is_stop_word(stop_words[i], strlen(stop_words[i])));
        }
        cr_assert_not(steps->is_stop_word("then", 4));
        cr_assert_not(steps->is_stop_word("th", 2));
        cr_assert(steps->is_stop_word("then", 3)); /* the length counts, not the zero */
        cr_assert_not(steps->is_stop_word("", 0));
    }
}

/* "word:count word:count …" of the keywords found, and the number of words. */
static char *describe_keywords(const struct steps *steps, const char *content, size_t *word_count) {
    struct keyword_list keywords;
    steps->extract(content, &keywords, word_count);
    struct string_buffer found = STRING_BUFFER_EMPTY;
    for (size_t i = 0; i < keywords.count; i++) {
        char number[32];
        snprintf(number, sizeof(number), ":%zu ", keywords.keywords[i].count);
        string_buffer_append_text(&found, keywords.keywords[i].word);
        string_buffer_append_text(&found, number);
    }
    keyword_list_clear(&keywords);
    return string_buffer_detach(&found);
}

static void assert_keywords(const char *content, size_t expected_words, const char *expected) {
    FOR_ALL_STEPS(steps) {
        size_t word_count;
        char *text = describe_keywords(steps, content, &word_count);
        cr_assert_str_eq(text, expected);
        cr_assert_eq(word_count, expected_words);
        free(text);
    }
}

Test(keywords, need_three_uses_and_four_bytes) {
    assert_keywords("", 0, "");
    assert_keywords("word word", 2, "");
    assert_keywords("word word word", 3, "word:3 ");
    assert_keywords("cat cat cat cat cats cats cats", 7, "cats:3 ");
    assert_keywords("from from from with with with been been been", 9, "");
}

Test(keywords, are_ordered_by_count_then_name) {
    assert_keywords("zulu zulu zulu alfa alfa alfa mike mike mike mike", 10,
                    "mike:4 alfa:3 zulu:3 ");
    /* As numbers, not as text: 10 comes before 9. */
    assert_keywords("nine nine nine nine nine nine nine nine nine "
                    "tens tens tens tens tens tens tens tens tens tens",
                    19, "tens:10 nine:9 ");
}

/* A word comes before those it is the beginning of, whatever byte follows; '-' is below the ':'
 * that separates word and count in a label. */
Test(keywords, prefixes_come_first) {
    assert_keywords("plan-b plan-b plan-b plan plan plan plane plane plane", 9,
                    "plan:3 plan-b:3 plane:3 ");
}

Test(keywords, bytes_are_compared_unsigned) {
    assert_keywords("zzzz zzzz zzzz \xc3\xa4hre \xc3\xa4hre \xc3\xa4hre", 6,
                    "zzzz:3 \xc3\xa4hre:3 ");
}

Test(hash, matches_md5sum) {
    FOR_ALL_STEPS(steps) {
        char hash[MD5_TEXT_BYTES];
        cr_assert_eq(steps->hash("", hash), 0);
        cr_assert_str_eq(hash, "d41d8cd98f00b204e9800998ecf8427e");
        cr_assert_eq(steps->hash("abc", hash), 0);
        cr_assert_str_eq(hash, "900150983cd24fb0d6963f7d28e17f72");
    }
}
