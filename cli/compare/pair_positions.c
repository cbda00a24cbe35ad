/*
 * pair_positions.c - the lines of the lambdas and types that a function's name refers to.
 *
 *   main::$_0::operator()(int)       line 40   so  main::$_0  stands in line 40
 *   main::$_1::operator()(int)       line 20       main::$_1           line 20
 *   apply<main::$_0>(main::$_0, int)           its position: 40 40
 *
 * Instances of one template stand on one line and differ in nothing but the numbers of what they
 * are made for. clang numbers in the order in which it gets to them, which is another at each
 * level; so their order is that of the lines.
 */
#include "pair.h"

#include "say.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of longer names, and of more parts in one, the number alone tells. */
enum { MOST_PARTS = 16, LONGEST_PART = 4096 };

/* What is numbered, and has a function of its own that tells its line. */
struct part {
    const char *text; /* "main::$_0", in a signature */
    size_t length;
    int64_t line;
};

struct parts {
    struct part *all; /* by text */
    size_t n;
};

static int compare_texts(const char *one, size_t length, const char *other, size_t other_length) {
    int order = memcmp(one, other, length < other_length ? length : other_length);
    return order ? order : (length > other_length) - (length < other_length);
}

static int compare_parts(const void *one, const void *other) {
    const struct part *a = one, *b = other;
    int order = compare_texts(a->text, a->length, b->text, b->length);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* The end of the last numbered part that the signature's name, and not an argument in it, goes
 * through; null if none. */
static const char *end_of_owner(const char *signature) {
    const char *end = NULL;
    int depth = 0;
    for (const char *at = signature; *at;) {
        const char *behind = pair_behind_number(signature, at);
        if (behind && depth == 0 && strncmp(behind, "::", 2) == 0)
            end = behind;
        depth += strchr("<(", *at) != NULL;
        depth -= strchr(">)", *at) != NULL;
        at = behind ? behind : at + 1;
    }
    return end;
}

static struct parts find_parts(const struct pair_side *side) {
    struct parts parts = {need_array(side->n, sizeof *parts.all), 0};
    for (size_t i = 0; i < side->n; i++) {
        const struct pair_function *function = &side->functions[i];
        const char *end = function->numbered ? end_of_owner(function->signature) : NULL;
        if (end)
            parts.all[parts.n++] =
                (struct part){function->signature, (size_t)(end - function->signature),
                              function->function->start_line};
    }
    qsort(parts.all, parts.n, sizeof *parts.all, compare_parts);
    return parts;
}

/* The line of the part that is the text from `from` up to `end`; 0: none is. Of several functions
 * of one part the first line is its. */
static int64_t line_of(const struct parts *parts, const char *from, const char *end) {
    size_t low = 0, high = parts->n, length = (size_t)(end - from);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct part *part = &parts->all[middle];
        if (compare_texts(part->text, part->length, from, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < parts->n &&
                 compare_texts(parts->all[low].text, parts->all[low].length, from, length) == 0;
    return found ? parts->all[low].line : 0;
}

static int64_t line_of_part_at(const struct parts *parts, const char *signature, const char *number,
                               const char *end) {
    int64_t line = 0;
    for (const char *from = number; !line && from >= signature && end - from < LONGEST_PART; from--)
        line = line_of(parts, from, end);
    return line;
}

static char *position_of(const struct parts *parts, const char *signature) {
    char *position;
    size_t size, n = 0;
    FILE *to = need(open_memstream(&position, &size));
    for (const char *at = signature; *at && n < MOST_PARTS;) {
        const char *behind = pair_behind_number(signature, at);
        n += behind != NULL;
        if (behind)
            fprintf(to, "%020" PRId64 " ", line_of_part_at(parts, signature, at, behind));
        at = behind ? behind : at + 1;
    }
    if (fclose(to) != 0)
        need(NULL);
    return position;
}

void pair_find_positions(struct pair_side *side) {
    struct parts parts = find_parts(side);
    for (size_t i = 0; i < side->n; i++)
        if (side->functions[i].numbered)
            side->functions[i].position = position_of(&parts, side->functions[i].signature);
    free(parts.all);
}
