/*
 * pair_names.c - the sure rules: one key, and where several functions share it, their files.
 *
 * Both sides are ordered by key, so that those of one key are found by walking both at once; within
 * a key there are few.
 */
#include "pair.h"

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

/* ---- pairs ---- */

/* Functions [from, to) of a side that share a key. */
struct group {
    struct pair_function *functions;
    uint32_t from, to;
};

/* How alike two paths are: 1 and the number of components at the end that are equal. */
static size_t likeness(const char *one, const char *other) {
    size_t n = strlen(one), m = strlen(other), components = 0;
    while (n && m && one[n - 1] == other[m - 1]) {
        n--;
        m--;
        components += one[n] == '/';
    }
    bool is_whole = (!n || one[n - 1] == '/') && (!m || other[m - 1] == '/');
    return n + m == 0 ? SIZE_MAX : 1 + components + is_whole;
}

/* The one of the group whose file is most like `file`; PAIR_UNPAIRED if several are, or none is
 * left. */
static uint32_t nearest(const struct group *group, const char *file) {
    uint32_t best = PAIR_UNPAIRED;
    size_t best_likeness = 0;
    for (uint32_t i = group->from; i < group->to; i++) {
        if (group->functions[i].other != PAIR_UNPAIRED)
            continue;
        size_t this_likeness = likeness(group->functions[i].function->file, file);
        if (this_likeness == SIZE_MAX)
            return i;
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
                              const struct view_function *one, const struct view_function *other) {
    if (strcmp(one->system_name, other->system_name) != 0)
        return PAIR_CLONE;
    return old->to - old->from + new->to - new->from == 2 ? PAIR_LINKAGE_NAME : PAIR_FILE;
}

static void pair(const struct group *old, uint32_t a, const struct group *new, uint32_t b) {
    struct pair_function *one = &old->functions[a], *other = &new->functions[b];
    one->other = b;
    other->other = a;
    one->rule = other->rule = rule_of(old, new, one->function, other->function);
    one->score = other->score = 100;
}

/* Pairs what is nearest to one another, until nothing more is: each pair leaves the rest less to
 * choose from. */
static void pair_group(const struct group *old, const struct group *new) {
    bool found = true;
    while (found) {
        found = false;
        for (uint32_t i = old->from; i < old->to; i++) {
            if (old->functions[i].other != PAIR_UNPAIRED)
                continue;
            uint32_t to = nearest(new, old->functions[i].function->file);
            if (to == PAIR_UNPAIRED || nearest(old, new->functions[to].function->file) != i)
                continue;
            pair(old, i, new, to);
            found = true;
        }
    }
}

static uint32_t end_of_key(const struct pair_side *side, uint32_t from) {
    uint32_t to = from + 1;
    while (to < side->n && strcmp(side->functions[from].key, side->functions[to].key) == 0)
        to++;
    return to;
}

void pair_by_name(struct pair_side *old, struct pair_side *new) {
    struct group a = {.functions = old->functions}, b = {.functions = new->functions};
    while (a.from < old->n && b.from < new->n) {
        int order = strcmp(old->functions[a.from].key, new->functions[b.from].key);
        a.to = end_of_key(old, a.from);
        b.to = end_of_key(new, b.from);
        /* What is numbered may be another in each build. */
        if (order == 0 && !old->functions[a.from].numbered)
            pair_group(&a, &b);
        a.from = order <= 0 ? a.to : a.from;
        b.from = order >= 0 ? b.to : b.from;
    }
}
