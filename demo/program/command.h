/*
 * command.h - the sub-commands of tally-demo.
 *
 * A command gets its own words, argv[0] being its name, and returns the exit status: 0, 1 if the
 * program itself failed (no memory, standard output gone), 2 if what it was asked to do will not
 * do: bad options, unreadable input; or, if SIGINT or SIGTERM stopped it, what
 * interruption_status() says.
 */
#ifndef TALLY_DEMO_COMMAND_H
#define TALLY_DEMO_COMMAND_H

enum { STATUS_OK = 0, STATUS_FAILED = 1, STATUS_BAD_INPUT = 2 };

struct command {
    const char *name;
    const char *purpose; /* for the list of commands */
    int (*run)(int argc, char **argv);
};

int documents_command(int argc, char **argv);
int orders_command(int argc, char **argv);

/* Ends standard output; STATUS_FAILED and a message if not all of it could be written. */
int finish_output(void);

#endif
