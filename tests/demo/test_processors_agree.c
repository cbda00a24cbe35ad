/*
 * test_processors_agree.c - the optimised processor finds what the naive one finds, whatever the
 * text, also with a workspace that other documents have used before, and in several threads.
 */
#include "common/memory.h"
#include "common/random.h"
#include "common/string_buffer.h"
#include "documents/document_source.h"
#include "documents/processor.h"
#include "documents/stop_words.h"
#include "documents/workspace.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct processors {
    struct document_processor *naive, *optimised;
};

static struct processors new_processors(void) {
    return (struct processors){
        naive_processor_new(lru_store_new(1, 0)),
        optimised_processor_new(lru_store_new(1, 0)),
    };
}

static void free_processors(struct processors *processors) {
    document_processor_free(processors->naive);
    document_processor_free(processors->optimised);
}

static struct document *processed(struct document_processor *processor, const char *content,
                                  size_t content_bytes) {
    struct processing_result result;
    struct document *document =
        document_new("id", "title", memory_copy_text(content, content_bytes), content_bytes);
    cr_assert_eq(document_process(processor, document, &result), 0);
    return document;
}

static void assert_same_results(const struct document *one, const struct document *other) {
    cr_assert_eq(one->word_count, other->word_count);
    cr_assert_str_eq(one->hash, other->hash);
    cr_assert_eq(one->keywords.count, other->keywords.count);
    for (size_t i = 0; i < one->keywords.count; i++) {
        cr_assert_str_eq(one->keywords.keywords[i].word, other->keywords.keywords[i].word);
        cr_assert_eq(one->keywords.keywords[i].count, other->keywords.keywords[i].count);
    }
}

static void assert_agree_on_bytes(const struct processors *processors, const char *content,
                                  size_t content_bytes) {
    struct document *naive = processed(processors->naive, content, content_bytes);
    struct document *optimised = processed(processors->optimised, content, content_bytes);
    assert_same_results(naive, optimised);
    document_release(naive);
    document_release(optimised);
}

static void assert_agree_on(const struct processors *processors, const char *content) {
    assert_agree_on_bytes(processors, content, strlen(content));
}

static void assert_agree_on_source(struct document_source *source, size_t least_documents) {
    struct processors processors = new_processors();
    struct document *document;
    size_t n_documents = 0;
    while (document_source_next(source, &document) > 0) {
        assert_agree_on_bytes(&processors, document->content, document->content_bytes);
        document_release(document);
        n_documents++;
    }
    cr_assert_geq(n_documents, least_documents);
    document_source_free(source);
    free_processors(&processors);
}

Test(processors, agree_on_the_license_texts) {
    const char *roots[] = {"/usr/share/common-licenses"}, *failed_root;
    struct document_source *source = NULL;
    cr_assert_eq(file_source_new(roots, 1, NULL, &source, &failed_root), 0);
    assert_agree_on_source(source, 5);
}

/* 10 000 of them are compared by test_program.py, in less time. */
Test(processors, agree_on_generated_documents) {
    assert_agree_on_source(generated_source_new(100, 5), 100);
}

Test(processors, agree_on_short_texts) {
    struct processors processors = new_processors();
    static const char *const texts[] = {
        "",
        " ",
        "a",
        ".",
        "\n",
        " \t\n\v\f\r .,!?;:",
        "word",
        "word word word",
        ".word.word.word.",
        "WORD Word wOrD",
        "\x80 \x80\x81\x82\x83 \xff\xfe\xfd\xfc \xff\xfe\xfd\xfc \xff\xfe\xfd\xfc",
        "gr\xc3\xbc\xc3\x9f Gr\xc3\xbc\xc3\x9f GR\xc3\xbc\xc3\x9f, gr\xc3\x9c\xc3\x9f",
        "\xc2\xa0here\xc2\xa0here \xc2\xa0here\xc2\xa0here \xc2\xa0here\xc2\xa0here",
        "plan-b plan-b plan-b plan plan plan plane plane plane",
        "from From FROM with with with were were were been been been then then then",
        "abc abc abc abcd abcd abcd",
        "a\x1b[m a\x1b[m a\x1b[m",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_agree_on(&processors, texts[i]);
    }
    free_processors(&processors);
}

Test(processors, agree_on_each_byte) {
    struct processors processors = new_processors();
    for (int byte = 1; byte < 256; byte++) {
        char text[] = "word?word?word?wo?d ?word? wo?d wo?d";
        for (char *mark = strchr(text, '?'); mark != NULL; mark = strchr(mark + 1, '?')) {
            *mark = (char)byte;
        }
        assert_agree_on(&processors, text);
    }
    free_processors(&processors);
}

Test(processors, agree_on_stop_words_alone) {
    struct processors processors = new_processors();
    struct string_buffer text = STRING_BUFFER_EMPTY;
    for (size_t i = 0; i < 5 * (size_t)STOP_WORD_COUNT; i++) {
        string_buffer_append_text(&text, stop_words[i % STOP_WORD_COUNT]);
        string_buffer_append_text(&text, "\n");
    }
    assert_agree_on(&processors, text.data);
    string_buffer_free(&text);
    free_processors(&processors);
}

/* A text that is one word, three times; longer than a workspace is kept for. What comes after it
 * must not see anything of it. */
Test(processors, agree_on_huge_words) {
    struct processors processors = new_processors();
    size_t word_bytes = WORKSPACE_KEPT_BYTES;
    char *text = memory_allocate(3 * word_bytes + 1);
    memset(text, 'X', 3 * word_bytes);
    text[word_bytes - 1] = text[2 * word_bytes - 1] = text[3 * word_bytes - 1] = ' ';
    text[3 * word_bytes] = '\0';
    assert_agree_on(&processors, text);
    text[word_bytes / 4] = '\0';
    assert_agree_on(&processors, text);
    assert_agree_on(&processors, "short short short");
    memset(text, '\n', 3 * word_bytes);
    assert_agree_on(&processors, text);
    free(text);
    free_processors(&processors);
}

/* More different words than the table has room for at first, each often enough to be found again
 * after it has grown; then fewer. */
Test(processors, agree_on_many_words) {
    struct processors processors = new_processors();
    for (int n_words = 10000; n_words > 0; n_words /= 7) {
        struct string_buffer text = STRING_BUFFER_EMPTY;
        for (int i = 0; i < 3 * n_words; i++) {
            char *word = memory_format("word%d ", i % n_words);
            string_buffer_append_text(&text, word);
            free(word);
        }
        assert_agree_on(&processors, text.data);
        string_buffer_free(&text);
    }
    free_processors(&processors);
}

Test(processors, agree_on_random_texts) {
    static const char alphabet[] = "aaabbAB  ..,\n\t-\xc3\xa4\x80";
    struct processors processors = new_processors();
    struct random_generator generator = random_seeded(11);
    for (int i = 0; i < 3000; i++) {
        char text[400];
        uint32_t length = random_below(&generator, sizeof(text));
        for (uint32_t j = 0; j < length; j++) {
            text[j] = alphabet[random_below(&generator, sizeof(alphabet) - 1)];
        }
        assert_agree_on_bytes(&processors, text, length);
    }
    free_processors(&processors);
}

enum { THREADS = 4, DOCUMENTS_PER_THREAD = 40 };

struct worker {
    struct document_processor *processor;
    uint64_t seed;
    struct document *documents[DOCUMENTS_PER_THREAD];
};

static void *process_many(void *argument) {
    struct worker *worker = argument;
    struct document_source *source = generated_source_new(DOCUMENTS_PER_THREAD, worker->seed);
    for (size_t i = 0; i < DOCUMENTS_PER_THREAD; i++) {
        struct processing_result result;
        cr_assert_eq(document_source_next(source, &worker->documents[i]), 1);
        cr_assert_eq(document_process(worker->processor, worker->documents[i], &result), 0);
    }
    document_source_free(source);
    return NULL;
}

Test(processors, agree_when_threads_share_one) {
    struct processors processors = new_processors();
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.processor = processors.optimised, .seed = i};
        cr_assert_eq(pthread_create(&threads[i], NULL, process_many, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
        for (size_t j = 0; j < DOCUMENTS_PER_THREAD; j++) {
            struct document *found = workers[i].documents[j];
            struct document *naive =
                processed(processors.naive, found->content, found->content_bytes);
            assert_same_results(naive, found);
            document_release(naive);
            document_release(found);
        }
    }
    free_processors(&processors);
}

Test(workspace, is_used_again_unless_it_has_grown_too_large) {
    struct workspace_pool pool;
    workspace_pool_init(&pool);
    struct workspace *first = workspace_take(&pool), *second = workspace_take(&pool);
    cr_assert_neq(first, second);
    workspace_give_back(&pool, first);
    cr_assert_eq(workspace_take(&pool), first);
    string_buffer_reserve(&first->normalized, WORKSPACE_KEPT_BYTES);
    workspace_give_back(&pool, first);
    cr_assert_null(pool.unused);
    workspace_give_back(&pool, second);
    cr_assert_eq(pool.unused, second);
    workspace_pool_destroy(&pool);
}

Test(workspace, those_made_beforehand_have_room_for_an_ordinary_text) {
    struct workspace_pool pool;
    workspace_pool_init(&pool);
    workspace_pool_prepare(&pool, 2);
    struct workspace *workspaces[] = {pool.unused, pool.unused->next_unused};
    cr_assert_null(workspaces[1]->next_unused);
    for (size_t i = 0; i < 2; i++) {
        cr_assert_geq(workspaces[i]->normalized.capacity_bytes, 60000);
        cr_assert_geq(workspaces[i]->counts.n_slots, 2 * 2000);
        cr_assert_geq(workspaces[i]->keywords_capacity, 2000);
        cr_assert_eq(workspaces[i]->counts.n_words, 0);
        cr_assert_eq(workspace_take(&pool), workspaces[i]);
    }
    workspace_give_back(&pool, workspaces[0]);
    workspace_give_back(&pool, workspaces[1]);
    workspace_pool_destroy(&pool);
}
