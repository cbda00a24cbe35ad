/*
 * format.c - see format.h.
 *
 * Units known: the time and size units that pprof knows, by their pprof names. Anything else is
 * shown as the number and the unit's own name. Human numbers have three significant digits; the
 * unit is chosen after rounding, so 999.7 µs is 1.00 ms and never 1000 µs.
 */
#include "format.h"

#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct scale {
    const char *name, *ascii;
    double size; /* in the family's smallest unit */
};

static const struct scale times[] = {
    {"ns", "ns", 1},      {"\xc2\xb5s", "us", 1e3}, {"ms", "ms", 1e6},  {"s", "s", 1e9},
    {"min", "min", 60e9}, {"h", "h", 3600e9},       {"d", "d", 86400e9}};
static const struct scale sizes[] = {{"B", "B", 1},
                                     {"KiB", "KiB", 1024.0},
                                     {"MiB", "MiB", 1048576.0},
                                     {"GiB", "GiB", 1073741824.0},
                                     {"TiB", "TiB", 1099511627776.0},
                                     {"PiB", "PiB", 1125899906842624.0}};

static const struct {
    const char *unit;
    bool is_time;
    double factor;
} known[] = {
    {"nanoseconds", true, 1},    {"nanosecond", true, 1}, {"ns", true, 1},
    {"microseconds", true, 1e3}, {"us", true, 1e3},       {"milliseconds", true, 1e6},
    {"ms", true, 1e6},           {"seconds", true, 1e9},  {"s", true, 1e9},
    {"bytes", false, 1},         {"byte", false, 1},      {"b", false, 1},
    {"kilobytes", false, 1024},  {"kb", false, 1024},     {"megabytes", false, 1048576},
    {"mb", false, 1048576},
};

static struct number digits(wide value, bool separated) {
    char reversed[64];
    size_t n = 0, group = 0;
    unsigned __int128 rest = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
    do {
        if (separated && group++ == 3) {
            reversed[n++] = ',';
            group = 1;
        }
        reversed[n++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    } while (rest);
    if (value < 0)
        reversed[n++] = '-';
    struct number number;
    for (size_t i = 0; i < n; i++)
        number.s[i] = reversed[n - 1 - i];
    number.s[n] = 0;
    return number;
}

wide wide_size(wide value) {
    return value < 0 ? -value : value;
}

bool format_is_time(const char *unit) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(unit, known[i].unit) == 0)
            return known[i].is_time;
    return false;
}

struct number format_count(wide value, const struct output *output) {
    return digits(value, !output->raw);
}

/* Three significant digits of x, which is below the size of the next unit. */
static struct number three_digits(double x, const char *unit) {
    double size = x < 0 ? -x : x;
    struct number number;
    int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    snprintf(number.s, sizeof number.s, "%.*f %s", decimals, x, unit);
    return number;
}

static struct number scaled(double x, const struct scale *scales, size_t n,
                            const struct output *output) {
    double size = x < 0 ? -x : x;
    size_t i = 0;
    while (i + 1 < n && size / scales[i].size >= scales[i + 1].size / scales[i].size * 0.9995)
        i++;
    return three_digits(x / scales[i].size, output->utf8 ? scales[i].name : scales[i].ascii);
}

static struct number in_unit(double x, bool whole, wide value, const char *unit,
                             const struct output *output) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(unit, known[i].unit) != 0)
            continue;
        bool is_time = known[i].is_time;
        /* A whole number of the smallest unit has no decimals to show. */
        if (whole && known[i].factor == 1 && value > -1000 && value < 1000) {
            struct number number;
            snprintf(number.s, sizeof number.s, "%d %s", (int)value, is_time ? "ns" : "B");
            return number;
        }
        return scaled(x * known[i].factor, is_time ? times : sizes,
                      is_time ? sizeof times / sizeof *times : sizeof sizes / sizeof *sizes,
                      output);
    }
    struct number number = digits(value, true);
    bool is_count = !*unit || strcmp(unit, "count") == 0;
    if (!whole)
        snprintf(number.s, sizeof number.s, "%.2f", x);
    if (!is_count) {
        char *clean = text_clean(unit, output->utf8), *fitted = text_cut(clean, 20, output->utf8);
        size_t used = strlen(number.s);
        snprintf(number.s + used, sizeof number.s - used, " %s", fitted);
        free(clean);
        free(fitted);
    }
    return number;
}

struct number format_value(wide value, const char *unit, const struct output *output) {
    if (output->raw)
        return digits(value, false);
    if (value == 0)
        return digits(0, false);
    return in_unit((double)value, true, value, unit, output);
}

struct number format_average(wide value, wide n, const char *unit, const struct output *output) {
    if (n == 0)
        return (struct number){"-"};
    if (value == 0)
        return (struct number){"0"};
    if (value % n == 0)
        return format_value(value / n, unit, output);
    if (output->raw) {
        struct number number;
        snprintf(number.s, sizeof number.s, "%.3f", (double)value / (double)n);
        return number;
    }
    return in_unit((double)value / (double)n, false, 0, unit, output);
}

struct number format_percent(wide part, wide whole) {
    if (whole == 0)
        return (struct number){"-"};
    double percent = 100.0 * (double)part / (double)whole;
    struct number number;
    if (part != 0 && percent > -0.05 && percent < 0.05)
        snprintf(number.s, sizeof number.s, percent < 0 ? ">-0.1%%" : "<0.1%%");
    else
        snprintf(number.s, sizeof number.s, "%.1f%%", percent);
    return number;
}

static struct number signed_as(wide value, struct number size) {
    struct number number;
    snprintf(number.s, sizeof number.s, "%s%.60s", value > 0 ? "+" : value < 0 ? "-" : "", size.s);
    return number;
}

struct number format_change(wide change, const char *unit, const struct output *output) {
    return signed_as(change, format_value(wide_size(change), unit, output));
}

struct number format_change_percent(wide change, wide old) {
    if (old == 0)
        return (struct number){"-"};
    return signed_as(change, format_percent(wide_size(change), wide_size(old)));
}

struct number format_date(int64_t time_ns) {
    time_t seconds = (time_t)(time_ns / 1000000000);
    struct tm local;
    struct number number;
    if (!localtime_r(&seconds, &local) ||
        !strftime(number.s, sizeof number.s, "%Y-%m-%d %H:%M:%S", &local))
        return digits(time_ns, false);
    return number;
}

const char *format_unit_name(const char *unit) {
    if (strcmp(unit, "nanoseconds") == 0)
        return "ns";
    if (strcmp(unit, "microseconds") == 0)
        return "us";
    if (strcmp(unit, "milliseconds") == 0)
        return "ms";
    return *unit ? unit : "count";
}
