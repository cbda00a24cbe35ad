/*
 * comparable.h - whether the numbers of two runs may be compared, and why not.
 *
 * Two runs tell what a change of the program's code did only if nothing else changed. What run.json
 * says of both (layout: pprof-out/src/run_json.c) is compared here:
 *
 *   compiler      that made each file; another version inlines and orders differently
 *   flags         of the compiler, and its level of optimisation
 *   instrumented  files that only one side has, and the plugin's options: filters. Not how many
 *                 functions a file has, since that is code
 *   timing        which calls are timed; where times are judged, also the clock
 *   recording     what is recorded: the heap's mode and the options that add to it or limit it
 *   arguments     of the program; see comparable_run.c for what of paths does not count
 *   machine       where times are judged
 *   ending        a signal ended one of the runs
 *   losses        in either: what is missing cannot be told from what went away
 *   unknown       one side has no run.json
 *
 * What neither side knows (older versions wrote less, gcc tells nothing of its flags) is no
 * difference; what one side alone knows is one.
 */
#ifndef TALLY_CLI_COMPARABLE_H
#define TALLY_CLI_COMPARABLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum comparable_reason {
    COMPARABLE_COMPILER,
    COMPARABLE_FLAGS,
    COMPARABLE_INSTRUMENTED,
    COMPARABLE_TIMING,
    COMPARABLE_RECORDING,
    COMPARABLE_ARGUMENTS,
    COMPARABLE_MACHINE,
    COMPARABLE_ENDING,
    COMPARABLE_LOSSES,
    COMPARABLE_UNKNOWN,
    COMPARABLE_REASONS, /* how many there are */
};

/* `sentence` is without a full stop and has no line breaks of its own, but holds text of the
 * profiles as it is: whoever shows it cleans it (text_clean for terminals, text_repair for JSON).
 */
struct comparable_difference {
    enum comparable_reason reason;
    char *sentence;
};

/* In the order of the reasons. Files that differ alike are in one sentence. */
struct comparable {
    struct comparable_difference *differences;
    size_t n, capacity;
};

/* Either run may be null: unknown. `times`: times are judged, not counts alone. */
void comparable_find(const json_t *old_run, const json_t *new_run, bool times,
                     struct comparable *result);
void comparable_free(struct comparable *result);

/* "compiler", "flags", …: what --allow calls it. */
const char *comparable_name(enum comparable_reason reason);

/* The value of --allow: names separated by commas, or "all", to bits 1 << reason. STATUS_OK, or
 * STATUS_TROUBLE with a message, which begins with `option`. */
int comparable_allow(const char *option, const char *names, unsigned *allowed);

#endif
