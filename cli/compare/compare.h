/*
 * compare.h - the functions of one or two builds as one list.
 *
 *   side OLD  views of its runs and values ──┐  the same by name, file and linkage name: one
 *                                            ├─ function of the side
 *   side NEW  views …                      ──┘         │
 *                                                      ▼  pair.h: which old one is which new one
 *                                  compared functions { old, new, rule, score }
 *
 * Everything that compares (diff, check, report) speaks of functions by their index here, so that
 * rows of different runs, values and builds can be laid side by side. With one side, each function
 * is there in that one only.
 */
#ifndef TALLY_CLI_COMPARE_H
#define TALLY_CLI_COMPARE_H

#include "build.h"

enum side { SIDE_OLD, SIDE_NEW, N_SIDES };

/* How two functions were found to be one. */
enum pair_rule {
    PAIR_NONE,         /* only one side has it */
    PAIR_LINKAGE_NAME, /* nothing else has the name */
    PAIR_CLONE,        /* but for a suffix that compilers give to clones: f.constprop.0 is f */
    PAIR_FILE,         /* static functions of one name, by the end of their files' paths */
    PAIR_SIGNATURE, /* the same name and parameters: compilers mangle some in ways of their own */
    PAIR_POSITION,  /* lambdas and others that compilers number: by their order in the parent */
    PAIR_SIMILAR,   /* "renamed?": by callers, callees, calls, place and spelling */
};

/* In words: "linkage name", "clone suffix" … */
const char *pair_rule_name(enum pair_rule rule);

struct compared_function {
    const struct view_function *in[N_SIDES]; /* null: that side has none */
    enum pair_rule rule;
    unsigned score; /* of PAIR_SIMILAR: 60 to 100; of PAIR_NONE 0, else 100 */
    char *shown;    /* clean, unique; the new side's name, if it has one */
};

struct comparison {
    struct compared_function *functions; /* by name */
    size_t n_functions;
    /* By side, view and function of the view: the index into functions. A view may have several
     * functions of one index: clones of one. */
    uint32_t **of[N_SIDES];
    size_t n_views[N_SIDES];
};

/* `views` of one side; entries may be null. A side of none makes it a list of the other alone. The
 * views must outlive the comparison. */
struct compared_views {
    struct view *const *views;
    size_t n;
};
struct comparison *comparison_new(const struct compared_views *old,
                                  const struct compared_views *new, bool utf8);
void comparison_free(struct comparison *comparison);

/* Filters view number v of a side, which has to be open without filters: they must not change which
 * function is which. A function matches by its names in either build. Returns as view_filter. */
int comparison_filter(const struct comparison *comparison, enum side side, size_t v,
                      struct view *view, const struct view_options *options);

/* The function as it is in NEW, or else in OLD. */
const struct view_function *compared_latest(const struct compared_function *function);

#endif
