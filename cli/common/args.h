/*
 * args.h - command lines, described by tables.
 *
 * A command lists its options in args_option tables whose targets are its own variables; the same
 * tables parse the command line and print `tally help COMMAND`, so the two cannot disagree.
 * Options and operands may be mixed; `--` ends the options. `--name value`, `--name=value`,
 * `-n value` and `-nvalue` are all understood.
 */
#ifndef TALLY_CLI_ARGS_H
#define TALLY_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum args_kind {
    ARGS_END,     /* ends a table */
    ARGS_FLAG,    /* bool */
    ARGS_TEXT,    /* const char * */
    ARGS_NUMBER,  /* uint64_t */
    ARGS_PERCENT, /* double, 0 to 100 */
    ARGS_LIST,    /* struct args_list: may be given several times */
};

struct args_list {
    char **values; /* free it */
    size_t n, capacity;
};

struct args_option {
    enum args_kind kind;
    const char *name; /* without "--"; may be null */
    char letter;      /* or 0 */
    void *target;
    const char *argument; /* its name in the help; null for flags */
    const char *help;
};

struct args_spec {
    const char *command;
    const char *usage;   /* after "tally COMMAND "; one line per form, separated by '\n' */
    const char *summary; /* one line */
    const char *details; /* paragraphs, lines broken as they are to be shown */
    const struct args_option *options;
    const struct args_option *shared; /* a second table: options that several commands have */
    size_t fewest, most;              /* operands */
};

enum args_result { ARGS_GO, ARGS_HELPED, ARGS_WRONG };

/* Fills in the targets; operands are moved to argv[0] … argv[*n_operands - 1]. ARGS_HELPED: --help
 * was there and has been answered; ARGS_WRONG: a message was printed. */
enum args_result args_parse(const struct args_spec *spec, int argc, char **argv,
                            size_t *n_operands);

/* The same for commands that compare: OLD NEW, or OLD... -- NEW..., where behind `--` all are
 * operands. The first *n_old of them are OLD; either side has one at least, but that NEW may stand
 * alone where one operand is enough. */
enum args_result args_parse_sides(const struct args_spec *spec, int argc, char **argv,
                                  size_t *n_old, size_t *n_operands);

/* Index of `value` in the null-terminated `choices`, or -1 with a message. */
int args_choice(const char *option, const char *value, const char *const *choices);

/* The choice nearest to `word`, or null if none is near. */
const char *args_nearest(const char *word, const char *const *choices);

#endif
