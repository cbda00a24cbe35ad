/*
 * known.c - one way of allocating, whose totals are known: ../known.py has them.
 *
 *   known CASE
 *
 * Each case is a function. `keep` and the barrier hide from compilers what becomes of a block, so
 * that none of them leaves an allocation out. What is still live at exit is meant to be.
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *volatile keep;

static void *hidden(void *block) {
    __asm__ volatile("" : "+r"(block)::"memory");
    return block;
}

static size_t hidden_size(size_t size) {
    __asm__ volatile("" : "+r"(size));
    return size;
}

/* Too large for any machine, in ways that are told apart: by the size alone, and by mmap. */
#define ABSURD hidden_size((size_t)1 << 62)
#define TOO_LARGE hidden_size((size_t)1 << 46)

static void must(int truth) {
    if (!truth)
        abort();
}

static void nothing(void) {}

static void one(void) {
    keep = malloc(1000);
}

static void one_freed(void) {
    free(hidden(malloc(1000)));
}

static void empty(void) {
    keep = malloc(hidden_size(0));
    keep = calloc(hidden_size(0), 8);
    keep = realloc(hidden(NULL), hidden_size(0));
}

static void empty_freed(void) {
    free(hidden(malloc(hidden_size(0))));
}

static void zeroed(void) {
    keep = calloc(10, 100);
    must(hidden(calloc(ABSURD, 8)) == NULL);
}

static void refused(void) {
    must(hidden(malloc(ABSURD)) == NULL && hidden(malloc(TOO_LARGE)) == NULL);
    free(hidden(NULL));
}

static void resized_from_null(void) {
    keep = realloc(hidden(NULL), 1000);
    keep = reallocarray(hidden(NULL), 10, 100);
}

/* The heap's last block before its top: grows and shrinks where it is. */
static void resized_in_place(void) {
    char *block = hidden(malloc(1000));
    must(hidden(block = realloc(block, 1500)) != NULL);
    must(hidden(block = realloc(block, 1500)) != NULL);
    keep = realloc(block, 700);
}

static void resized_and_moved(void) {
    void *block = hidden(malloc(1000)), *in_the_way = hidden(malloc(16));
    keep = realloc(block, 100000);
    free(in_the_way);
}

static void resized_and_freed(void) {
    free(hidden(reallocarray(hidden(malloc(1000)), 10, 300)));
}

static void resized_in_vain(void) {
    keep = hidden(malloc(1000));
    must(hidden(realloc(keep, ABSURD)) == NULL && hidden(realloc(keep, TOO_LARGE)) == NULL);
    must(hidden(reallocarray(keep, ABSURD, 8)) == NULL);
}

static void resized_to_nothing(void) {
    must(hidden(realloc(hidden(malloc(1000)), hidden_size(0))) == NULL);
}

static void aligned(void) {
    void *block;
    must(posix_memalign(&block, 256, 1000) == 0);
    keep = hidden(block);
    keep = aligned_alloc(64, 1024);
    keep = valloc(1000);
    free(hidden(aligned_alloc(4096, 4096)));
}

static void by_memalign(void) {
    keep = memalign(64, 1000);
}

static void by_memalign_and_freed(void) {
    free(hidden(memalign(64, 1000)));
}

static void in_the_library(void) {
    char *text;
    keep = strdup("hello");
    keep = strndup("hello", 3);
    must(asprintf(&text, "%*d", 500, 12) == 500);
    free(text);
    FILE *file = fopen("/dev/null", "w");
    must(file && fputs("x", file) >= 0 && fclose(file) == 0);
}

/* One by one, then nested in both orders: the inner one is freed first, then last. */
static void temporary(void) {
    for (int i = 0; i < 10; i++)
        free(hidden(malloc(100)));
    for (int i = 0; i < 10; i++) {
        void *outer = hidden(malloc(100)), *inner = hidden(malloc(50));
        free(inner);
        free(outer);
    }
    for (int i = 0; i < 10; i++) {
        void *first = hidden(malloc(100)), *last = hidden(malloc(50));
        free(first);
        free(last);
    }
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    {"nothing", nothing},
    {"one", one},
    {"one_freed", one_freed},
    {"empty", empty},
    {"empty_freed", empty_freed},
    {"zeroed", zeroed},
    {"refused", refused},
    {"resized_from_null", resized_from_null},
    {"resized_in_place", resized_in_place},
    {"resized_and_moved", resized_and_moved},
    {"resized_and_freed", resized_and_freed},
    {"resized_in_vain", resized_in_vain},
    {"resized_to_nothing", resized_to_nothing},
    {"aligned", aligned},
    {"by_memalign", by_memalign},
    {"by_memalign_and_freed", by_memalign_and_freed},
    {"in_the_library", in_the_library},
    {"temporary", temporary},
};

int main(int argc, char **argv) {
    for (size_t i = 0; argc == 2 && i < sizeof cases / sizeof *cases; i++)
        if (strcmp(argv[1], cases[i].name) == 0) {
            cases[i].run();
            return 0;
        }
    fputs("usage: known CASE\n", stderr);
    return 2;
}
