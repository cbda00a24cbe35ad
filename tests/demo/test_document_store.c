/*
 * test_document_store.c - the store of processed documents: ownership, replacement, threads.
 */
#include "common/memory.h"
#include "documents/document_store.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct document *new_document(const char *id, const char *content) {
    size_t size_bytes = strlen(content);
    return document_new(id, "title", memory_copy_text(content, size_bytes), size_bytes);
}

Test(store, keeps_what_is_put) {
    struct document_store *store = document_store_new();
    cr_assert_eq(document_store_count(store), 0);
    cr_assert_null(document_store_get(store, "a"));
    struct document *document = new_document("a", "12345");
    document_store_put(store, document);
    document_store_put(store, new_document("b", "678"));
    cr_assert_eq(document_store_get(store, "a"), document);
    cr_assert_str_eq(document_store_get(store, "b")->content, "678");
    cr_assert_eq(document_store_count(store), 2);
    cr_assert_eq(document_store_content_bytes(store), 8);
    document_store_free(store);
}

Test(store, replaces_a_document_of_the_same_id) {
    struct document_store *store = document_store_new();
    document_store_put(store, new_document("a", "old content"));
    document_store_put(store, new_document("a", "new"));
    cr_assert_eq(document_store_count(store), 1);
    cr_assert_eq(document_store_content_bytes(store), 3);
    cr_assert_str_eq(document_store_get(store, "a")->content, "new");
    document_store_free(store);
}

Test(store, takes_the_same_document_again) {
    struct document_store *store = document_store_new();
    struct document *document = new_document("a", "12345");
    document_store_put(store, document);
    document_store_put(store, document);
    cr_assert_eq(document_store_count(store), 1);
    cr_assert_eq(document_store_content_bytes(store), 5);
    cr_assert_eq(document_store_get(store, "a"), document);
    document_store_free(store);
}

/* The fault unbounded-store, as a fact. */
Test(store, never_lets_go) {
    struct document_store *store = document_store_new();
    for (int i = 0; i < 5000; i++) {
        char *id = memory_format("doc-%d", i);
        document_store_put(store, new_document(id, "x"));
        free(id);
    }
    cr_assert_eq(document_store_count(store), 5000);
    cr_assert_not_null(document_store_get(store, "doc-0"));
    document_store_free(store);
}

enum { THREADS = 4, PUTS_PER_THREAD = 1000 };

struct putter {
    struct document_store *store;
    int number;
};

static void *put_many(void *argument) {
    const struct putter *putter = argument;
    for (int i = 0; i < PUTS_PER_THREAD; i++) {
        char *own_id = memory_format("%d/%d", putter->number, i);
        char *shared_id = memory_format("shared/%d", i);
        document_store_put(putter->store, new_document(own_id, "own"));
        document_store_put(putter->store, new_document(shared_id, "shared"));
        free(own_id);
        free(shared_id);
    }
    return NULL;
}

Test(store, is_shared_by_threads) {
    struct document_store *store = document_store_new();
    pthread_t threads[THREADS];
    struct putter putters[THREADS];
    for (int i = 0; i < THREADS; i++) {
        putters[i] = (struct putter){store, i};
        cr_assert_eq(pthread_create(&threads[i], NULL, put_many, &putters[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    cr_assert_eq(document_store_count(store), (THREADS + 1) * PUTS_PER_THREAD);
    cr_assert_eq(document_store_content_bytes(store),
                 THREADS * PUTS_PER_THREAD * strlen("own") + PUTS_PER_THREAD * strlen("shared"));
    document_store_free(store);
}
