/*
 * cmd_help.c - `tally help`: the commands, one command, or the settings of the runtime.
 *
 * Each command prints its own help from its option tables; the settings come from the table that
 * the runtime's parser is made from, so none of them is written down twice.
 */
#include "commands.h"
#include "output.h"
#include "say.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name, *type, *fallback, *help;
} options[] = {
#define TALLY_OPTION(name, type, fallback, help) {#name, #type, fallback, help},
#include "tally/options.def"
#undef TALLY_OPTION
};

enum { MARGIN = 4, LINE = 79 };

static int help_options(void) {
    printf("Settings of a profiled program, in its environment:\n\n"
           "  TALLY_OPTIONS=name=value:name=value ./program\n\n");
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        printf("  %s (%s, default: %s)\n", options[i].name, options[i].type,
               *options[i].fallback ? options[i].fallback : "empty");
        printf("%*s", MARGIN, "");
        output_wrapped(options[i].help, MARGIN, LINE);
    }
    printf("\nsetuid programs ignore TALLY_OPTIONS.\n");
    return STATUS_OK;
}

static int help_all(void) {
    printf("tally - reads exact call and heap profiles, and any other pprof profile\n\n"
           "Usage:\n  tally COMMAND [OPTIONS] [PROFILE]\n\nCommands:\n");
    for (const struct command *at = commands; at->name; at++)
        printf("  %-11s %s\n", at->name, at->summary);
    printf("\nPROFILE is a .tally directory, or a pprof file (.pb.gz, .pb.zst or plain) from any\n"
           "program; - is standard input. Without it the newest *.tally here is read.\n\n"
           "  tally help COMMAND   options of a command\n"
           "  tally help options   settings of profiled programs (TALLY_OPTIONS)\n"
           "  tally --version      the version\n\n"
           "Exit status: 0, or 2 for wrong usage, unreadable input and output that was lost;\n"
           "of leaks also what --error-exitcode says, of check also 1 and 3.\n");
    return STATUS_OK;
}

int command_help(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help_all();
    if (argc > 2)
        return say_error("help", "one argument too many: '%s'", argv[2]);
    if (strcmp(argv[1], "options") == 0)
        return help_options();
    const struct command *command = command_find(argv[1]);
    if (!command)
        return command_unknown(argv[1]);
    if (command->run == command_help)
        return help_all();
    char help[] = "--help";
    char *arguments[] = {argv[1], help, NULL};
    return command->run(2, arguments);
}
