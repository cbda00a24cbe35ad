/*
 * keyword_label.h - a keyword and its count as one string, "word:count".
 *
 * FAULT formatted-keywords: the naive processor hands keywords from counting to sorting in this
 * form. That is a printf and an allocation for each, and whoever wants the count back, which is
 * every comparison of the sort, has to parse it out of the string again.
 */
#ifndef TALLY_DEMO_KEYWORD_LABEL_H
#define TALLY_DEMO_KEYWORD_LABEL_H

#include "documents/document.h"

#include <stddef.h>

/* A new string. Words have no colon: normalising has taken it out. */
char *format_label(const char *word, size_t count);

/* The keyword that a label says. Its word is the label's own, which ends where the colon was. */
struct keyword parse_label(char *label);

/* For qsort over an array of labels: in the order of a keyword_list. */
int compare_labels(const void *left, const void *right);

#endif
