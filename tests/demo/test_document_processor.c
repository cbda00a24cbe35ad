/*
 * test_document_processor.c - a document through all steps, and the digest of a whole run.
 */
#include "common/memory.h"
#include "documents/document_source.h"
#include "documents/processor.h"
#include "documents/results_digest.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static struct document *new_document(const char *id, const char *content) {
    size_t size_bytes = strlen(content);
    return document_new(id, "title", memory_copy_text(content, size_bytes), size_bytes);
}

/* Calls the check with a new processor of each kind. */
static void with_each_kind(void (*check)(struct document_processor *processor)) {
    struct document_processor *processors[] = {naive_processor_new(unbounded_store_new()),
                                               optimised_processor_new(unbounded_store_new())};
    for (size_t i = 0; i < sizeof(processors) / sizeof(processors[0]); i++) {
        check(processors[i]);
        document_processor_free(processors[i]);
    }
}

static void check_filling_in(struct document_processor *processor) {
    struct document *document = new_document("a", "Copy. COPY, copy!\nThe the the law");
    struct processing_result result;
    cr_assert_eq(document_process(processor, document, &result), 0);
    cr_assert_eq(result.document, document);
    cr_assert_eq(document->word_count, 7);
    cr_assert_eq(document->keywords.count, 1);
    cr_assert_str_eq(document->keywords.keywords[0].word, "copy");
    cr_assert_eq(document->keywords.keywords[0].count, 3);
    cr_assert_str_eq(document->hash, "a9e231c978aaaab7fc56fafd4747f630");
    cr_assert_gt(document->processed_at, 0);
    cr_assert_str_eq(document->content, "Copy. COPY, copy!\nThe the the law");
    struct document *stored = document_store_get(document_processor_store(processor), "a");
    cr_assert_eq(stored, document);
    document_release(stored);
    document_release(document);
}

Test(processor, fills_in_and_stores_a_document) {
    with_each_kind(check_filling_in);
}

static void check_taking_again(struct document_processor *processor) {
    struct document *document = new_document("a", "word word word");
    struct processing_result result;
    cr_assert_eq(document_process(processor, document, &result), 0);
    cr_assert_eq(document_process(processor, document, &result), 0);
    cr_assert_eq(document->keywords.count, 1);
    cr_assert_eq(document_store_usage(document_processor_store(processor)).documents, 1);
    document_release(document);
}

Test(processor, takes_a_document_again) {
    with_each_kind(check_taking_again);
}

static void check_empty_document(struct document_processor *processor) {
    struct document *document = new_document("a", "");
    struct processing_result result;
    cr_assert_eq(document_process(processor, document, &result), 0);
    cr_assert_eq(result.document->word_count, 0);
    cr_assert_eq(result.document->keywords.count, 0);
    cr_assert_str_eq(result.document->hash, "d41d8cd98f00b204e9800998ecf8427e");
    document_release(document);
}

Test(processor, takes_an_empty_document) {
    with_each_kind(check_empty_document);
}

struct digests {
    char keywords[RESULTS_DIGEST_TEXT_BYTES];
    char hashes[RESULTS_DIGEST_TEXT_BYTES];
};

static struct digests digest_with(struct document_store *store, struct document_source *source,
                                  size_t *n_documents) {
    struct document_processor *processor = naive_processor_new(store);
    struct results_digest *digest = results_digest_new();
    cr_assert_not_null(digest);
    struct document *document;
    *n_documents = 0;
    while (document_source_next(source, &document) > 0) {
        struct processing_result result;
        cr_assert_eq(document_process(processor, document, &result), 0);
        results_digest_add(digest, result.document);
        document_release(document);
        ++*n_documents;
    }
    struct digests digests;
    results_digest_print(digest, digests.keywords, digests.hashes);
    results_digest_free(digest);
    document_processor_free(processor);
    document_source_free(source);
    return digests;
}

static struct digests digest_source(struct document_source *source, size_t *n_documents) {
    return digest_with(unbounded_store_new(), source, n_documents);
}

static struct document_source *license_texts(void) {
    const char *roots[] = {"/usr/share/common-licenses"}, *failed_root;
    struct document_source *source = NULL;
    cr_assert_eq(file_source_new(roots, 1, NULL, &source, &failed_root), 0);
    return source;
}

Test(processor, repeats_its_results_on_the_license_texts) {
    size_t n_first, n_second;
    struct digests first = digest_source(license_texts(), &n_first);
    struct digests second = digest_source(license_texts(), &n_second);
    cr_assert_gt(n_first, 5);
    cr_assert_eq(n_first, n_second);
    cr_assert_str_eq(first.keywords, second.keywords);
    cr_assert_str_eq(first.hashes, second.hashes);
}

Test(processor, finds_the_same_whatever_store_it_has) {
    size_t n_kept, n_dropped;
    struct digests kept = digest_with(unbounded_store_new(), license_texts(), &n_kept);
    struct digests dropped = digest_with(lru_store_new(1, 1), license_texts(), &n_dropped);
    cr_assert_eq(n_kept, n_dropped);
    cr_assert_str_eq(kept.keywords, dropped.keywords);
    cr_assert_str_eq(kept.hashes, dropped.hashes);
}

Test(digest, tells_results_apart) {
    size_t n;
    struct digests seed_1 = digest_source(generated_source_new(3, 1), &n);
    struct digests seed_2 = digest_source(generated_source_new(3, 2), &n);
    cr_assert_str_neq(seed_1.keywords, seed_2.keywords);
    cr_assert_str_neq(seed_1.hashes, seed_2.hashes);
    cr_assert_str_neq(seed_1.keywords, seed_1.hashes);
}

static struct digests digest_one(const struct document *document) {
    struct digests digests;
    struct results_digest *digest = results_digest_new();
    results_digest_add(digest, document);
    results_digest_print(digest, digests.keywords, digests.hashes);
    results_digest_free(digest);
    return digests;
}

Test(digest, covers_every_part_of_a_result) {
    struct keyword keywords[] = {{"word", 3}};
    struct document document = {
        .id = "a", .word_count = 5, .keywords = {keywords, 1}, .hash = "ab"};
    struct digests original = digest_one(&document);
    document.word_count = 6;
    cr_assert_str_neq(digest_one(&document).keywords, original.keywords);
    document.word_count = 5;
    keywords[0].count = 4;
    cr_assert_str_neq(digest_one(&document).keywords, original.keywords);
    keywords[0] = (struct keyword){"work", 3};
    cr_assert_str_neq(digest_one(&document).keywords, original.keywords);
    keywords[0].word = "word";
    cr_assert_str_eq(digest_one(&document).keywords, original.keywords);
    cr_assert_str_eq(digest_one(&document).hashes, original.hashes);
    document.hash[0] = 'b';
    cr_assert_str_eq(digest_one(&document).keywords, original.keywords);
    cr_assert_str_neq(digest_one(&document).hashes, original.hashes);
    document.id = "b";
    cr_assert_str_neq(digest_one(&document).keywords, original.keywords);
}

Test(digest, does_not_depend_on_the_order) {
    struct document documents[] = {{.id = "a", .hash = "1"}, {.id = "b", .hash = "2"}};
    struct digests forwards, backwards;
    struct results_digest *digest = results_digest_new();
    results_digest_add(digest, &documents[0]);
    results_digest_add(digest, &documents[1]);
    results_digest_print(digest, forwards.keywords, forwards.hashes);
    results_digest_free(digest);
    digest = results_digest_new();
    results_digest_add(digest, &documents[1]);
    results_digest_add(digest, &documents[0]);
    results_digest_print(digest, backwards.keywords, backwards.hashes);
    cr_assert_str_eq(forwards.keywords, backwards.keywords);
    cr_assert_str_eq(forwards.hashes, backwards.hashes);
    results_digest_add(digest, &documents[0]);
    results_digest_print(digest, backwards.keywords, backwards.hashes);
    cr_assert_str_neq(forwards.hashes, backwards.hashes, "how often counts");
    results_digest_free(digest);
}
