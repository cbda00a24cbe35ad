/*
 * budget_amount.c - numbers of budget files: 140, 12_000, 1.5 MiB, 250 ms, 0.5%.
 *
 * Nothing here is floating point. A number has 18 digits at most and a unit is at most 2^40, so
 * that products fit `wide`.
 */
#include "budget.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MOST_DIGITS = 18, PERCENT_DIGITS = 3 };

/* 12.50 is {1250, 2}. */
struct decimal {
    uint64_t digits;
    unsigned n_digits, decimals;
};

struct unit {
    const char *name;
    uint64_t factor;
};

static const struct unit bytes[] = {
    {"B", 1},
    {"KiB", UINT64_C(1) << 10},
    {"MiB", UINT64_C(1) << 20},
    {"GiB", UINT64_C(1) << 30},
    {"TiB", UINT64_C(1) << 40},
    {"kB", 1000},
    {"MB", 1000000},
    {"GB", 1000000000},
    {NULL, 0},
};
static const struct unit times[] = {
    {"ns", 1},       {"us", 1000},      {"\xc2\xb5s", 1000},
    {"ms", 1000000}, {"s", 1000000000}, {"min", UINT64_C(60000000000)},
    {NULL, 0},
};
static const struct unit counts[] = {{NULL, 0}};

static const struct unit *units_of(enum budget_value value) {
    switch (value) {
    case BUDGET_ALLOC_SPACE:
    case BUDGET_INUSE_SPACE:
    case BUDGET_PEAK_SPACE:
        return bytes;
    case BUDGET_WALL:
        return times;
    default:
        return counts;
    }
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* The digits at the beginning of `text`, with _ between any two; what stands behind them, or null
 * if there are none or too many. */
static const char *take_digits(const char *text, struct decimal *decimal) {
    if (!is_digit(*text))
        return NULL;
    for (; is_digit(*text) || (*text == '_' && is_digit(text[1])); text++) {
        if (*text == '_')
            continue;
        if (++decimal->n_digits > MOST_DIGITS)
            return NULL;
        decimal->digits = decimal->digits * 10 + (uint64_t)(*text - '0');
    }
    return text;
}

static const char *take_decimal(const char *text, struct decimal *decimal) {
    text = take_digits(text, decimal);
    if (!text || *text != '.')
        return text;
    unsigned before = decimal->n_digits;
    text = take_digits(text + 1, decimal);
    decimal->decimals = decimal->n_digits - before;
    return text;
}

static wide power_of_ten(unsigned exponent) {
    wide power = 1;
    while (exponent--)
        power *= 10;
    return power;
}

static const char *percentage(const struct decimal *decimal, struct budget_amount *amount) {
    if (decimal->decimals > PERCENT_DIGITS)
        return "has more than three decimals";
    amount->is_percent = true;
    amount->amount = decimal->digits * power_of_ten(PERCENT_DIGITS - decimal->decimals);
    return NULL;
}

const char *budget_amount_parse(const char *text, enum budget_value value,
                                struct budget_amount *amount) {
    struct decimal decimal = {0};
    const char *rest = take_decimal(text, &decimal);
    if (!rest)
        return "is not a number of at most 18 digits";
    rest += strspn(rest, " ");
    amount->is_set = true;
    if (strcmp(rest, "%") == 0)
        return percentage(&decimal, amount);
    wide parts = power_of_ten(decimal.decimals);
    amount->amount = (wide)decimal.digits;
    if (!*rest) {
        amount->amount /= parts;
        return amount->amount * parts == (wide)decimal.digits ? NULL : "is not a whole number";
    }
    for (const struct unit *unit = units_of(value); unit->name; unit++)
        if (strcmp(rest, unit->name) == 0) {
            amount->amount = (amount->amount * unit->factor + parts / 2) / parts;
            return NULL;
        }
    return units_of(value) == counts  ? "is not a whole number or a percentage"
           : units_of(value) == bytes ? "has none of the units B, KiB, MiB, GiB, TiB, kB, MB, GB, %"
                                      : "has none of the units ns, us, ms, s, min, %";
}

struct number budget_percent(wide thousandths) {
    struct number number;
    int n = snprintf(number.s, sizeof number.s, "%" PRIu64 ".%03" PRIu64,
                     (uint64_t)(thousandths / 1000), (uint64_t)(thousandths % 1000));
    while (number.s[n - 1] == '0')
        n--;
    n -= number.s[n - 1] == '.';
    strcpy(number.s + n, "%");
    return number;
}

/* Sums of values stay below 2^100 and percentages below 2^70: what would overflow here is compared
 * without its last digits. */
bool budget_exceeds(const struct budget_amount *amount, wide size, wide base) {
    wide limit, hundred_thousands;
    if (!amount->is_percent)
        return size > amount->amount;
    base = base < 0 ? -base : base;
    while (__builtin_mul_overflow(amount->amount, base, &limit) ||
           __builtin_mul_overflow((wide)100000, size, &hundred_thousands)) {
        base /= 2;
        size /= 2;
    }
    return hundred_thousands > limit;
}
