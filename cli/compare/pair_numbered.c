/*
 * pair_numbered.c - functions that have no name of their own, but a number from the compiler.
 *
 *   main::$_0::operator()()                     clang: numbered in the file, in any order
 *   main::{lambda(int)#1}::operator()(int)      the ABI: in the parent
 *   main::{unnamed type#2}::get()               likewise
 *   inner.3                                     gcc: functions in functions, in the file
 *
 * One more in front, and all others have new numbers; so these are not paired by name, but by the
 * order they stand in among those of the same parent, which is what is left of the signature
 * without the number. If there are more on one side, the order is kept, and the most similar ones
 * are paired.
 */
#include "pair.h"

#include "names.h"
#include "say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- keys ---- */

static size_t digits_at(const char *text) {
    return strspn(text, "0123456789");
}

/* The text behind `what`, if that is what stands at `at`; else null. */
static const char *behind(const char *at, const char *what) {
    size_t length = strlen(what);
    return strncmp(at, what, length) == 0 ? at + length : NULL;
}

/* The text behind a part in braces that has a number, "{lambda(int)#1}", whose inside begins at
 * `at`; else null. */
static const char *behind_braces(const char *at) {
    for (int depth = 1; *at; at++) {
        depth += (*at == '{') - (*at == '}');
        if (depth == 0)
            return at + 1;
    }
    return NULL;
}

const char *pair_behind_number(const char *signature, const char *at) {
    const char *inside = behind(at, "$_");
    if (inside && digits_at(inside))
        return inside + digits_at(inside);
    if ((inside = behind(at, "{lambda(")) || (inside = behind(at, "{unnamed type")))
        return behind_braces(inside);
    if (*at == '.' && at > signature && digits_at(at + 1) && !at[1 + digits_at(at + 1)])
        return at + strlen(at);
    return NULL;
}

/* What calls a lambda by a pointer, by whichever compiler it was made. */
static const char *behind_invoker(const char *at) {
    const char *clang = behind(at, "::__invoke("), *gcc = behind(at, "::_FUN(");
    return clang ? clang : gcc;
}

char *pair_numbered(const char *signature) {
    char *numbered;
    size_t size, found = 0;
    if (strlen(signature) > NAME_LONGEST)
        return NULL;
    FILE *to = need(open_memstream(&numbered, &size));
    for (const char *at = signature; *at;) {
        const char *number = pair_behind_number(signature, at), *invoker = behind_invoker(at);
        if (number)
            fputs("{}", to);
        else if (invoker)
            fputs("::__invoke(", to);
        else
            putc(*at, to);
        found += number != NULL;
        at = number ? number : invoker ? invoker : at + 1;
    }
    if (fclose(to) != 0)
        need(NULL);
    if (found)
        return numbered;
    free(numbered);
    return NULL;
}

/* ---- pairs ---- */

/* The numbered functions of a side that are not paired, by key, then as they stand in the source.
 */
struct numbered {
    const struct pair_side *side;
    uint32_t *functions;
    size_t n;
};

/* Some of them: those that share a key. */
struct siblings {
    const struct pair_side *side;
    const uint32_t *functions;
    size_t n;
};

/* The side being sorted, for qsort's sake. */
static const struct pair_side *sorted_side;

static int compare_numbered(const void *one, const void *other) {
    const struct pair_function *a = &sorted_side->functions[*(const uint32_t *)one];
    const struct pair_function *b = &sorted_side->functions[*(const uint32_t *)other];
    int order = strcmp(a->numbered, b->numbered);
    if (order == 0)
        order = strcmp(a->function->file, b->function->file);
    if (order == 0)
        order = (a->function->start_line > b->function->start_line) -
                (a->function->start_line < b->function->start_line);
    if (order == 0)
        order = strcmp(a->position, b->position);
    /* $_10 comes after $_9. */
    if (order == 0)
        order = (strlen(a->key) > strlen(b->key)) - (strlen(a->key) < strlen(b->key));
    return order ? order : strcmp(a->key, b->key);
}

static struct numbered find_numbered(const struct pair_side *side) {
    struct numbered all = {side, need_array(side->n, sizeof *all.functions), 0};
    for (uint32_t i = 0; i < side->n; i++)
        if (side->functions[i].numbered && side->functions[i].other == PAIR_UNPAIRED)
            all.functions[all.n++] = i;
    sorted_side = side;
    qsort(all.functions, all.n, sizeof *all.functions, compare_numbered);
    return all;
}

static const char *key_of(const struct numbered *all, size_t index) {
    return all->side->functions[all->functions[index]].numbered;
}

static struct siblings siblings_at(const struct numbered *all, size_t from) {
    size_t to = from + 1;
    while (to < all->n && strcmp(key_of(all, from), key_of(all, to)) == 0)
        to++;
    return (struct siblings){all->side, all->functions + from, to - from};
}

static void pair(const struct siblings *old, size_t a, const struct siblings *new, size_t b) {
    struct pair_function *one = &old->side->functions[old->functions[a]];
    struct pair_function *other = &new->side->functions[new->functions[b]];
    one->other = new->functions[b];
    other->other = old->functions[a];
    one->rule = other->rule = PAIR_POSITION;
    one->score = other->score = 100;
}

/* The pairs in order whose similarities have the largest sum: best[a][b] is that sum for those from
 * a and b on. */
static void align(const struct siblings *old, const struct siblings *new) {
    size_t width = new->n + 1;
    unsigned *best = need_array((old->n + 1) * width, sizeof *best);
    unsigned *alike = need_array((old->n + 1) * width, sizeof *alike);
    for (size_t a = old->n; a-- > 0;)
        for (size_t b = new->n; b-- > 0;) {
            size_t at = a * width + b;
            unsigned skip = best[at + width] > best[at + 1] ? best[at + width] : best[at + 1];
            alike[at] = pair_similarity(old->side, old->functions[a], new->side, new->functions[b]);
            unsigned taken = alike[at] + best[at + width + 1];
            best[at] = taken > skip ? taken : skip;
        }
    for (size_t a = 0, b = 0; a < old->n && b < new->n;) {
        size_t at = a * width + b;
        if (alike[at] && best[at] == alike[at] + best[at + width + 1])
            pair(old, a++, new, b++);
        else if (best[at] == best[at + width])
            a++;
        else
            b++;
    }
    free(best);
    free(alike);
}

static void pair_in_order(const struct siblings *old, const struct siblings *new) {
    for (size_t i = 0; i < old->n && i < new->n; i++)
        pair(old, i, new, i);
}

/* Pairs those of which both sides have as many, or else those of which they have not. */
static void pair_siblings(struct pair_side *old, struct pair_side *new, bool as_many) {
    enum { MOST_ALIGNED = 300000 }; /* pairs tried, of all parents */
    size_t n_left = MOST_ALIGNED;
    struct numbered a = find_numbered(old), b = find_numbered(new);
    for (size_t i = 0, j = 0; i < a.n && j < b.n;) {
        int order = strcmp(key_of(&a, i), key_of(&b, j));
        struct siblings ours = siblings_at(&a, i), theirs = siblings_at(&b, j);
        if (order == 0 && (ours.n == theirs.n) == as_many) {
            size_t n_tried = as_many ? 0 : ours.n * theirs.n;
            bool is_aligned = n_tried > 0 && n_tried <= n_left;
            (is_aligned ? align : pair_in_order)(&ours, &theirs);
            n_left -= is_aligned ? n_tried : 0;
        }
        i += order <= 0 ? ours.n : 0;
        j += order >= 0 ? theirs.n : 0;
    }
    free(a.functions);
    free(b.functions);
}

/* The sure ones first: they are what tells the others apart. */
void pair_by_position(struct pair_side *old, struct pair_side *new) {
    pair_find_positions(old);
    pair_find_positions(new);
    pair_siblings(old, new, true);
    pair_siblings(old, new, false);
}
