/*
 * response.c - reads @file arguments the way gcc (libiberty's expandargv) and clang do.
 *
 * Words are separated by blanks; '…' and "…" keep blanks; a backslash takes the next character
 * literally, inside quotes as well. Relative names are relative to the working directory, not to
 * the file they stand in. The wrapper only needs to know what is in there (-c? inputs?); the
 * compiler is handed the @file itself unless an argument in it has to be taken out (see compose.c).
 */
#include "response.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Files that name each other would go on for ever; gcc stops at 2000. */
enum { MAX_FILES = 2000 };

struct expansion {
    struct string_list *out;
    unsigned files_read;
};

/* The whole file as a string, or null. */
static char *read_text(const char *path) {
    struct stat status;
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t size = 0, capacity = 0;
    if (!file)
        return NULL;
    if (fstat(fileno(file), &status) != 0 || S_ISDIR(status.st_mode)) {
        fclose(file);
        return NULL;
    }
    do {
        capacity = capacity ? 2 * capacity : 4096;
        text = realloc(text, capacity + 1);
        if (!text)
            fail("out of memory");
        size += fread(text + size, 1, capacity - size, file);
    } while (size == capacity);
    text[size] = '\0';
    if (ferror(file)) {
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

/* Cuts the next word out of *text, unquoting it in place; null at the end. */
static char *next_word(char **text) {
    char *in = *text, *out, *word, quote = '\0';
    while (isspace((unsigned char)*in))
        in++;
    if (!*in)
        return NULL;
    for (word = out = in; *in && (quote || !isspace((unsigned char)*in)); in++) {
        if (*in == '\\' && in[1])
            *out++ = *++in;
        else if (quote && *in == quote)
            quote = '\0';
        else if (!quote && (*in == '\'' || *in == '"'))
            quote = *in;
        else
            *out++ = *in;
    }
    *text = *in ? in + 1 : in;
    *out = '\0';
    return word;
}

static bool expand_one(struct expansion *expansion, const char *argument);

static void expand_text(struct expansion *expansion, char *text) {
    char *word;
    while ((word = next_word(&text)))
        expand_one(expansion, word);
}

static bool expand_one(struct expansion *expansion, const char *argument) {
    char *text;
    if (argument[0] != '@' || !(text = read_text(argument + 1))) {
        string_list_add(expansion->out, argument);
        return false;
    }
    if (++expansion->files_read > MAX_FILES)
        fail("%s: more than %d response files, does one name itself?", argument, MAX_FILES);
    expand_text(expansion, text);
    return true;
}

bool expand_response_files(const struct string_list *arguments, struct string_list *expanded) {
    struct expansion expansion = {expanded, 0};
    bool replaced = false;
    for (size_t i = 0; i < arguments->count; i++)
        replaced |= expand_one(&expansion, arguments->items[i]);
    return replaced;
}
