/*
 * commands.h - the sub-commands of `tally`: one file each, one entry point each.
 *
 * run gets argv with the command's own name in argv[0] and returns an exit status. Results have
 * been printed but not flushed: main does that, and looks at errors, for all of them.
 */
#ifndef TALLY_CLI_COMMANDS_H
#define TALLY_CLI_COMMANDS_H

struct command {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
};

int command_top(int argc, char **argv);
int command_tree(int argc, char **argv);
int command_list(int argc, char **argv);
int command_leaks(int argc, char **argv);
int command_check(int argc, char **argv);
int command_diff(int argc, char **argv);
int command_report(int argc, char **argv);
int command_info(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_convert(int argc, char **argv);
int command_symbolize(int argc, char **argv);
int command_help(int argc, char **argv);

/* All of them, ended by an entry without a name; and the one called `name`, or null. */
extern const struct command commands[];
const struct command *command_find(const char *name);

/* Says that there is no such command, with a suggestion; returns STATUS_TROUBLE. */
int command_unknown(const char *name);

#endif
