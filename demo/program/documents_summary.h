/*
 * documents_summary.h - what a run of `tally-demo documents` found, added up and printed.
 *
 * Everything but the elapsed time, what the pool's statistics say of time, and what an lru store
 * with a time to live still holds, depends on the documents alone: two runs over the same ones
 * print the same. With several workers, which of the documents an lru store still holds depends on
 * which were done last.
 */
#ifndef TALLY_DEMO_DOCUMENTS_SUMMARY_H
#define TALLY_DEMO_DOCUMENTS_SUMMARY_H

#include "documents/document.h"
#include "documents/document_pool.h"
#include "documents/document_source.h"
#include "documents/document_store.h"
#include "documents/results_digest.h"
#include "documents/word_table.h"
#include "program/documents_options.h"

#include <stddef.h>
#include <stdint.h>

struct documents_summary {
    uint64_t documents, content_bytes, words;
    uint64_t keywords;              /* over all documents, each counted in each */
    struct word_table keyword_uses; /* uses of each keyword, over the documents it is one of */
    struct results_digest *digest;  /* being made */
    char keywords_digest[RESULTS_DIGEST_TEXT_BYTES];
    char hashes_digest[RESULTS_DIGEST_TEXT_BYTES];
    struct source_skips skips;
    struct document_store_usage stored;
    int stopped_by;                       /* a signal, or 0 */
    uint64_t elapsed_ns;                  /* reading or generating included */
    struct document_pool_statistics pool; /* if there was one */
};

/* 0, or -ENOTSUP if libcrypto has no SHA-256. */
int documents_summary_start(struct documents_summary *summary);
void documents_summary_add(struct documents_summary *summary, const struct document *document);
void documents_summary_finish(struct documents_summary *summary);
void documents_summary_free(struct documents_summary *summary);

void documents_summary_print(const struct documents_summary *summary,
                             const struct documents_options *options);
void documents_summary_print_json(const struct documents_summary *summary,
                                  const struct documents_options *options);

/* Of the run, by the pool. */
double documents_summary_throughput(const struct documents_summary *summary);

enum { TOP_KEYWORDS = 10 };

/* The most used keywords, in the order of a keyword_list; returns how many there are. */
size_t documents_summary_top(const struct documents_summary *summary,
                             const struct word_entry *top[TOP_KEYWORDS]);

#endif
