/* names.c - see names.h. */
#include "names.h"

#include "say.h"

#include <ctype.h>
#include <libiberty/demangle.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t name_length(const char *linkage_name) {
    for (const char *at = linkage_name; *at; at++)
        if (at > linkage_name && *at == '.' && isalpha((unsigned char)at[1]))
            return (size_t)(at - linkage_name);
    return strlen(linkage_name);
}

/* ---- spelling ---- */

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

/* ---- the demangler ---- */

struct demangled {
    char *text;
    size_t length, capacity;
    jmp_buf too_long;
};

static void add_text(const char *text, size_t length, void *opaque) {
    struct demangled *to = opaque;
    if (to->length + length > NAME_MOST_TEXT)
        longjmp(to->too_long, 1);
    while (to->capacity <= to->length + length)
        to->text = need_room(to->text, &to->capacity, to->capacity, 1);
    memcpy(to->text + to->length, text, length);
    to->length += length;
    to->text[to->length] = '\0';
}

/* Null if it is no C++ name. Free it. The demangler keeps nothing but on the stack, so that it may
 * be left. */
static char *demangle(const char *linkage_name, int options) {
    size_t length = name_length(linkage_name);
    if (strncmp(linkage_name, "_Z", 2) != 0 || length > NAME_LONGEST)
        return NULL;
    char *whole = need_print("%.*s", (int)length, linkage_name);
    struct demangled *made = need_array(1, sizeof *made);
    /* Its own limit is 1024 characters, which templates exceed. */
    bool is_done =
        setjmp(made->too_long) == 0 &&
        cplus_demangle_v3_callback(whole, options | DMGL_NO_RECURSE_LIMIT, add_text, made);
    char *text = made->text;
    if (!is_done) {
        free(text);
        text = NULL;
    }
    free(made);
    free(whole);
    return text;
}

char *name_signature(const char *linkage_name) {
    return demangle(linkage_name, DMGL_PARAMS | DMGL_RET_DROP);
}

char *name_readable(const char *linkage_name) {
    char *demangled = demangle(linkage_name, DMGL_NO_OPTS), *name;
    size_t size;
    if (!demangled)
        return NULL;
    FILE *to = need(open_memstream(&name, &size));
    spell(to, demangled, demangled + strlen(demangled));
    if (fclose(to) != 0)
        need(NULL);
    free(demangled);
    return name;
}
