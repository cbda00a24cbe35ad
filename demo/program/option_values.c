/*
 * option_values.c - see option_values.h.
 */
#include "program/option_values.h"

#include "common/message.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *processor_choice_name(enum processor_choice processor) {
    return processor == PROCESSOR_OPTIMISED ? "optimised" : "naive";
}

bool choose_processor(const struct processor_options *given, enum processor_choice *processor) {
    if (given->naive && given->optimised) {
        message_print("--naive and --optimised exclude each other");
        return false;
    }
    *processor = given->optimised ? PROCESSOR_OPTIMISED : PROCESSOR_NAIVE;
    return true;
}

bool parse_number(const char *option, const char *text, uint64_t least, uint64_t most,
                  uint64_t *number) {
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    /* strtoull takes spaces and signs in front; a number on the command line starts as one. */
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < least ||
        value > most) {
        message_print("%s: '%s' is not a number from %" PRIu64 " to %" PRIu64, option, text, least,
                      most);
        return false;
    }
    *number = value;
    return true;
}

void complain_about_option(const char *command, int code, char **argv) {
    const char *word = argv[optind - 1];
    if (code == ':') {
        message_print("%s needs a value; see tally-demo %s --help", word, command);
    } else if (optopt > 0 && optopt < FIRST_OPTION_CODE && strncmp(word, "--", 2) != 0) {
        message_print("unknown option '-%c'; see tally-demo %s --help", optopt, command);
    } else if (optopt >= FIRST_OPTION_CODE || optopt == 'q' || optopt == 'h') {
        message_print("%s takes no value; see tally-demo %s --help", word, command);
    } else {
        message_print("unknown option '%s'; see tally-demo %s --help", word, command);
    }
}

void complain_about_argument(const char *command, const char *word) {
    message_print("unexpected argument '%s'; see tally-demo %s --help", word, command);
}
