/*
 * options.c - see options.h.
 *
 * Runs before constructors and in other people's programs: no malloc, no stdio, nothing of libc
 * that may not be there yet but environ and plain string functions.
 */
#include "options.h"

#include "message.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>

enum kind { kind_string, kind_boolean, kind_number, kind_size };

struct entry {
    const char *name;
    enum kind kind;
    void *field;
    const char *default_text;
};

struct tli_options tli_options;

static const struct entry table[] = {
#define TALLY_OPTION(name, type, default_text, help)                                               \
    {#name, kind_##type, &tli_options.name, default_text},
#include "tally/options.def"
#undef TALLY_OPTION
};
enum { N_OPTIONS = sizeof table / sizeof *table };

static struct tally_option_value as_text[N_OPTIONS];
static enum tally_timing timing;
static char text[4096]; /* a copy of the variable, cut into words */

static bool parse_boolean(const char *value, bool *out) {
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(value, words[i]) == 0) {
            *out = i % 2;
            return true;
        }
    }
    return false;
}

static bool parse_unit(const char *unit, uint64_t *number) {
    static const char units[] = "KMGT";
    const char *known = *unit ? strchr(units, *unit & ~0x20) : NULL;
    return known && *known && unit[1] == '\0' &&
           !__builtin_mul_overflow(*number, UINT64_C(1) << (10 * (known - units + 1)), number);
}

static bool parse_number(const char *value, bool with_unit, uint64_t *out) {
    uint64_t number = 0;
    const char *p = value;
    for (; *p >= '0' && *p <= '9'; p++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*p - '0'), &number))
            return false;
    if (p == value || (*p && !(with_unit && parse_unit(p, &number))))
        return false;
    *out = number;
    return true;
}

static bool assign(const struct entry *entry, const char *value) {
    switch (entry->kind) {
    case kind_string:
        *(const char **)entry->field = value;
        return true;
    case kind_boolean:
        return parse_boolean(value, entry->field);
    case kind_number:
        return parse_number(value, false, entry->field);
    case kind_size:
        return parse_number(value, true, entry->field);
    }
    return false;
}

static void set(size_t index, const char *value) {
    if (assign(&table[index], value))
        as_text[index].value = value;
    else
        tli_message(1, "TALLY_OPTIONS: ", table[index].name, "=", value, ": not a ",
                    table[index].kind == kind_boolean ? "boolean" : "number", NULL);
}

/* Levenshtein's distance: letters to change, add or leave out; at most LONGEST_NAME of each name
 * are looked at. */
enum { LONGEST_NAME = 32 };
static size_t distance(const char *a, const char *b) {
    size_t row[LONGEST_NAME + 1], lb = strnlen(b, LONGEST_NAME);
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 0; a[i] && i < LONGEST_NAME; i++) {
        size_t diagonal = row[0]++;
        for (size_t j = 1; j <= lb; j++) {
            size_t changed = diagonal + (a[i] != b[j - 1]);
            size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = changed < shorter ? changed : shorter;
        }
    }
    return row[lb];
}

static void unknown(const char *name) {
    size_t best = 0;
    for (size_t i = 1; i < N_OPTIONS; i++)
        if (distance(name, table[i].name) < distance(name, table[best].name))
            best = i;
    if (distance(name, table[best].name) * 2 <= strlen(table[best].name))
        tli_message(1, "TALLY_OPTIONS: unknown option '", name, "'; did you mean '",
                    table[best].name, "'?", NULL);
    else
        tli_message(1, "TALLY_OPTIONS: unknown option '", name, "'; see tally help options", NULL);
}

static void parse_word(char *word) {
    char *equals = strchr(word, '=');
    if (!equals) {
        tli_message(1, "TALLY_OPTIONS: '", word, "' is not of the form name=value", NULL);
        return;
    }
    *equals = '\0';
    for (size_t i = 0; i < N_OPTIONS; i++) {
        if (strcmp(table[i].name, word) == 0) {
            set(i, equals + 1);
            return;
        }
    }
    unknown(word);
}

static void parse(const char *value) {
    size_t length = strlen(value);
    if (length >= sizeof text) {
        tli_message(1, "TALLY_OPTIONS: longer than 4095 bytes, ignored", NULL);
        return;
    }
    memcpy(text, value, length + 1);
    for (char *word = text, *end; word; word = end) {
        end = strchr(word, ':');
        if (end)
            *end++ = '\0';
        if (*word)
            parse_word(word);
    }
}

int tli_option_choice(const char *name, const char *value, const char *const *words,
                      const char *all) {
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], value) == 0)
            return i;
    tli_message(1, "TALLY_OPTIONS: ", name, "=", value, ": not one of ", all, NULL);
    return -1;
}

void tli_options_load(void) {
    static int loaded; /* by one thread: the first instrumented call comes before a second thread */
    if (loaded)
        return;
    loaded = 1;
    for (size_t i = 0; i < N_OPTIONS; i++) {
        as_text[i].name = table[i].name;
        set(i, table[i].default_text);
    }
    const char *value = getauxval(AT_SECURE) ? NULL : getenv("TALLY_OPTIONS");
    if (value)
        parse(value);
    static const char *const clocks[] = {"auto", "tsc", "monotonic", NULL};
    static const char *const timings[] = {"exact", "adaptive", "off", NULL};
    tli_option_choice("clock", tli_options.clock, clocks, "auto, tsc, monotonic");
    int chosen = tli_option_choice("timing", tli_options.timing, timings, "exact, adaptive, off");
    timing = chosen < 0 ? TALLY_TIMING_EXACT : (enum tally_timing)(TALLY_TIMING_EXACT + chosen);
}

enum tally_timing tli_options_timing(void) {
    return timing;
}

const struct tally_option_value *tli_options_as_text(size_t *count) {
    *count = N_OPTIONS;
    return as_text;
}
