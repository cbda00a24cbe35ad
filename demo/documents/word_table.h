/*
 * word_table.h - how often each word occurred: a hash table from word to count.
 *
 * Walk the entries in the order in which words were first seen:
 *
 *     for (const struct word_entry *entry = table.entries; entry != NULL; entry = entry->hh.next)
 *
 * A table belongs to one thread. Start from WORD_TABLE_EMPTY.
 */
#ifndef TALLY_DEMO_WORD_TABLE_H
#define TALLY_DEMO_WORD_TABLE_H

#include "common/memory.h"

#include <stddef.h>

#define uthash_fatal(message) memory_exhausted()
#include <uthash.h>

struct word_entry {
    size_t count;
    UT_hash_handle hh;
    size_t length;
    char word[]; /* zero-terminated; the key, without the zero */
};

struct word_table {
    struct word_entry *entries;
};

#define WORD_TABLE_EMPTY ((struct word_table){NULL})

void word_table_add(struct word_table *table, const char *word, size_t length, size_t times);
size_t word_table_size(const struct word_table *table); /* different words */
void word_table_free(struct word_table *table);

#endif
