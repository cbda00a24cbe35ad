/*
 * test_document_sources.c - documents from the generator and from files.
 */
#include "common/memory.h"
#include "documents/document_source.h"
#include "scratch_folder.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct document *next_document(struct document_source *source) {
    struct document *document = NULL;
    cr_assert_eq(document_source_next(source, &document), 1);
    return document;
}

/* ---- generator ---- */

Test(generator, same_seed_same_documents) {
    struct document_source *left = generated_source_new(5, 99);
    struct document_source *right = generated_source_new(5, 99);
    struct document *a, *b;
    for (int i = 0; i < 5; i++) {
        a = next_document(left);
        b = next_document(right);
        cr_assert_str_eq(a->id, b->id);
        cr_assert_str_eq(a->title, b->title);
        cr_assert_str_eq(a->content, b->content);
        cr_assert_eq(a->content_bytes, strlen(a->content));
        document_release(a);
        document_release(b);
    }
    cr_assert_eq(document_source_next(left, &a), 0);
    cr_assert_eq(document_source_next(left, &a), 0);
    document_source_free(left);
    document_source_free(right);
}

Test(generator, other_seed_other_documents) {
    struct document_source *left = generated_source_new(1, 1);
    struct document_source *right = generated_source_new(1, 2);
    struct document *a = next_document(left), *b = next_document(right);
    cr_assert_str_neq(a->content, b->content);
    document_release(a);
    document_release(b);
    document_source_free(left);
    document_source_free(right);
}

static bool is_vocabulary_word(const char *word, size_t length) {
    static const char *const words[] = {"performance", "optimization", "golang",   "profiling",
                                        "memory",      "cpu",          "analysis", "benchmark",
                                        "concurrent",  "processing",   "system",   "application",
                                        "server",      "client",       "database", "network",
                                        "algorithm",   "structure",    "function", "method"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strlen(words[i]) == length && memcmp(words[i], word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* "word . word word … " with a stop after the first word, the eleventh, and so on; its words. */
static size_t check_shape(const char *content) {
    size_t n_words = 0;
    for (const char *at = content; *at != '\0'; n_words++) {
        size_t length = strcspn(at, " ");
        cr_assert(is_vocabulary_word(at, length), "%.20s", at);
        at += length + 1;
        if (n_words % 10 == 0) {
            cr_assert_eq(strncmp(at, ". ", 2), 0);
            at += 2;
        }
    }
    return n_words;
}

Test(generator, documents_have_the_shape_described) {
    struct document_source *source = generated_source_new(200, 3);
    size_t least = SIZE_MAX, most = 0;
    for (int i = 0; i < 200; i++) {
        struct document *document = next_document(source);
        size_t n_words = check_shape(document->content);
        cr_assert(n_words >= 1000 && n_words <= 5999);
        least = n_words < least ? n_words : least;
        most = n_words > most ? n_words : most;
        document_release(document);
    }
    cr_assert(least < 1500 && most > 5500, "%zu..%zu", least, most);
    document_source_free(source);
}

Test(generator, a_round_repeats_contents_under_new_ids) {
    struct document_source *source = generated_source_new(2, 5);
    struct document *first[4];
    for (int i = 0; i < 4; i++) {
        if (i == 2) {
            document_source_restart(source);
        }
        first[i] = next_document(source);
    }
    cr_assert_eq(document_source_count(source), 2);
    cr_assert_str_eq(first[0]->content, first[2]->content);
    cr_assert_str_eq(first[1]->content, first[3]->content);
    cr_assert_str_eq(first[0]->id, "doc-1");
    cr_assert_str_eq(first[2]->id, "doc-3");
    cr_assert_str_eq(first[3]->title, "Document 4");
    for (int i = 0; i < 4; i++) {
        document_release(first[i]);
    }
    document_source_free(source);
}

/* ---- files ---- */

struct skip_record {
    int times;
    char path[256], cause[256];
};

static void record_skip(void *context, const char *path, const char *cause) {
    struct skip_record *record = context;
    record->times++;
    snprintf(record->path, sizeof(record->path), "%s", path);
    snprintf(record->cause, sizeof(record->cause), "%s", cause);
}

static struct document_source *open_folder(struct skip_record *record) {
    struct skip_observer observer = {record_skip, record};
    const char *roots[] = {scratch_folder}, *failed_root;
    struct document_source *source = NULL;
    cr_assert_eq(file_source_new(roots, 1, &observer, &source, &failed_root), 0);
    return source;
}

TestSuite(file_source, .init = scratch_make, .fini = scratch_remove);

Test(file_source, reads_text_and_leaves_the_rest_out) {
    char *alfa = scratch_write("alfa", "first text", 10);
    char *bravo = scratch_write("bravo", "no\0text", 7);
    char *charlie = scratch_write("charlie", "", 0);
    char *link = scratch_path("delta");
    cr_assert_eq(symlink("alfa", link), 0);

    struct skip_record record = {0};
    struct document_source *source = open_folder(&record);
    struct document *document = next_document(source);
    cr_assert_str_eq(document->id, alfa);
    cr_assert_str_eq(document->title, "alfa");
    cr_assert_str_eq(document->content, "first text");
    cr_assert_eq(document->content_bytes, 10);
    document_release(document);
    document = next_document(source);
    cr_assert_str_eq(document->id, charlie);
    cr_assert_str_eq(document->content, "");
    document_release(document);
    cr_assert_eq(document_source_next(source, &document), 0);

    struct source_skips skips = document_source_skips(source);
    cr_assert_eq(skips.not_text, 1);
    cr_assert_eq(skips.not_regular, 1);
    cr_assert_eq(skips.unreadable, 0);
    cr_assert_eq(record.times, 1);
    cr_assert_str_eq(record.path, bravo);
    cr_assert_str_eq(record.cause, "not a text file");
    document_source_free(source);
    free(alfa);
    free(bravo);
    free(charlie);
    free(link);
}

Test(file_source, tells_of_a_bad_file_once_and_goes_round) {
    char *alfa = scratch_write("alfa", "text", 4);
    char *bravo = scratch_write("bravo", "gone soon", 9);
    struct skip_record record = {0};
    struct document_source *source = open_folder(&record);
    cr_assert_eq(document_source_count(source), 2);
    cr_assert_eq(unlink(bravo), 0);
    for (int round = 1; round <= 3; round++) {
        char *id = round == 1 ? memory_format("%s", alfa) : memory_format("%s@%d", alfa, round);
        struct document *document = next_document(source);
        cr_assert_str_eq(document->id, id);
        cr_assert_str_eq(document->title, "alfa");
        document_release(document);
        cr_assert_eq(document_source_next(source, &document), 0);
        document_source_restart(source);
        free(id);
    }
    cr_assert_eq(record.times, 1);
    cr_assert_str_eq(record.cause, strerror(ENOENT));
    cr_assert_eq(document_source_skips(source).unreadable, 1);
    document_source_free(source);
    free(alfa);
    free(bravo);
}

Test(file_source, says_which_root_failed) {
    const char *roots[] = {scratch_folder, "/nonexistent"}, *failed_root = NULL;
    struct document_source *source = NULL;
    cr_assert_eq(file_source_new(roots, 2, NULL, &source, &failed_root), -ENOENT);
    cr_assert_eq(failed_root, roots[1]);
    cr_assert_null(source);
}
