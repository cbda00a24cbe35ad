/*
 * format.h - numbers as people read them.
 *
 * Sums are 128 bits wide (`wide`): 2^64 values of 63 bits fit, so nothing in the command can
 * overflow. Each function returns its text by value: use it within the expression, as in
 * printf("%s", format_count(n, output).s).
 */
#ifndef TALLY_CLI_FORMAT_H
#define TALLY_CLI_FORMAT_H

#include "output.h"

__extension__ typedef __int128 wide;

struct number {
    char s[64];
};

/* With thousands separators, unless output->raw. */
struct number format_count(wide value, const struct output *output);

/* In the best unit for its size: 52.1 ms, 3.20 KiB, 1,234 (count). raw: the integer alone. */
struct number format_value(wide value, const char *unit, const struct output *output);

/* value / n in that unit: 7.39 ns; "-" when n is 0. */
struct number format_average(wide value, wide n, const char *unit, const struct output *output);

/* One decimal; "<0.1%" for what is little but not nothing, "-" when whole is 0. */
struct number format_percent(wide part, wide whole);

/* A change, with its sign: +52.1 ms, -3.20 KiB, 0; and in percent of the old value: +12.5%,
 * -<0.1%, "-" when that was 0. */
struct number format_change(wide change, const char *unit, const struct output *output);
struct number format_change_percent(wide change, wide old);

/* A duration or a point in time, for headings. */
struct number format_date(int64_t time_ns);

/* Its size, whatever the sign. */
wide wide_size(wide value);

/* Whether the unit, as pprof's writers call it, is one of time. */
bool format_is_time(const char *unit);

/* The name of a unit in the title of a raw column: "ns", "bytes", … */
const char *format_unit_name(const char *unit);

#endif
