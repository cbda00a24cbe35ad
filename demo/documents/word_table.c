/*
 * word_table.c - see word_table.h.
 */
#include "documents/word_table.h"

#include <stdlib.h>
#include <string.h>

static struct word_entry *new_entry(const char *word, size_t length) {
    struct word_entry *entry = memory_allocate(sizeof(*entry) + length + 1);
    entry->count = 0;
    entry->length = length;
    memcpy(entry->word, word, length);
    entry->word[length] = '\0';
    return entry;
}

void word_table_add(struct word_table *table, const char *word, size_t length, size_t times) {
    struct word_entry *entry;
    HASH_FIND(hh, table->entries, word, length, entry);
    if (entry == NULL) {
        entry = new_entry(word, length);
        HASH_ADD_KEYPTR(hh, table->entries, entry->word, entry->length, entry);
    }
    entry->count += times;
}

size_t word_table_size(const struct word_table *table) {
    return HASH_COUNT(table->entries);
}

void word_table_free(struct word_table *table) {
    struct word_entry *entry, *next;
    HASH_ITER(hh, table->entries, entry, next) {
        HASH_DEL(table->entries, entry);
        free(entry);
    }
}
