/*
 * args.c - parser and help printer for the tables of args.h.
 */
#include "args.h"

#include "say.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELP_COLUMN = 26, MOST_CHOICES = 64 };

static const char *suggestion(const char *nearest, const char *before) {
    static char words[128];
    if (!nearest)
        return "";
    snprintf(words, sizeof words, "; did you mean '%s%s'?", before, nearest);
    return words;
}

const char *args_nearest(const char *word, const char *const *choices) {
    size_t best_distance = strlen(word) / 3 + 1;
    const char *best = NULL;
    for (; *choices; choices++) {
        size_t distance = text_distance(word, *choices);
        if (distance <= best_distance && (!best || distance < best_distance)) {
            best_distance = distance;
            best = *choices;
        }
    }
    return best;
}

int args_choice(const char *option, const char *value, const char *const *choices) {
    char all[256] = "";
    for (int i = 0; choices[i]; i++) {
        if (strcmp(value, choices[i]) == 0)
            return i;
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", choices[i]);
    }
    say_error(option, "'%s' is none of %s%s", value, all,
              suggestion(args_nearest(value, choices), ""));
    return -1;
}

static const struct args_option *find(const struct args_spec *spec, const char *name, size_t length,
                                      char letter) {
    const struct args_option *tables[] = {spec->options, spec->shared};
    for (size_t t = 0; t < 2; t++)
        for (const struct args_option *at = tables[t]; at && at->kind != ARGS_END; at++) {
            if (letter && at->letter == letter)
                return at;
            if (!letter && at->name && strlen(at->name) == length &&
                strncmp(at->name, name, length) == 0)
                return at;
        }
    return NULL;
}

static enum args_result unknown(const struct args_spec *spec, const char *given) {
    const char *names[MOST_CHOICES] = {"help"};
    size_t n = 1;
    const struct args_option *tables[] = {spec->options, spec->shared};
    for (size_t t = 0; t < 2; t++)
        for (const struct args_option *at = tables[t]; at && at->kind != ARGS_END; at++)
            if (at->name && n + 1 < MOST_CHOICES)
                names[n++] = at->name;
    char word[64];
    const char *name = given + strspn(given, "-");
    snprintf(word, sizeof word, "%.*s", (int)strcspn(name, "="), name);
    say_error(spec->command, "unknown option '%s'%s", given,
              suggestion(strlen(word) > 1 ? args_nearest(word, names) : NULL, "--"));
    return ARGS_WRONG;
}

static enum args_result append(struct args_list *list, char *value) {
    list->values = need_room(list->values, &list->capacity, list->n, sizeof *list->values);
    list->values[list->n++] = value;
    return ARGS_GO;
}

static enum args_result store(const struct args_spec *spec, const struct args_option *option,
                              char *value, const char *given) {
    char *end;
    errno = 0;
    switch (option->kind) {
    case ARGS_TEXT:
        *(const char **)option->target = value;
        return ARGS_GO;
    case ARGS_LIST:
        return append(option->target, value);
    case ARGS_NUMBER:
        *(uint64_t *)option->target = strtoull(value, &end, 10);
        if (value[0] >= '0' && value[0] <= '9' && !*end && !errno)
            return ARGS_GO;
        say_error(spec->command, "%s: '%s' is not a whole number", given, value);
        return ARGS_WRONG;
    case ARGS_PERCENT: {
        double percent = strtod(value, &end);
        if (end != value && *end == '%')
            end++;
        *(double *)option->target = percent;
        if (end != value && !*end && percent >= 0 && percent <= 100)
            return ARGS_GO;
        say_error(spec->command, "%s: '%s' is not a percentage", given, value);
        return ARGS_WRONG;
    }
    default:
        abort(); /* flags take no value */
    }
}

/* One option at argv[*at], which is moved past what it used. */
static enum args_result take_option(const struct args_spec *spec, int argc, char **argv, int *at) {
    char *given = argv[*at], *value = NULL;
    const struct args_option *option;
    if (given[1] == '-') {
        char *equals = strchr(given, '=');
        size_t length = equals ? (size_t)(equals - given - 2) : strlen(given + 2);
        option = find(spec, given + 2, length, 0);
        value = equals ? equals + 1 : NULL;
    } else {
        option = find(spec, NULL, 0, given[1]);
        if (option && given[2]) {
            if (option->kind == ARGS_FLAG)
                return unknown(spec, given);
            value = given + 2;
        }
    }
    if (!option)
        return unknown(spec, given);
    if (option->kind == ARGS_FLAG) {
        if (value) {
            say_error(spec->command, "--%s takes no value", option->name);
            return ARGS_WRONG;
        }
        *(bool *)option->target = true;
        return ARGS_GO;
    }
    if (!value && *at + 1 < argc)
        value = argv[++*at];
    if (!value) {
        say_error(spec->command, "%s needs a value: %s", given, option->argument);
        return ARGS_WRONG;
    }
    return store(spec, option, value, given);
}

static void print_options(const struct args_option *option) {
    for (; option && option->kind != ARGS_END; option++) {
        char left[80] = "";
        int used = option->letter ? snprintf(left, sizeof left, "-%c%s", option->letter,
                                             option->name ? ", " : "")
                                  : snprintf(left, sizeof left, "    ");
        snprintf(left + used, sizeof left - (size_t)used, "%s%s%s%s", option->name ? "--" : "",
                 option->name ? option->name : "", option->argument ? " " : "",
                 option->argument ? option->argument : "");
        printf("  %-*s", HELP_COLUMN, left);
        if (strlen(left) > HELP_COLUMN - 1)
            printf("\n  %*s", HELP_COLUMN, "");
        for (const char *line = option->help; line; line = strchr(line, '\n')) {
            line += *line == '\n';
            printf("%s%.*s\n", line == option->help ? "" : "                            ",
                   (int)strcspn(line, "\n"), line);
        }
    }
}

static void print_help(const struct args_spec *spec) {
    printf("tally %s - %s\n\nUsage:\n", spec->command, spec->summary);
    for (const char *line = spec->usage; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        printf("  tally %s %.*s\n", spec->command, (int)strcspn(line, "\n"), line);
    }
    printf("\n%s\n", spec->details);
    printf("\nOptions:\n");
    print_options(spec->options);
    print_options(spec->shared);
    printf("  %-*s%s\n", HELP_COLUMN, "-h, --help", "this text");
}

/* *n_before: how many operands there are in front of `--`; all of them if there is none. */
static enum args_result parse(const struct args_spec *spec, int argc, char **argv,
                              size_t *n_operands, size_t *n_before) {
    size_t n = 0;
    bool options_over = false;
    for (int i = 1; i < argc; i++) {
        char *given = argv[i];
        if (options_over || given[0] != '-' || !given[1]) {
            argv[n++] = given;
        } else if (strcmp(given, "--") == 0) {
            options_over = true;
            *n_before = n;
        } else if (strcmp(given, "--help") == 0 || strcmp(given, "-h") == 0) {
            print_help(spec);
            return ARGS_HELPED;
        } else {
            enum args_result result = take_option(spec, argc, argv, &i);
            if (result != ARGS_GO)
                return result;
        }
    }
    *n_operands = n;
    *n_before = options_over ? *n_before : n;
    if (n >= spec->fewest && n <= spec->most)
        return ARGS_GO;
    if (n > spec->most)
        say_error(spec->command, "one argument too many: '%s' (see 'tally help %s')",
                  argv[spec->most], spec->command);
    else
        say_error(spec->command, "an argument is missing: tally %s %.*s", spec->command,
                  (int)strcspn(spec->usage, "\n"), spec->usage);
    return ARGS_WRONG;
}

enum args_result args_parse(const struct args_spec *spec, int argc, char **argv,
                            size_t *n_operands) {
    size_t n_before;
    return parse(spec, argc, argv, n_operands, &n_before);
}

enum args_result args_parse_sides(const struct args_spec *spec, int argc, char **argv,
                                  size_t *n_old, size_t *n_operands) {
    enum args_result result = parse(spec, argc, argv, n_operands, n_old);
    if (result != ARGS_GO)
        return result;
    if (*n_old > 0 && *n_old < *n_operands)
        return ARGS_GO;
    /* No `--`, or one that only ends the options. */
    *n_old = *n_operands - 1;
    if (*n_operands <= 2)
        return ARGS_GO;
    say_error(spec->command, "several runs of each build are OLD... -- NEW...");
    return ARGS_WRONG;
}
