/*
 * comparable.c - see comparable.h: the reasons, their names, and the list of differences.
 */
#include "comparable_parts.h"

#include "args.h"
#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the order of enum comparable_reason; then what stands for all of them. */
static const char *const names[] = {"compiler",  "flags",     "instrumented", "timing",
                                    "recording", "arguments", "machine",      "ending",
                                    "losses",    "unknown",   "all",          NULL};

const char *comparable_name(enum comparable_reason reason) {
    return names[reason];
}

static int allow_one(const char *option, const char *name, unsigned *allowed) {
    int choice = args_choice(option, name, names);
    if (choice < 0)
        return STATUS_TROUBLE;
    *allowed |= choice == COMPARABLE_REASONS ? (1u << COMPARABLE_REASONS) - 1 : 1u << choice;
    return STATUS_OK;
}

int comparable_allow(const char *option, const char *list, unsigned *allowed) {
    int status = STATUS_OK;
    *allowed = 0;
    for (const char *at = list; at && status == STATUS_OK;) {
        const char *comma = strchr(at, ',');
        char *name = need_print("%.*s", (int)(comma ? comma - at : (ptrdiff_t)strlen(at)), at);
        status = allow_one(option, name, allowed);
        free(name);
        at = comma ? comma + 1 : NULL;
    }
    return status;
}

void comparable_add(struct comparable *result, enum comparable_reason reason, const char *format,
                    ...) {
    va_list values;
    char *sentence = NULL;
    va_start(values, format);
    if (vasprintf(&sentence, format, values) < 0)
        sentence = NULL;
    va_end(values);
    result->differences =
        need_room(result->differences, &result->capacity, result->n, sizeof *result->differences);
    result->differences[result->n++] = (struct comparable_difference){reason, need(sentence)};
}

void comparable_find(const json_t *old_run, const json_t *new_run, bool times,
                     struct comparable *result) {
    *result = (struct comparable){0};
    if (!old_run && !new_run)
        return;
    if (!old_run || !new_run) {
        comparable_add(result, COMPARABLE_UNKNOWN,
                       "how %s was built and run is not known: it has no run.json",
                       old_run ? "new" : "old");
        return;
    }
    comparable_find_units(old_run, new_run, result);
    comparable_find_run(old_run, new_run, times, result);
}

void comparable_free(struct comparable *result) {
    for (size_t i = 0; i < result->n; i++)
        free(result->differences[i].sentence);
    free(result->differences);
    *result = (struct comparable){0};
}
