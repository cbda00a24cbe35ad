/*
 * budget.h - what a check allows, as a file says it.
 *
 *   version: 1
 *   total:                              limits of the whole program, by value
 *     alloc_space: {at_most: 12 MiB}
 *   functions:                          rules, in order
 *     - function: "md5_*"               which functions it is about
 *       calls: {exactly: 140}           their limits, by value
 *     - file: hash.c
 *       calls: any
 *
 * For each value a function is judged by the first rule that matches it and has limits for that
 * value. Behind the rules of the file stands one more, whose line is 0: no increase of calls,
 * alloc_objects and alloc_space, unless the file says `others: any`. docs/ci.md has the format in
 * words.
 *
 * Numbers know where they stand in the file, so that an update can write others in their places and
 * leave all else as it is.
 */
#ifndef TALLY_CLI_BUDGET_H
#define TALLY_CLI_BUDGET_H

#include "format.h"

enum budget_value {
    BUDGET_CALLS,
    BUDGET_ALLOC_OBJECTS,
    BUDGET_ALLOC_SPACE,
    BUDGET_INUSE_OBJECTS,
    BUDGET_INUSE_SPACE,
    BUDGET_PEAK_OBJECTS,
    BUDGET_PEAK_SPACE,
    BUDGET_WALL,
    BUDGET_VALUES, /* how many there are */
};

struct budget_amount {
    bool is_set, is_percent;
    wide amount; /* in the value's unit; of a percentage in thousandths of 1% */
    unsigned line;
    size_t from, to; /* the bytes of the file in which it stands */
};

struct budget_limits {
    unsigned line;                          /* 0 in a rule of the file: it has none for the value */
    bool is_set;                            /* also where anything is allowed */
    struct budget_amount at_most, at_least; /* of the new value; the same place: exactly */
    struct budget_amount increase, decrease; /* against the old one */
    struct budget_amount floor;              /* smaller changes do not matter */
};

/* What of the functions that a rule matches is limited. */
enum budget_of {
    BUDGET_SELF, /* each function by itself */
    BUDGET_CUM,  /* each with all it calls */
    BUDGET_SUM,  /* all of them together */
};

struct budget_rule {
    unsigned line;         /* 0: not of the file */
    char *function, *file; /* patterns; null: any */
    enum budget_of of;
    struct budget_limits limits[BUDGET_VALUES];
};

struct budget {
    const char *path; /* null: there is no file */
    char *text;       /* of the file */
    size_t length;
    struct budget_rule total;
    struct budget_rule *rules; /* the last one is not of the file */
    size_t n_rules, capacity;
    bool unmatched_is_error; /* rules that match no function; else they are only told of */
    bool others_are_free;    /* the last rule, for all that others leave, has no limits */
};

/* Each returns 0, or STATUS_TROUBLE with a message that begins with FILE:LINE, and then there is
 * nothing to free. A path that is null: the default alone. Of a text the budget keeps a copy. */
int budget_read(const char *path, struct budget *budget);
int budget_parse(const char *path, const char *text, size_t length, struct budget *budget);
void budget_free(struct budget *budget);

/* What reading consists of (budget_yaml.c), and adds. */
int budget_read_yaml(struct budget *budget);
struct budget_rule *budget_add_rule(struct budget *budget, unsigned line);

/* The sample type, and what the file calls it. */
const char *budget_sample_type(enum budget_value value);
const char *budget_value_name(enum budget_value value);
bool budget_is_time(enum budget_value value);

/* Null, or a rule (which may be `total`) that has limits for the value and is of the file. */
const struct budget_rule *budget_asks_for(const struct budget *budget, enum budget_value value);

/* The function's names and file match the rule. A name is matched as it is or by * ? [], a file
 * also by the end of its path from any directory on. */
bool budget_matches(const struct budget_rule *rule, const char *const *names, size_t n_names,
                    const char *file);

/* Writes the file anew with other amounts in the places of some. Returns 0 or STATUS_TROUBLE. */
struct budget_edit {
    const struct budget_amount *amount;
    wide value;
};
int budget_rewrite(const struct budget *budget, struct budget_edit *edits, size_t n);

/* ---- amounts (budget_amount.c) ---- */

/* Fills in the amount. Returns null, or what is wrong with the text: for the end of a message. */
const char *budget_amount_parse(const char *text, enum budget_value value,
                                struct budget_amount *amount);

/* "5%", "0.125%". */
struct number budget_percent(wide thousandths);

/* size > amount; of a percentage, that of `base`. Exact. */
bool budget_exceeds(const struct budget_amount *amount, wide size, wide base);

#endif
