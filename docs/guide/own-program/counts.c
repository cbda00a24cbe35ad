/*
 * counts.c - see counts.h. A hash table, with a list of entries in each slot.
 */
#include "counts.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 16384 };

struct entry {
    struct entry *next;
    size_t times;
    char word[];
};

struct counts {
    struct entry *slots[SLOTS];
    size_t n_words;
};

static void *allocate(size_t n, size_t size) {
    void *memory = calloc(n, size);
    if (memory == NULL) {
        perror("hits");
        exit(1);
    }
    return memory;
}

static size_t slot_of(const char *word) {
    size_t hash = 0;
    for (const char *byte = word; *byte != '\0'; byte++) {
        hash += (unsigned char)*byte;
    }
    return hash % SLOTS;
}

static bool is_word(const struct entry *entry, const char *word) {
    return strcmp(entry->word, word) == 0;
}

static struct entry *find(const struct counts *counts, const char *word) {
    struct entry *entry = counts->slots[slot_of(word)];
    while (entry != NULL && !is_word(entry, word)) {
        entry = entry->next;
    }
    return entry;
}

static struct entry *insert(struct counts *counts, const char *word) {
    struct entry *entry = allocate(1, sizeof(*entry) + strlen(word) + 1);
    strcpy(entry->word, word);
    struct entry **slot = &counts->slots[slot_of(word)];
    entry->next = *slot;
    *slot = entry;
    counts->n_words++;
    return entry;
}

struct counts *counts_new(void) {
    return allocate(1, sizeof(struct counts));
}

void counts_free(struct counts *counts) {
    for (size_t i = 0; i < SLOTS; i++) {
        for (struct entry *entry = counts->slots[i], *next; entry != NULL; entry = next) {
            next = entry->next;
            free(entry);
        }
    }
    free(counts);
}

void counts_add(struct counts *counts, const char *word) {
    struct entry *entry = find(counts, word);
    if (entry == NULL) {
        entry = insert(counts, word);
    }
    entry->times++;
}

static int compare(const void *left, const void *right) {
    const struct count *l = left, *r = right;
    if (l->times != r->times) {
        return l->times > r->times ? -1 : 1;
    }
    return strcmp(l->word, r->word);
}

struct count *counts_sorted(const struct counts *counts, size_t *n_words) {
    struct count *sorted = allocate(counts->n_words + 1, sizeof(*sorted));
    size_t n = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        for (const struct entry *entry = counts->slots[i]; entry != NULL; entry = entry->next) {
            sorted[n++] = (struct count){entry->word, entry->times};
        }
    }
    qsort(sorted, n, sizeof(*sorted), compare);
    *n_words = n;
    return sorted;
}
