/*
 * budget.c - budgets, apart from how their files are read. See budget.h.
 */
#include "budget.h"

#include "outfile.h"
#include "say.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 1 << 20 };

static const struct {
    const char *name, *sample_type;
} values[] = {
    [BUDGET_CALLS] = {"calls", "calls"},
    [BUDGET_ALLOC_OBJECTS] = {"alloc_objects", "alloc_objects"},
    [BUDGET_ALLOC_SPACE] = {"alloc_space", "alloc_space"},
    [BUDGET_INUSE_OBJECTS] = {"inuse_objects", "inuse_objects"},
    [BUDGET_INUSE_SPACE] = {"inuse_space", "inuse_space"},
    [BUDGET_PEAK_OBJECTS] = {"peak_objects", "peak_objects"},
    [BUDGET_PEAK_SPACE] = {"peak", "peak_space"},
    [BUDGET_WALL] = {"wall", "wall"},
};

const char *budget_sample_type(enum budget_value value) {
    return values[value].sample_type;
}

const char *budget_value_name(enum budget_value value) {
    return values[value].name;
}

bool budget_is_time(enum budget_value value) {
    return value == BUDGET_WALL;
}

struct budget_rule *budget_add_rule(struct budget *budget, unsigned line) {
    budget->rules =
        need_room(budget->rules, &budget->capacity, budget->n_rules, sizeof *budget->rules);
    struct budget_rule *rule = &budget->rules[budget->n_rules++];
    *rule = (struct budget_rule){.line = line};
    return rule;
}

static void add_default(struct budget *budget) {
    struct budget_rule *rule = budget_add_rule(budget, 0);
    static const enum budget_value judged[] = {BUDGET_CALLS, BUDGET_ALLOC_OBJECTS,
                                               BUDGET_ALLOC_SPACE};
    for (size_t i = 0; i < sizeof judged / sizeof *judged && !budget->others_are_free; i++)
        rule->limits[judged[i]] =
            (struct budget_limits){.is_set = true, .increase = {.is_set = true}};
}

int budget_parse(const char *path, const char *text, size_t length, struct budget *budget) {
    *budget = (struct budget){.path = path, .length = length};
    budget->text = need_array(length + 1, 1);
    memcpy(budget->text, text, length);
    int status = budget_read_yaml(budget);
    if (status == STATUS_OK)
        add_default(budget);
    else
        budget_free(budget);
    return status;
}

int budget_read(const char *path, struct budget *budget) {
    if (!path) {
        *budget = (struct budget){0};
        add_default(budget);
        return STATUS_OK;
    }
    FILE *file = fopen(path, "re");
    if (!file)
        return say_error(path, "%s", strerror(errno));
    char *text = need_array(MOST_BYTES + 1, 1);
    size_t length = fread(text, 1, MOST_BYTES + 1, file);
    int status = STATUS_OK;
    if (ferror(file))
        status = say_error(path, "%s", strerror(errno));
    else if (length > MOST_BYTES)
        status = say_error(path, "is larger than 1 MiB, which no budget is");
    else
        status = budget_parse(path, text, length, budget);
    fclose(file);
    free(text);
    return status;
}

void budget_free(struct budget *budget) {
    for (size_t i = 0; i < budget->n_rules; i++) {
        free(budget->rules[i].function);
        free(budget->rules[i].file);
    }
    free(budget->rules);
    free(budget->text);
    *budget = (struct budget){0};
}

/* ---- what the rest of the check asks ---- */

const struct budget_rule *budget_asks_for(const struct budget *budget, enum budget_value value) {
    if (budget->total.limits[value].is_set)
        return &budget->total;
    for (size_t i = 0; i < budget->n_rules; i++)
        if (budget->rules[i].line && budget->rules[i].limits[value].is_set)
            return &budget->rules[i];
    return NULL;
}

static bool matches(const char *pattern, const char *text) {
    return strcmp(pattern, text) == 0 || fnmatch(pattern, text, 0) == 0;
}

static bool matches_file(const char *pattern, const char *file) {
    for (; file; file = strchr(file, '/')) {
        file += *file == '/' && *pattern != '/';
        if (matches(pattern, file))
            return true;
        if (*pattern == '/')
            return false;
    }
    return false;
}

bool budget_matches(const struct budget_rule *rule, const char *const *names, size_t n_names,
                    const char *file) {
    bool has_name = !rule->function;
    for (size_t i = 0; i < n_names && !has_name; i++)
        has_name = matches(rule->function, names[i]);
    return has_name && (!rule->file || matches_file(rule->file, file));
}

/* ---- an update ---- */

static int compare_edits(const void *one, const void *other) {
    const struct budget_edit *a = one, *b = other;
    return (a->amount->from > b->amount->from) - (a->amount->from < b->amount->from);
}

/* The same place twice is `exactly`. */
static int check_edits(const struct budget *budget, const struct budget_edit *edits, size_t n) {
    for (size_t i = 1; i < n; i++) {
        const struct budget_edit *a = &edits[i - 1], *b = &edits[i];
        if (a->amount->from != b->amount->from || a->value == b->value)
            continue;
        const struct output plain = {.raw = true};
        bool is_up = a->value < b->value;
        char *subject = need_print("%s:%u", budget->path, a->amount->line);
        int status = say_error(subject, "'exactly' cannot be updated: from %s to %s was seen",
                               format_count(is_up ? a->value : b->value, &plain).s,
                               format_count(is_up ? b->value : a->value, &plain).s);
        free(subject);
        return status;
    }
    return STATUS_OK;
}

static void write_edited(const struct budget *budget, const struct budget_edit *edits, size_t n,
                         FILE *to) {
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        const struct budget_amount *amount = edits[i].amount;
        if (amount->from < at)
            continue;
        fwrite(budget->text + at, 1, amount->from - at, to);
        fputs(format_count(edits[i].value, &(struct output){.raw = true}).s, to);
        at = amount->to;
    }
    fwrite(budget->text + at, 1, budget->length - at, to);
}

int budget_rewrite(const struct budget *budget, struct budget_edit *edits, size_t n) {
    struct outfile file;
    if (n == 0)
        return STATUS_OK;
    qsort(edits, n, sizeof *edits, compare_edits);
    if (check_edits(budget, edits, n) != STATUS_OK)
        return STATUS_TROUBLE;
    char *path = realpath(budget->path, NULL); /* a symbolic link stays one */
    if (!path)
        return say_error(budget->path, "%s", strerror(errno));
    int status = outfile_open(&file, path);
    if (status == STATUS_OK) {
        write_edited(budget, edits, n, file.stream);
        status = outfile_close(&file);
    }
    free(path);
    return status;
}
