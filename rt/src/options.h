/*
 * options.h - settings from the environment variable TALLY_OPTIONS.
 *
 * Loaded once, by the first part that needs one (which may be an instrumented function that runs
 * before any constructor). A program with privileges its user lacks (setuid, file capabilities)
 * ignores the variable. The table is include/tally/options.def.
 */
#ifndef TLI_OPTIONS_H
#define TLI_OPTIONS_H

#include "tally/snapshot.h"

#include <stdbool.h>
#include <stdint.h>

struct tli_options {
#define TLI_FIELD_string const char *
#define TLI_FIELD_boolean bool
#define TLI_FIELD_number uint64_t
#define TLI_FIELD_size uint64_t
#define TALLY_OPTION(name, type, default_text, help) TLI_FIELD_##type name;
#include "tally/options.def"
#undef TALLY_OPTION
};

extern struct tli_options tli_options;

void tli_options_load(void);
/* The number of an option's value among `words`; or -1, after saying that it is none of `all`. */
int tli_option_choice(const char *name, const char *value, const char *const *words,
                      const char *all);
enum tally_timing tli_options_timing(void); /* exact, adaptive or off */
/* The settings as text, for run.json; a constant table of *count entries. */
const struct tally_option_value *tli_options_as_text(size_t *count);

#endif
