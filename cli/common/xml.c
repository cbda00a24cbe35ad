/*
 * xml.c - see xml.h.
 */
#include "xml.h"

#include "text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Of valid UTF-8: U+FFFE and U+FFFF. */
static bool is_noncharacter(const char *at) {
    return strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0;
}

/* Line breaks and tabs of attributes would be read as blanks; written as numbers they stay. */
static bool put_special(FILE *to, char c) {
    static const struct {
        char c;
        const char *text;
    } entities[] = {{'&', "&amp;"}, {'<', "&lt;"},   {'>', "&gt;"},  {'"', "&quot;"},
                    {'\t', "&#9;"}, {'\n', "&#10;"}, {'\r', "&#13;"}};
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (c == entities[i].c) {
            fputs(entities[i].text, to);
            return true;
        }
    return false;
}

void xml_text(FILE *to, const char *text) {
    char *valid = text_repair(text);
    for (const char *at = valid; *at; at++) {
        bool is_control = (unsigned char)*at < ' ' || *at == 0x7f;
        if (put_special(to, *at))
            continue;
        if (is_control || is_noncharacter(at))
            fputs("\xef\xbf\xbd", to);
        else
            putc(*at, to);
        at += is_noncharacter(at) ? 2 : 0;
    }
    free(valid);
}
