/*
 * test_naive_steps.c - normalising, keywords and hash of the naive processor, by known answers.
 */
#include "common/string_buffer.h"
#include "documents/processor_naive.h"
#include "documents/stop_words.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void assert_normalized(const char *content, const char *expected) {
    char *normalized = NULL;
    cr_assert_eq(normalize_content(content, &normalized), 0);
    cr_assert_str_eq(normalized, expected, "'%s' became '%s'", content, normalized);
    free(normalized);
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
    char *once = NULL, *twice = NULL;
    cr_assert_eq(normalize_content("The Quick;  brown\tFOX. ", &once), 0);
    cr_assert_eq(normalize_content(once, &twice), 0);
    cr_assert_str_eq(once, twice);
    free(once);
    free(twice);
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
    for (size_t i = 0; i < STOP_WORD_COUNT; i++) {
        cr_assert(is_stop_word(stop_words[i], strlen(stop_words[i])));
    }
    cr_assert_not(is_stop_word("then", 4));
    cr_assert_not(is_stop_word("th", 2));
    cr_assert(is_stop_word("then", 3)); /* the length counts, not the zero */
    cr_assert_not(is_stop_word("", 0));
}

/* "word:count word:count …" of the keywords found, and the number of words. */
static void assert_keywords(const char *content, size_t expected_words, const char *expected) {
    struct keyword_list keywords;
    size_t word_count;
    extract_keywords(content, &keywords, &word_count);
    struct string_buffer found = STRING_BUFFER_EMPTY;
    for (size_t i = 0; i < keywords.count; i++) {
        char number[32];
        snprintf(number, sizeof(number), ":%zu ", keywords.keywords[i].count);
        string_buffer_append_text(&found, keywords.keywords[i].word);
        string_buffer_append_text(&found, number);
    }
    char *text = string_buffer_detach(&found);
    cr_assert_str_eq(text, expected);
    cr_assert_eq(word_count, expected_words);
    free(text);
    keyword_list_clear(&keywords);
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
    char hash[MD5_TEXT_BYTES];
    cr_assert_eq(calculate_hash("", hash), 0);
    cr_assert_str_eq(hash, "d41d8cd98f00b204e9800998ecf8427e");
    cr_assert_eq(calculate_hash("abc", hash), 0);
    cr_assert_str_eq(hash, "900150983cd24fb0d6963f7d28e17f72");
}
