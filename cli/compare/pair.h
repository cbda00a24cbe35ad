/*
 * pair.h - which function of one build is which of another.
 *
 * The rules go from sure to likely, each for what those before left over (compare.h names them):
 *
 *   same key, one each        linkage name, without suffixes of clones        pair_names.c
 *   same key, several         the files they are in
 *   same signature            name and parameters, mangled in another way
 *   the same but for numbers  the order they stand in, in the source          pair_numbered.c,
 *                                                                             pair_positions.c
 *   anything else             callers, callees, calls, place, spelling        pair_similar.c
 *
 * A pairing is between two arrays; each rule fills in `other` of both sides.
 */
#ifndef TALLY_CLI_PAIR_H
#define TALLY_CLI_PAIR_H

#include "compare.h"
#include "rows.h"

#define PAIR_UNPAIRED ROWS_NOBODY

/* A function of one side, with all its clones. */
struct pair_function {
    const struct view_function *function; /* one of them: without a suffix, if there is such */
    char *key;                            /* linkage name, or else name; without suffixes */
    char *signature; /* qualified name and parameters; the key where that is no C++ name */
    char *numbered;  /* the signature with compilers' numbers made alike; null: it has none */
    char *position;  /* lines of what is numbered in it, if it is; compared as text */
    uint32_t other;  /* index in the other side, or PAIR_UNPAIRED */
    enum pair_rule rule;
    unsigned score;
};

/* What is known of calls between the functions of a side. */
struct pair_edge {
    uint32_t caller, callee; /* PAIR_UNPAIRED as caller: none that is known */
    wide calls;              /* not negative */
};

struct pair_side {
    struct pair_function *functions; /* by key, then file */
    size_t n;
    struct pair_edge *edges;  /* by caller, then callee: each once */
    struct pair_edge *inward; /* the same by callee, then caller */
    size_t n_edges;
};

/* Puts the edges in order. */
void pair_order_edges(struct pair_side *side);

void pair_by_name(struct pair_side *old, struct pair_side *new);
void pair_by_position(struct pair_side *old, struct pair_side *new);
void pair_by_similarity(struct pair_side *old, struct pair_side *new);

/* How alike two functions are, 0 to 100; 0 if nothing that calls them, or that they call, is
 * paired. */
unsigned pair_similarity(const struct pair_side *old, uint32_t a, const struct pair_side *new,
                         uint32_t b);

/* A name without the suffixes that compilers give to clones. Free it. */
char *pair_key(const char *name);
/* What a C++ programmer tells functions apart by, however they are mangled; else the key. Free it.
 */
char *pair_signature(const char *key);
/* If a numbered part of a signature starts at `at`, the text behind it, else null. */
const char *pair_behind_number(const char *signature, const char *at);
/* Fills in the positions of a side's numbered functions. */
void pair_find_positions(struct pair_side *side);
/* The signature with numbers of lambdas, unnamed types and nested functions made alike, or null if
 * it has none. Free it. */
char *pair_numbered(const char *signature);

#endif
