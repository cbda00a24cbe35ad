/*
 * test_budget.c - budget.h: amounts, exact percentages, patterns, and where numbers stand in a
 * file.
 */
#include "budget.h"
#include "say.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---- amounts ---- */

static wide amount_of(const char *text, enum budget_value value) {
    struct budget_amount amount = {0};
    const char *problem = budget_amount_parse(text, value, &amount);
    cr_assert(problem == NULL, "%s %s", text, problem);
    cr_assert(amount.is_set);
    return amount.amount;
}

static void refused(const char *text, enum budget_value value) {
    struct budget_amount amount = {0};
    cr_assert(budget_amount_parse(text, value, &amount) != NULL, "%s", text);
}

Test(budget, counts) {
    cr_assert(amount_of("0", BUDGET_CALLS) == 0);
    cr_assert(amount_of("12_345", BUDGET_CALLS) == 12345);
    cr_assert(amount_of("5.0", BUDGET_CALLS) == 5);
    cr_assert(amount_of("999999999999999999", BUDGET_CALLS) == INT64_C(999999999999999999));
    const char *const wrong[] = {"",   "_1", "1_",  "1__2", "1.5", "1e3", "0x10",
                                 "-1", "+1", "1 B", ".5",   "5.",  "1,5", "1000000000000000000"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        refused(wrong[i], BUDGET_CALLS);
}

Test(budget, sizes_and_times) {
    cr_assert(amount_of("1.5 KiB", BUDGET_ALLOC_SPACE) == 1536);
    cr_assert(amount_of("1.3 KiB", BUDGET_ALLOC_SPACE) == 1331); /* 1331.2 */
    cr_assert(amount_of("2MB", BUDGET_PEAK_SPACE) == 2000000);
    cr_assert(amount_of("7", BUDGET_PEAK_SPACE) == 7);
    cr_assert(amount_of("0.25 us", BUDGET_WALL) == 250);
    cr_assert(amount_of("0.25 \xc2\xb5s", BUDGET_WALL) == 250);
    cr_assert(amount_of("2 min", BUDGET_WALL) == INT64_C(120000000000));
    cr_assert(amount_of("999999999999999999 TiB", BUDGET_ALLOC_SPACE) ==
              (wide)INT64_C(999999999999999999) << 40);
    refused("1 s", BUDGET_ALLOC_SPACE);
    refused("1 kib", BUDGET_ALLOC_SPACE);
    refused("1 B", BUDGET_WALL);
}

Test(budget, percentages) {
    cr_assert(amount_of("5%", BUDGET_CALLS) == 5000);
    cr_assert(amount_of("0.125 %", BUDGET_WALL) == 125);
    refused("0.0001%", BUDGET_CALLS);
    cr_assert_str_eq(budget_percent(5000).s, "5%");
    cr_assert_str_eq(budget_percent(125).s, "0.125%");
    cr_assert_str_eq(budget_percent(100500).s, "100.5%");
    cr_assert_str_eq(budget_percent(0).s, "0%");
}

static bool exceeds(const char *text, wide size, wide base) {
    struct budget_amount amount = {0};
    cr_assert(budget_amount_parse(text, BUDGET_CALLS, &amount) == NULL);
    return budget_exceeds(&amount, size, base);
}

Test(budget, exceeds_exactly) {
    cr_assert(not(exceeds("5", 5, 0)));
    cr_assert(exceeds("5", 6, 0));
    cr_assert(not(exceeds("10%", 10, 100)));
    cr_assert(exceeds("10%", 11, 100));
    cr_assert(exceeds("10%", 1, 0));
    cr_assert(not(exceeds("0.1%", INT64_MAX / 1000, INT64_MAX)));
    cr_assert(exceeds("0.1%", INT64_MAX / 1000 + 1, INT64_MAX));
}

Test(budget, exceeds_beyond_all_width) {
    const wide huge = (wide)1 << 120;
    cr_assert(not(exceeds("999999999999999%", huge, huge)));
    cr_assert(exceeds("1%", huge, huge));
    cr_assert(not(exceeds("100%", huge, huge)));
    cr_assert(exceeds("99%", huge, huge));
}

/* ---- patterns ---- */

static bool matches(const char *function, const char *file, const char *name, const char *path) {
    const struct budget_rule rule = {.function = (char *)function, .file = (char *)file};
    return budget_matches(&rule, &name, 1, path);
}

Test(budget, names) {
    cr_assert(matches("f*", NULL, "foo", ""));
    cr_assert(matches("*", NULL, "a::b/c", ""));
    cr_assert(not(matches("f", NULL, "foo", "")));
    cr_assert(matches("operator[]", NULL, "operator[]", ""));
    cr_assert(matches("f\\*", NULL, "f*", ""));
    cr_assert(not(matches("f\\*", NULL, "foo", "")));
}

Test(budget, files) {
    cr_assert(matches(NULL, "a.c", "f", "/src/a.c"));
    cr_assert(matches(NULL, "src/*.c", "f", "/home/src/a.c"));
    cr_assert(matches(NULL, "/home/*", "f", "/home/src/a.c"));
    cr_assert(matches(NULL, "a.c", "f", "a.c"));
    cr_assert(not(matches(NULL, "a.c", "f", "/src/ba.c")));
    cr_assert(not(matches(NULL, "/src/a.c", "f", "/home/src/a.c")));
    cr_assert(not(matches("g", "a.c", "f", "a.c")));
    cr_assert(not(matches(NULL, "a.c", "f", "")));
}

/* ---- files ---- */

static struct budget parsed(const char *text) {
    struct budget budget;
    cr_assert(budget_parse("b.yaml", text, strlen(text), &budget) == STATUS_OK);
    return budget;
}

Test(budget, the_default_stands_behind_the_rules) {
    struct budget budget = parsed("version: 1\nfunctions: [{function: f, calls: any}]");
    cr_assert(budget.n_rules == 2);
    cr_assert(budget.rules[0].line == 2);
    const struct budget_rule *last = &budget.rules[1];
    cr_assert(last->line == 0);
    cr_assert(matches(last->function, last->file, "anything", "anywhere"));
    cr_assert(last->limits[BUDGET_CALLS].increase.is_set);
    cr_assert(not(last->limits[BUDGET_WALL].is_set));
    cr_assert(budget_asks_for(&budget, BUDGET_CALLS) == &budget.rules[0]);
    cr_assert(budget_asks_for(&budget, BUDGET_ALLOC_SPACE) == NULL);
    budget_free(&budget);
}

Test(budget, numbers_know_their_bytes) {
    const char *text = "# \xc3\xbc\xe2\x82\xac\nversion: 1\ntotal: {calls: {exactly: '1_0'}, "
                       "wall: {at_most: 5 ms }}\n";
    struct budget budget = parsed(text);
    const struct budget_limits *calls = &budget.total.limits[BUDGET_CALLS];
    const struct budget_amount *wall = &budget.total.limits[BUDGET_WALL].at_most;
    cr_assert(strncmp(text + calls->at_most.from, "'1_0'", 5) == 0);
    cr_assert(calls->at_most.to - calls->at_most.from == 5);
    cr_assert(calls->at_most.from == calls->at_least.from);
    cr_assert(calls->at_most.line == 3);
    cr_assert(strncmp(text + wall->from, "5 ms ", wall->to - wall->from + 1) == 0);
    budget_free(&budget);
}

Test(budget, keys_in_any_order_and_places_of_each) {
    struct budget budget = parsed("version: 1\nfunctions:\n- calls: {at_most: 1}\n  file: f\n"
                                  "total:\n  calls: {at_most: 22}\n");
    cr_assert(budget.rules[0].limits[BUDGET_CALLS].at_most.line == 3);
    cr_assert(budget.total.limits[BUDGET_CALLS].at_most.line == 6);
    budget_free(&budget);
}
