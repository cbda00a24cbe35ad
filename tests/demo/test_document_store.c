/*
 * test_document_store.c - the stores of processed documents: ownership, replacement, bounds,
 * threads.
 */
#include "common/memory.h"
#include "common/monotonic_clock.h"
#include "documents/document_store.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static struct document *new_document(const char *id, const char *content) {
    size_t size_bytes = strlen(content);
    return document_new(id, "title", memory_copy_text(content, size_bytes), size_bytes);
}

/* Calls the check with an empty store of each kind; the bounded one has room for all. */
static void with_each_kind(void (*check)(struct document_store *store)) {
    struct document_store *stores[] = {unbounded_store_new(), lru_store_new(100000, 0)};
    for (size_t i = 0; i < sizeof(stores) / sizeof(stores[0]); i++) {
        check(stores[i]);
        document_store_free(stores[i]);
    }
}

static void assert_holds(struct document_store *store, size_t documents, size_t content_bytes) {
    struct document_store_usage usage = document_store_usage(store);
    cr_assert_eq(usage.documents, documents);
    cr_assert_eq(usage.content_bytes, content_bytes);
    cr_assert_eq(usage.evicted, 0);
    cr_assert_eq(usage.expired, 0);
}

static void assert_content(struct document_store *store, const char *id, const char *content) {
    struct document *document = document_store_get(store, id);
    cr_assert_not_null(document);
    cr_assert_str_eq(document->content, content);
    document_release(document);
}

static void check_keeping(struct document_store *store) {
    assert_holds(store, 0, 0);
    cr_assert_null(document_store_get(store, "a"));
    struct document *document = new_document("a", "12345");
    document_store_put(store, document);
    document_store_put(store, new_document("b", "678"));
    struct document *found = document_store_get(store, "a");
    cr_assert_eq(found, document);
    document_release(found);
    assert_content(store, "b", "678");
    assert_holds(store, 2, 8);
}

Test(store, keeps_what_is_put) {
    with_each_kind(check_keeping);
}

static void check_replacing(struct document_store *store) {
    document_store_put(store, new_document("a", "old content"));
    document_store_put(store, new_document("a", "new"));
    assert_holds(store, 1, 3);
    assert_content(store, "a", "new");
}

Test(store, replaces_a_document_of_the_same_id) {
    with_each_kind(check_replacing);
}

static void check_same_document(struct document_store *store) {
    struct document *document = new_document("a", "12345");
    document_store_put(store, document_share(document));
    document_store_put(store, document);
    assert_holds(store, 1, 5);
    assert_content(store, "a", "12345");
}

Test(store, takes_the_same_document_again) {
    with_each_kind(check_same_document);
}

static void check_readers(struct document_store *store) {
    document_store_put(store, new_document("a", "old"));
    struct document *old = document_store_get(store, "a");
    document_store_put(store, new_document("a", "new"));
    cr_assert_str_eq(old->content, "old");
    document_release(old);
}

Test(store, leaves_readers_what_they_have) {
    with_each_kind(check_readers);
}

static void put_numbered(struct document_store *store, int n) {
    for (int i = 0; i < n; i++) {
        char *id = memory_format("doc-%d", i);
        document_store_put(store, new_document(id, "xy"));
        free(id);
    }
}

/* The fault unbounded-store, as a fact. */
Test(store, unbounded_never_lets_go) {
    struct document_store *store = unbounded_store_new();
    put_numbered(store, 5000);
    assert_holds(store, 5000, 10000);
    assert_content(store, "doc-0", "xy");
    document_store_free(store);
}

Test(store, lru_keeps_the_most_recent) {
    struct document_store *store = lru_store_new(100, 0);
    put_numbered(store, 5000);
    struct document_store_usage usage = document_store_usage(store);
    cr_assert_eq(usage.documents, 100);
    cr_assert_eq(usage.content_bytes, 200);
    cr_assert_eq(usage.evicted, 4900);
    cr_assert_eq(usage.expired, 0);
    cr_assert_null(document_store_get(store, "doc-4899"));
    assert_content(store, "doc-4900", "xy");
    document_store_free(store);
}

/* The store has the real clock: lru_cache's own tests know to the nanosecond when. */
Test(store, lru_drops_what_is_too_old) {
    struct document_store *store = lru_store_new(100, 1);
    document_store_put(store, new_document("a", "12345"));
    for (uint64_t put_ns = monotonic_now_ns(); monotonic_now_ns() <= put_ns;) {
    }
    cr_assert_null(document_store_get(store, "a"));
    struct document_store_usage usage = document_store_usage(store);
    cr_assert_eq(usage.documents, 0);
    cr_assert_eq(usage.content_bytes, 0);
    cr_assert_eq(usage.evicted, 0);
    cr_assert_eq(usage.expired, 1);
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
        document_release(document_store_get(putter->store, shared_id));
        free(own_id);
        free(shared_id);
    }
    return NULL;
}

static void put_by_threads(struct document_store *store) {
    pthread_t threads[THREADS];
    struct putter putters[THREADS];
    for (int i = 0; i < THREADS; i++) {
        putters[i] = (struct putter){store, i};
        cr_assert_eq(pthread_create(&threads[i], NULL, put_many, &putters[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void check_threads(struct document_store *store) {
    put_by_threads(store);
    assert_holds(store, (THREADS + 1) * PUTS_PER_THREAD,
                 THREADS * PUTS_PER_THREAD * strlen("own") + PUTS_PER_THREAD * strlen("shared"));
}

Test(store, is_shared_by_threads) {
    with_each_kind(check_threads);
}

/* 0 if it is not in the store. */
static size_t stored_bytes(struct document_store *store, const char *prefix, int number) {
    char *id = memory_format("%s/%d", prefix, number);
    struct document *document = document_store_get(store, id);
    size_t content_bytes = document != NULL ? document->content_bytes : 0;
    document_release(document);
    free(id);
    return content_bytes;
}

Test(store, lru_is_shared_by_threads_that_drop_documents) {
    static const char *const prefixes[] = {"0", "1", "2", "3", "shared"};
    struct document_store *store = lru_store_new(10, 0);
    put_by_threads(store);
    size_t content_bytes = 0;
    for (int i = 0; i < PUTS_PER_THREAD; i++) {
        for (int j = 0; j <= THREADS; j++) {
            content_bytes += stored_bytes(store, prefixes[j], i);
        }
    }
    struct document_store_usage usage = document_store_usage(store);
    cr_assert_eq(usage.documents, 10);
    cr_assert_eq(usage.content_bytes, content_bytes);
    document_store_free(store);
}
