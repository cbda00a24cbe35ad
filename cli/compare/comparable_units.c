/*
 * comparable_units.c - how the files of two programs were compiled; see comparable.h.
 *
 * Files are paired by their whole names first, and what is left by as many of the last parts of
 * their names as possible, down to the last one alone: sources in another folder are the same
 * program's. A file that occurs several times is paired as often.
 *
 *   old  /o/src/a.c  /o/lib/a.c          a.c
 *             │           │               │
 *   new  /n/src/a.c  /n/lib/a.c   /n/src/other/a.c
 *
 * Of the pairs, those that differ alike are one sentence.
 */
#include "comparable_parts.h"

#include "run.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

enum { DEEPEST_PARTS = 32, MOST_GROUPS = 4, MOST_NAMES = 3, MOST_TEXT = 200 };

struct unit {
    const char *file, *producer, *options, *flags;
    json_int_t level; /* of optimisation */
    const char *key;  /* the end of `file` by which pairs are sought */
};

struct side {
    struct unit *units; /* those that have no partner yet */
    size_t n;
};

struct pair {
    struct unit old, new;
};

struct pairs {
    struct pair *all;
    size_t n;
};

/* ---- pairs ---- */

static struct side side_of(const json_t *run) {
    const json_t *units = json_object_get(run, "units");
    struct side side = {need_array(json_array_size(units), sizeof *side.units),
                        json_array_size(units)};
    for (size_t i = 0; i < side.n; i++) {
        const json_t *unit = json_array_get(units, i);
        side.units[i] = (struct unit){.file = run_text(unit, "file"),
                                      .producer = run_text(unit, "producer"),
                                      .options = run_text(unit, "options"),
                                      .flags = run_text(unit, "flags"),
                                      .level = run_number(unit, "optimization")};
    }
    return side;
}

/* So that of files that occur several times equal ones are partners. */
static int compare_units(const void *one, const void *other) {
    const struct unit *a = one, *b = other;
    int order = strcmp(a->key, b->key);
    if (order == 0)
        order = strcmp(a->flags, b->flags);
    if (order == 0)
        order = strcmp(a->options, b->options);
    return order ? order : strcmp(a->producer, b->producer);
}

/* The last parts of a path; all of it if it has no more than that. */
static const char *last_parts(const char *path, size_t parts) {
    const char *at = path + strlen(path);
    for (; at > path; at--)
        if (at[-1] == '/' && --parts == 0)
            return at;
    return path;
}

static void sort_by_key(struct side *side, size_t parts) {
    for (size_t i = 0; i < side->n; i++)
        side->units[i].key = parts ? last_parts(side->units[i].file, parts) : side->units[i].file;
    qsort(side->units, side->n, sizeof *side->units, compare_units);
}

/* Moves those of equal keys, of so many last parts (0: all), to the pairs. */
static void pair_by(struct side *old, struct side *new, size_t parts, struct pairs *pairs) {
    size_t i = 0, j = 0, kept_old = 0, kept_new = 0;
    sort_by_key(old, parts);
    sort_by_key(new, parts);
    while (i < old->n || j < new->n) {
        int order = i == old->n   ? 1
                    : j == new->n ? -1
                                  : strcmp(old->units[i].key, new->units[j].key);
        if (order == 0)
            pairs->all[pairs->n++] = (struct pair){old->units[i++], new->units[j++]};
        else if (order < 0)
            old->units[kept_old++] = old->units[i++];
        else
            new->units[kept_new++] = new->units[j++];
    }
    old->n = kept_old;
    new->n = kept_new;
}

static void pair_all(struct side *old, struct side *new, struct pairs *pairs) {
    pair_by(old, new, 0, pairs);
    for (size_t parts = DEEPEST_PARTS; parts > 0; parts--)
        pair_by(old, new, parts, pairs);
}

/* ---- what differs in a pair ---- */

struct aspect {
    enum comparable_reason reason;
    const char *words; /* before "of a.c differ" */
    const char *verb;
    /* What the sides have, or null twice if that is the same; free both. */
    void (*describe)(const struct pair *pair, char **old, char **new);
};

static char *or_words(const char *text, const char *words) {
    return need_copy(*text ? text : words);
}

static void describe_compiler(const struct pair *pair, char **old, char **new) {
    if (strcmp(pair->old.producer, pair->new.producer) == 0)
        return;
    *old = or_words(pair->old.producer, "unknown");
    *new = or_words(pair->new.producer, "unknown");
}

static void describe_options(const struct pair *pair, char **old, char **new) {
    if (strcmp(pair->old.options, pair->new.options) == 0)
        return;
    *old = or_words(pair->old.options, "none");
    *new = or_words(pair->new.options, "none");
}

/* The length of the flag at `at`; a blank that is part of it has a backslash before it. */
static size_t flag_length(const char *at) {
    size_t length = 0;
    while (at[length] && at[length] != ' ')
        length += at[length] == '\\' && at[length + 1] ? 2 : 1;
    return length;
}

static bool has_flag(const char *flags, const char *flag, size_t length) {
    for (const char *at = flags; *at; at += *at == ' ') {
        size_t n = flag_length(at);
        if (n == length && memcmp(at, flag, n) == 0)
            return true;
        at += n;
    }
    return false;
}

/* The flags that the other one has not; "" if there are none. */
static char *flags_only_in(const char *flags, const char *other) {
    char *only = need_array(strlen(flags) + 1, 1), *end = only;
    for (const char *at = flags; *at; at += *at == ' ') {
        size_t n = flag_length(at);
        if (n && !has_flag(other, at, n)) {
            if (end > only)
                *end++ = ' ';
            end = mempcpy(end, at, n);
        }
        at += n;
    }
    return only;
}

static void describe_flags(const struct pair *pair, char **old, char **new) {
    const char *a = pair->old.flags, *b = pair->new.flags;
    bool is_same = strcmp(a, b) == 0;
    if (is_same && pair->old.level != pair->new.level) {
        *old = need_print("-O%" JSON_INTEGER_FORMAT, pair->old.level);
        *new = need_print("-O%" JSON_INTEGER_FORMAT, pair->new.level);
    }
    if (is_same)
        return;
    char *only_old = flags_only_in(a, b), *only_new = flags_only_in(b, a);
    bool is_order = !*only_old && !*only_new;
    *old = !*a ? need_copy("unknown") : or_words(is_order ? a : only_old, "none");
    *new = !*b ? need_copy("unknown") : or_words(is_order ? b : only_new, "none");
    free(only_old);
    free(only_new);
}

static const struct aspect aspects[] = {
    {COMPARABLE_COMPILER, "the compiler", "differs", describe_compiler},
    {COMPARABLE_FLAGS, "flags", "differ", describe_flags},
    {COMPARABLE_INSTRUMENTED, "plugin options", "differ", describe_options},
};

/* ---- sentences ---- */

struct finding {
    char *old, *new;
    const char *file;
};

static int compare_texts(const struct finding *a, const struct finding *b) {
    int order = strcmp(a->old, b->old);
    return order ? order : strcmp(a->new, b->new);
}

static int compare_findings(const void *one, const void *other) {
    const struct finding *a = one, *b = other;
    int order = compare_texts(a, b);
    return order ? order : strcmp(a->file, b->file);
}

/* The first of n names, in parentheses. */
static char *names_of(const struct finding *findings, size_t n) {
    char *names = need_copy("");
    for (size_t i = 0; i < n && i < MOST_NAMES; i++) {
        char *longer = need_print("%s%s%s", names, i ? ", " : "", findings[i].file);
        free(names);
        names = longer;
    }
    char *all = need_print("%s%s", names, n > MOST_NAMES ? ", ..." : "");
    free(names);
    return all;
}

/* How much of a text is shown. */
static int shown(const char *text) {
    return (int)strnlen(text, MOST_TEXT);
}

static const char *cut(const char *text) {
    return strlen(text) > MOST_TEXT ? "..." : "";
}

static void add_group(const struct aspect *aspect, const struct finding *group, size_t n,
                      size_t n_pairs, struct comparable *result) {
    char *names = names_of(group, n);
    char *whose = n == 1 ? need_copy(names) : need_print("%zu of %zu files", n, n_pairs);
    comparable_add(result, aspect->reason, "%s of %s %s: %.*s%s in old, %.*s%s in new%s%s%s",
                   aspect->words, whose, aspect->verb, shown(group->old), group->old,
                   cut(group->old), shown(group->new), group->new, cut(group->new),
                   n == 1 ? "" : " (", n == 1 ? "" : names, n == 1 ? "" : ")");
    free(names);
    free(whose);
}

static void add_findings(const struct aspect *aspect, struct finding *findings, size_t n,
                         size_t n_pairs, struct comparable *result) {
    size_t groups = 0, start = 0;
    qsort(findings, n, sizeof *findings, compare_findings);
    for (; start < n && groups < MOST_GROUPS; groups++) {
        size_t end = start + 1;
        while (end < n && compare_texts(&findings[start], &findings[end]) == 0)
            end++;
        add_group(aspect, &findings[start], end - start, n_pairs, result);
        start = end;
    }
    if (start < n)
        comparable_add(result, aspect->reason, "%s of %zu more file%s %s in other ways",
                       aspect->words, n - start, n - start == 1 ? "" : "s", aspect->verb);
}

static void find_aspect(const struct aspect *aspect, const struct pairs *pairs,
                        struct comparable *result) {
    struct finding *findings = need_array(pairs->n, sizeof *findings);
    size_t n = 0;
    for (size_t i = 0; i < pairs->n; i++) {
        struct finding *finding = &findings[n];
        aspect->describe(&pairs->all[i], &finding->old, &finding->new);
        finding->file = last_parts(pairs->all[i].new.file, 1);
        n += finding->old != NULL;
    }
    add_findings(aspect, findings, n, pairs->n, result);
    for (size_t i = 0; i < n; i++) {
        free(findings[i].old);
        free(findings[i].new);
    }
    free(findings);
}

/* Files that the other side has not; told by their whole names. */
static void find_one_sided(const struct side *side, const char *name, struct comparable *result) {
    struct finding *findings = need_array(side->n, sizeof *findings);
    for (size_t i = 0; i < side->n; i++)
        findings[i].file = side->units[i].file;
    char *names = names_of(findings, side->n);
    if (side->n)
        comparable_add(result, COMPARABLE_INSTRUMENTED,
                       "%zu file%s instrumented by the plugin in %s only (%s)", side->n,
                       side->n == 1 ? " is" : "s are", name, names);
    free(names);
    free(findings);
}

void comparable_find_units(const json_t *old_run, const json_t *new_run,
                           struct comparable *result) {
    struct side old = side_of(old_run), new = side_of(new_run);
    struct pairs pairs = {need_array(old.n < new.n ? old.n : new.n, sizeof *pairs.all), 0};
    pair_all(&old, &new, &pairs);
    for (size_t i = 0; i < sizeof aspects / sizeof *aspects; i++)
        find_aspect(&aspects[i], &pairs, result);
    find_one_sided(&old, "old", result);
    find_one_sided(&new, "new", result);
    free(old.units);
    free(new.units);
    free(pairs.all);
}
