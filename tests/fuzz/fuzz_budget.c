/*
 * fuzz_budget.c - any bytes as a budget file.
 *
 * Beyond memory errors, it holds budget.h to its word about places: where a file is accepted, each
 * number written plainly in its place gives a file that is accepted and says the same.
 */
#include "budget.h"
#include "say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void insist(bool truth) {
    if (!truth)
        abort();
}

/* What is wrong with budgets is not shown; sanitizers write to the descriptor. */
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    stderr = fopen("/dev/null", "we");
    return stderr ? 0 : 1;
}

struct amounts {
    const struct budget_amount **all;
    size_t n, capacity;
};

static void add(struct amounts *amounts, const struct budget_amount *amount, size_t length) {
    if (!amount->is_set)
        return;
    insist(amount->line > 0 && amount->from < amount->to && amount->to <= length);
    amounts->all = need_room(amounts->all, &amounts->capacity, amounts->n, sizeof *amounts->all);
    amounts->all[amounts->n++] = amount;
}

static void collect_rule(struct amounts *amounts, const struct budget_rule *rule, size_t length) {
    for (int value = 0; value < BUDGET_VALUES; value++) {
        const struct budget_limits *limits = &rule->limits[value];
        const struct budget_amount *all[] = {&limits->at_most, &limits->at_least, &limits->increase,
                                             &limits->decrease, &limits->floor};
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            add(amounts, all[i], length);
    }
}

/* All of the file, in the order of the model. */
static struct amounts collect(const struct budget *budget) {
    struct amounts amounts = {0};
    insist(budget->n_rules > 0 && budget->rules[budget->n_rules - 1].line == 0);
    collect_rule(&amounts, &budget->total, budget->length);
    for (size_t i = 0; i + 1 < budget->n_rules; i++)
        collect_rule(&amounts, &budget->rules[i], budget->length);
    return amounts;
}

static int by_place(const void *one, const void *other) {
    const struct budget_amount *const *a = one, *const *b = other;
    return ((*a)->from > (*b)->from) - ((*a)->from < (*b)->from);
}

static struct number plain(const struct budget_amount *amount) {
    return amount->is_percent ? budget_percent(amount->amount)
                              : format_count(amount->amount, &(struct output){.raw = true});
}

static char *rewritten(const struct budget *budget, size_t *length) {
    struct amounts amounts = collect(budget);
    char *text = NULL;
    FILE *to = need(open_memstream(&text, length));
    size_t at = 0;
    if (amounts.n)
        qsort(amounts.all, amounts.n, sizeof *amounts.all, by_place);
    for (size_t i = 0; i < amounts.n; i++) {
        if (amounts.all[i]->from < at)
            continue; /* `exactly` has two */
        fwrite(budget->text + at, 1, amounts.all[i]->from - at, to);
        fputs(plain(amounts.all[i]).s, to);
        at = amounts.all[i]->to;
    }
    fwrite(budget->text + at, 1, budget->length - at, to);
    insist(fclose(to) == 0);
    free(amounts.all);
    return text;
}

static void compare(const struct budget *one, const struct budget *other) {
    struct amounts a = collect(one), b = collect(other);
    insist(a.n == b.n);
    for (size_t i = 0; i < a.n; i++)
        insist(a.all[i]->amount == b.all[i]->amount &&
               a.all[i]->is_percent == b.all[i]->is_percent);
    free(a.all);
    free(b.all);
}

/* Plain numbers may be longer than files are allowed to write them. */
static bool all_are_short(const struct budget *budget) {
    struct amounts amounts = collect(budget);
    bool are = true;
    for (size_t i = 0; i < amounts.n; i++)
        are = are && strspn(plain(amounts.all[i]).s, "0123456789") <= 15;
    free(amounts.all);
    return are;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct budget budget, again;
    size_t length;
    if (budget_parse("fuzz", (const char *)bytes, size, &budget) != STATUS_OK)
        return 0;
    if (all_are_short(&budget)) {
        char *text = rewritten(&budget, &length);
        insist(budget_parse("fuzz", text, length, &again) == STATUS_OK);
        compare(&budget, &again);
        budget_free(&again);
        free(text);
    }
    budget_free(&budget);
    return 0;
}
