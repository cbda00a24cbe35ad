/*
 * documents_summary.c - see documents_summary.h: adding up, and the summary for people.
 */
#include "program/documents_summary.h"

#include "common/interruption.h"
#include "common/text_format.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int documents_summary_start(struct documents_summary *summary) {
    *summary = (struct documents_summary){
        .keyword_uses = WORD_TABLE_EMPTY,
        .digest = results_digest_new(),
    };
    return summary->digest != NULL ? 0 : -ENOTSUP;
}

void documents_summary_add(struct documents_summary *summary, const struct document *document) {
    summary->documents++;
    summary->content_bytes += document->content_bytes;
    summary->words += document->word_count;
    summary->keywords += document->keywords.count;
    for (size_t i = 0; i < document->keywords.count; i++) {
        const struct keyword *keyword = &document->keywords.keywords[i];
        word_table_add(&summary->keyword_uses, keyword->word, strlen(keyword->word),
                       keyword->count);
    }
    results_digest_add(summary->digest, document);
}

void documents_summary_finish(struct documents_summary *summary) {
    results_digest_print(summary->digest, summary->keywords_digest, summary->hashes_digest);
}

void documents_summary_free(struct documents_summary *summary) {
    word_table_free(&summary->keyword_uses);
    results_digest_free(summary->digest);
    summary->digest = NULL;
}

/* `top` is kept sorted; an entry sinks in from the end. How far depends on the order in which words
 * were first seen, and that on which document was done first: so the comparison is no function of
 * its own, whose calls would differ from run to run. */
size_t documents_summary_top(const struct documents_summary *summary,
                             const struct word_entry *top[TOP_KEYWORDS]) {
    size_t n_top = 0;
    for (const struct word_entry *entry = summary->keyword_uses.entries; entry != NULL;
         entry = entry->hh.next) {
        size_t position = n_top;
        for (; position > 0; position--) {
            const struct word_entry *above = top[position - 1];
            if (above->count > entry->count ||
                (above->count == entry->count && strcmp(above->word, entry->word) < 0)) {
                break;
            }
        }
        if (position == TOP_KEYWORDS) {
            continue;
        }
        n_top += n_top < TOP_KEYWORDS ? 1 : 0;
        memmove(&top[position + 1], &top[position], (n_top - position - 1) * sizeof(top[0]));
        top[position] = entry;
    }
    return n_top;
}

static void print_source(const struct documents_summary *summary,
                         const struct documents_options *options) {
    if (options->count > 0) {
        printf("Documents        %" PRIu64 " generated with seed %" PRIu64 "\n", summary->documents,
               options->seed);
        return;
    }
    printf("Documents        %" PRIu64 " from", summary->documents);
    for (size_t i = 0; i < options->n_roots; i++) {
        char *root = format_printable(options->roots[i], strlen(options->roots[i]));
        printf(" %s", root);
        free(root);
    }
    putchar('\n');
    const struct source_skips *skips = &summary->skips;
    if (skips->not_regular + skips->unreadable + skips->not_text > 0) {
        printf("Left out         %zu not regular, %zu unreadable, %zu not text\n",
               skips->not_regular, skips->unreadable, skips->not_text);
    }
}

static void print_top(const struct documents_summary *summary) {
    const struct word_entry *top[TOP_KEYWORDS];
    size_t n_top = documents_summary_top(summary, top);
    for (size_t i = 0; i < n_top; i++) {
        char *word = format_printable(top[i]->word, top[i]->length);
        printf("%-17s%-24s %8zu\n", i == 0 ? "Top keywords" : "", word, top[i]->count);
        free(word);
    }
}

double documents_summary_throughput(const struct documents_summary *summary) {
    return (double)summary->pool.processed * 1e9 / (double)summary->elapsed_ns;
}

static void print_duration(const char *label, const struct duration_stats *stats) {
    char mean[FORMAT_QUANTITY_BYTES], largest[FORMAT_QUANTITY_BYTES];
    format_duration(duration_stats_mean_ns(stats), mean);
    format_duration(stats->largest_ns, largest);
    printf("%-17s%s a document, at most %s\n", label, mean, largest);
}

static void print_pool(const struct documents_summary *summary,
                       const struct documents_options *options) {
    const struct document_pool_statistics *pool = &summary->pool;
    printf("\nWorkers          %" PRIu64 ", sleeping %" PRIu64 " ms after each document\n",
           options->workers, options->sleep_ms);
    printf("Submitted        %" PRIu64 ", %" PRIu64 " rejected, %" PRIu64 " timed out\n",
           pool->submitted, pool->rejected, pool->timed_out);
    printf("Processed        %" PRIu64 ", %" PRIu64 " failed, %" PRIu64 " cancelled\n",
           pool->processed, pool->failed, pool->cancelled);
    printf("Throughput       %.1f documents/s\n", documents_summary_throughput(summary));
    print_duration("Blocked", &pool->blocked);
    print_duration("In queue", &pool->in_queue);
    print_duration("Processing", &pool->process);
}

void documents_summary_print(const struct documents_summary *summary,
                             const struct documents_options *options) {
    char content[FORMAT_QUANTITY_BYTES], stored[FORMAT_QUANTITY_BYTES];
    char elapsed[FORMAT_QUANTITY_BYTES];
    format_size(summary->content_bytes, content);
    format_size(summary->stored.content_bytes, stored);
    format_duration(summary->elapsed_ns, elapsed);
    if (summary->stopped_by != 0) {
        printf("Run              stopped by %s after %" PRIu64 " documents\n",
               interruption_name(summary->stopped_by), summary->documents);
    }
    printf("Processor        %s\n", processor_choice_name(options->processor));
    print_source(summary, options);
    printf("Content          %s, %" PRIu64 " words\n", content, summary->words);
    printf("Keywords         %zu distinct, %" PRIu64 " over all documents\n",
           word_table_size(&summary->keyword_uses), summary->keywords);
    print_top(summary);
    printf("Keywords digest  %s\n", summary->keywords_digest);
    printf("Hashes digest    %s\n", summary->hashes_digest);
    printf("Still stored     %zu documents, %s\n", summary->stored.documents, stored);
    printf("Left the store   %" PRIu64 " evicted, %" PRIu64 " expired\n", summary->stored.evicted,
           summary->stored.expired);
    printf("Elapsed          %s\n", elapsed);
    if (options->workers > 0) {
        print_pool(summary, options);
    }
}
