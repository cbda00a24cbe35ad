/*
 * pair_names.c - the sure rules: one key, or one signature, and where several functions share it,
 * their files.
 *
 * Both sides are ordered by it, so that those that share one are found by walking both at once;
 * there are few of each.
 */
#include "pair.h"

#include "names.h"
#include "say.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

/* What compilers put behind the names of clones: with a number behind it, or without. LLVM:
 * GlobalOpt, function specialisation, ThinLTO, -funique-internal-linkage-names; GCC: ipa-cp,
 * ipa-sra, ipa-split, hot/cold splitting, LTO privatisation. */
static const char *const clone_suffixes[] = {
    ".part",     ".constprop",   ".isra",       ".cold",  ".llvm", ".__uniq",
    ".lto_priv", ".specialized", ".localalias", ".clone", ".warm", ".content",
};

static bool is_digits(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return length > 0;
}

/* Length of the name without its last suffix; `length` if it has none. */
static size_t without_suffix(const char *name, size_t length) {
    size_t end = length, dot = length;
    while (dot > 0 && name[dot - 1] != '.')
        dot--;
    if (dot > 1 && is_digits(name + dot, length - dot))
        end = dot - 1;
    for (size_t i = 0; i < sizeof clone_suffixes / sizeof *clone_suffixes; i++) {
        size_t n = strlen(clone_suffixes[i]);
        if (end > n && memcmp(name + end - n, clone_suffixes[i], n) == 0)
            return end - n;
    }
    return length;
}

char *pair_key(const char *name) {
    size_t length = strlen(name), shorter;
    while ((shorter = without_suffix(name, length)) < length)
        length = shorter;
    return need_print("%.*s", (int)length, name);
}

char *pair_signature(const char *key) {
    char *signature = name_signature(key);
    return signature ? signature : need_copy(key);
}

/* ---- pairs ---- */

/* Those functions of a side that are not yet paired, by what pairs them. */
struct candidates {
    struct pair_side *side;
    struct candidate {
        const char *text; /* key or signature */
        const char *file;
        uint32_t function;
    } * all;
    uint32_t n;
};

/* Candidates [from, to) that share a text, by file. */
struct group {
    const struct candidates *of;
    uint32_t from, to;
};

static struct pair_function *function_at(const struct group *group, uint32_t index) {
    return &group->of->side->functions[group->of->all[index].function];
}

/* How alike two paths are that differ: 1 and the number of components at the end that are equal. */
static size_t likeness(const char *one, const char *other) {
    size_t n = strlen(one), m = strlen(other), components = 0;
    while (n && m && one[n - 1] == other[m - 1]) {
        n--;
        m--;
        components += one[n] == '/';
    }
    bool is_whole = (!n || one[n - 1] == '/') && (!m || other[m - 1] == '/');
    return 1 + components + is_whole;
}

/* The one of the group whose file is most like `file`; PAIR_UNPAIRED if several are, or none is
 * left. */
static uint32_t nearest(const struct group *group, const char *file) {
    uint32_t best = PAIR_UNPAIRED;
    size_t best_likeness = 0;
    for (uint32_t i = group->from; i < group->to; i++) {
        if (function_at(group, i)->other != PAIR_UNPAIRED)
            continue;
        size_t this_likeness = likeness(group->of->all[i].file, file);
        if (this_likeness == best_likeness)
            best = PAIR_UNPAIRED;
        if (this_likeness > best_likeness) {
            best = i;
            best_likeness = this_likeness;
        }
    }
    return best;
}

static enum pair_rule rule_of(const struct group *old, const struct group *new,
                              const struct pair_function *one, const struct pair_function *other) {
    if (strcmp(one->key, other->key) != 0)
        return PAIR_SIGNATURE;
    if (strcmp(one->function->system_name, other->function->system_name) != 0)
        return PAIR_CLONE;
    return old->to - old->from + new->to - new->from == 2 ? PAIR_LINKAGE_NAME : PAIR_FILE;
}

static void pair(const struct group *old, uint32_t a, const struct group *new, uint32_t b) {
    struct pair_function *one = function_at(old, a), *other = function_at(new, b);
    one->other = new->of->all[b].function;
    other->other = old->of->all[a].function;
    one->rule = other->rule = rule_of(old, new, one, other);
    one->score = other->score = 100;
}

/* Returns the number of pairs. */
static size_t pair_equal_files(const struct group *old, const struct group *new) {
    size_t n = 0;
    for (uint32_t i = old->from, j = new->from; i < old->to &&j < new->to;) {
        int order = strcmp(old->of->all[i].file, new->of->all[j].file);
        if (order == 0)
            pair(old, i, new, j);
        n += order == 0;
        i += order <= 0;
        j += order >= 0;
    }
    return n;
}

/* Pairs equal files, then what is nearest to one another, until nothing more is: each pair leaves
 * the rest less to choose from. */
static void pair_group(const struct group *old, const struct group *new) {
    enum { MOST_COMPARED = 4000000 }; /* files with files */
    size_t n_equal = pair_equal_files(old, new);
    size_t n_old = old->to - old->from - n_equal, n_new = new->to - new->from - n_equal;
    bool found = n_old * n_new <= MOST_COMPARED;
    while (found) {
        found = false;
        for (uint32_t i = old->from; i < old->to; i++) {
            if (function_at(old, i)->other != PAIR_UNPAIRED)
                continue;
            uint32_t to = nearest(new, old->of->all[i].file);
            if (to == PAIR_UNPAIRED || nearest(old, new->of->all[to].file) != i)
                continue;
            pair(old, i, new, to);
            found = true;
        }
    }
}

static int compare_candidates(const void *one, const void *other) {
    const struct candidate *a = one, *b = other;
    int order = strcmp(a->text, b->text);
    if (order == 0)
        order = strcmp(a->file, b->file);
    return order ? order : (a->function > b->function) - (a->function < b->function);
}

/* What is numbered may be another function in each build, and is none. */
static struct candidates candidates_of(struct pair_side *side, bool by_signature) {
    struct candidates made = {side, need_array(side->n, sizeof *made.all), 0};
    for (uint32_t i = 0; i < side->n; i++) {
        const struct pair_function *function = &side->functions[i];
        if (function->other == PAIR_UNPAIRED && !function->numbered)
            made.all[made.n++] = (struct candidate){
                by_signature ? function->signature : function->key, function->function->file, i};
    }
    qsort(made.all, made.n, sizeof *made.all, compare_candidates);
    return made;
}

static uint32_t end_of_group(const struct candidates *candidates, uint32_t from) {
    uint32_t to = from + 1;
    while (to < candidates->n && strcmp(candidates->all[from].text, candidates->all[to].text) == 0)
        to++;
    return to;
}

static void pair_candidates(const struct candidates *old, const struct candidates *new) {
    struct group a = {.of = old}, b = {.of = new};
    while (a.from < old->n && b.from < new->n) {
        int order = strcmp(old->all[a.from].text, new->all[b.from].text);
        a.to = end_of_group(old, a.from);
        b.to = end_of_group(new, b.from);
        if (order == 0)
            pair_group(&a, &b);
        a.from = order <= 0 ? a.to : a.from;
        b.from = order >= 0 ? b.to : b.from;
    }
}

void pair_by_name(struct pair_side *old, struct pair_side *new) {
    for (int by_signature = 0; by_signature <= 1; by_signature++) {
        struct candidates a = candidates_of(old, by_signature),
                          b = candidates_of(new, by_signature);
        pair_candidates(&a, &b);
        free(a.all);
        free(b.all);
    }
}
