/*
 * main.c - the `tally` command: finds the sub-command, runs it, and makes sure its output arrived.
 *
 *   tally COMMAND [options] [profile]
 *     arguments ─> command_*() ─> input ─> symbolize ─> view ─> aggregate ─> table or JSON
 *
 * Exit statuses are in say.h. A closed pipe ends the command silently, as it does head's other
 * partners; every other failure to write is an error.
 */
#include "args.h"
#include "commands.h"
#include "output.h"
#include "say.h"

#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

const struct command commands[] = {
    {"top", "functions by time and calls, or by what they allocated", command_top},
    {"tree", "the calling-context tree, or who called", command_tree},
    {"list", "source code with the time and calls of each line", command_list},
    {"leaks", "what was never freed, by site and path", command_leaks},
    {"diff", "what changed between two builds, by function", command_diff},
    {"check", "does a build keep within its budget? for CI", command_check},
    {"report", "one page for a browser, of a run or of two compared", command_report},
    {"info", "what ran, how it was measured, what is missing", command_info},
    {"merge", "several profiles as one", command_merge},
    {"convert", "other formats: pb.gz, pb.zst, pb, folded stacks, JSON", command_convert},
    {"symbolize", "fill in functions and lines from the program's files", command_symbolize},
    {"help", "help on a command, or on TALLY_OPTIONS", command_help},
    {NULL, NULL, NULL},
};

const struct command *command_find(const char *name) {
    for (const struct command *at = commands; at->name; at++)
        if (strcmp(at->name, name) == 0)
            return at;
    return NULL;
}

int command_unknown(const char *name) {
    const char *names[sizeof commands / sizeof *commands] = {0};
    for (size_t i = 0; commands[i].name; i++)
        names[i] = commands[i].name;
    const char *nearest = args_nearest(name, names);
    if (nearest)
        return say_error(NULL, "unknown command '%s'; did you mean '%s'?", name, nearest);
    return say_error(NULL, "unknown command '%s' (see 'tally help')", name);
}

static int run(int argc, char **argv) {
    char *help[] = {argc > 0 ? argv[0] : "tally", NULL};
    if (argc < 2) {
        command_help(1, help);
        return say_error(NULL, "no command given");
    }
    const char *name = argv[1];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return command_help(1, help);
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        printf("tally %s\n", TALLY_CLI_VERSION);
        return STATUS_OK;
    }
    if (name[0] == '-')
        return say_error(NULL, "unknown option '%s'; options follow a command (see 'tally help')",
                         name);
    const struct command *command = command_find(name);
    return command ? command->run(argc - 1, argv + 1) : command_unknown(name);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_DFL); /* a parent may have had it ignored */
    setlocale(LC_CTYPE, "");
    return output_finish(run(argc, argv));
}
