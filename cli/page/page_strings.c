/*
 * page_strings.c - see page_strings.h.
 */
#include "page_strings.h"

#include "say.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct string {
    const char *text;
    size_t number;
};

static int compare_strings(const void *one, const void *other) {
    return strcmp(((const struct string *)one)->text, ((const struct string *)other)->text);
}

static size_t number_of(struct page_strings *strings, const char *text) {
    const struct string wanted = {text, 0};
    void *found = tfind(&wanted, &strings->by_text, compare_strings);
    if (found)
        return (*(struct string **)found)->number;
    strings->all = need_room(strings->all, &strings->capacity, strings->n, sizeof *strings->all);
    struct string *string = need_array(1, sizeof *string);
    *string = (struct string){need_copy(text), strings->n};
    strings->all[strings->n++] = (char *)string->text;
    need(tsearch(string, &strings->by_text, compare_strings));
    return string->number;
}

size_t page_string(struct page_strings *strings, const char *text) {
    if (strings->n == 0)
        number_of(strings, "");
    return number_of(strings, text);
}

void page_put_strings(struct page_out *out, const char *key, struct page_strings *strings) {
    page_string(strings, "");
    page_put_open(out, key, '[');
    for (size_t i = 0; i < strings->n; i++)
        page_put_text(out, NULL, strings->all[i]);
    page_put_close(out, '[');
}

void page_strings_free(struct page_strings *strings) {
    tdestroy(strings->by_text, free);
    for (size_t i = 0; i < strings->n; i++)
        free(strings->all[i]);
    free(strings->all);
    *strings = (struct page_strings){0};
}
