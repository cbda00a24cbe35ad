/* names.c - see names.h. */
#include "names.h"

#include "say.h"

#include <ctype.h>
#include <libiberty/demangle.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t name_length(const char *linkage_name) {
    const char *dot = linkage_name;
    while ((dot = strchr(dot, '.')))
        if (dot > linkage_name && isalpha((unsigned char)*++dot))
            return (size_t)(dot - 1 - linkage_name);
    return strlen(linkage_name);
}

static bool takes(const char **at, const char *text) {
    size_t length = strlen(text);
    if (strncmp(*at, text, length) != 0)
        return false;
    *at += length;
    return true;
}

/* The end of a "{…#N}" whose inside begins at `at`: its '}'; null if there is none. */
static const char *end_of_braces(const char *at) {
    for (int depth = 1; *at; at++) {
        depth += (*at == '{') - (*at == '}');
        if (depth == 0)
            return at;
    }
    return NULL;
}

static void spell(FILE *to, const char *at, const char *end);

/* 'lambda'(int): the first of its kind has no number, the second is 0. */
static void spell_numbered(FILE *to, const char *what, const char *parameters, const char *end) {
    const char *number = end;
    while (number > parameters && *number != '#')
        number--;
    unsigned long n = strtoul(number + 1, NULL, 10);
    fprintf(to, "'%s", what);
    if (n > 1)
        fprintf(to, "%lu", n - 2);
    putc('\'', to);
    spell(to, parameters, number);
}

/* The digits of "auto:1", whose text begins at `at`; null if it is another. */
static const char *number_of_auto(const char *at) {
    return takes(&at, "auto:") && isdigit((unsigned char)*at) ? at : NULL;
}

static void spell(FILE *to, const char *at, const char *end) {
    for (const char *start = at; at < end;) {
        const char *inside = at, *number = number_of_auto(at);
        bool is_lambda = takes(&inside, "{lambda");
        bool is_numbered = is_lambda || takes(&inside, "{unnamed type");
        const char *brace = is_numbered ? end_of_braces(inside) : NULL;
        if (brace) {
            spell_numbered(to, is_lambda ? "lambda" : "unnamed", inside, brace);
            at = brace + 1;
        } else if (number) {
            fputs("auto", to);
            at = number + strspn(number, "0123456789");
        } else {
            if (at == start || strncmp(at - 1, "> >", 3) != 0)
                putc(*at, to);
            at++;
        }
    }
}

char *name_readable(const char *linkage_name) {
    size_t length = name_length(linkage_name), size;
    if (strncmp(linkage_name, "_Z", 2) != 0 || length > NAME_LONGEST)
        return NULL;
    char *whole = need_print("%.*s", (int)length, linkage_name), *name;
    /* Its own limit is 1024 characters, which templates exceed. */
    char *demangled = cplus_demangle_v3(whole, DMGL_NO_RECURSE_LIMIT);
    free(whole);
    if (!demangled)
        return NULL;
    FILE *to = need(open_memstream(&name, &size));
    spell(to, demangled, demangled + strlen(demangled));
    if (fclose(to) != 0)
        need(NULL);
    free(demangled);
    return name;
}
