/*
 * option_values.h - what the command lines of all commands have in common.
 *
 * Each function that can fail says why on stderr, in one line that names the option.
 */
#ifndef TALLY_DEMO_OPTION_VALUES_H
#define TALLY_DEMO_OPTION_VALUES_H

#include <stdbool.h>
#include <stdint.h>

enum { DEFAULT_SEED = 1, LARGEST_COUNT = 100 * 1000 * 1000, MOST_WORKERS = 1000 };

/* getopt's codes of long options without a letter begin here. */
enum { FIRST_OPTION_CODE = 256 };

enum processor_choice { PROCESSOR_NAIVE, PROCESSOR_OPTIMISED };
const char *processor_choice_name(enum processor_choice processor);

/* Which of --naive and --optimised were given. */
struct processor_options {
    bool naive, optimised;
};
bool choose_processor(const struct processor_options *given, enum processor_choice *processor);

bool parse_number(const char *option, const char *text, uint64_t least, uint64_t most,
                  uint64_t *number);

/* What getopt_long could not make sense of: `code`, ':' or '?', is what it returned. Options with
 * a letter must be -q and -h alone, without a value. */
void complain_about_option(const char *command, int code, char **argv);
void complain_about_argument(const char *command, const char *word);

#endif
