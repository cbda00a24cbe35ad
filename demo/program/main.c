/*
 * main.c - tally-demo: programs to learn Tally on.
 *
 * Finds the command and hands over to it. A new one is a line in `commands`.
 */
#include "common/message.h"
#include "program/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
    {"documents", "normalise, hash and find the keywords of text documents", documents_command},
    {"orders", "validate and price the orders of a shop, the urgent ones first", orders_command},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static void print_help(void) {
    printf("usage: tally-demo COMMAND [OPTION...]\n"
           "\n"
           "Programs to learn Tally on: real work, with faults that a profile shows.\n"
           "\n"
           "commands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("  %-12s %s\n", commands[i].name, commands[i].purpose);
    }
    printf("\n"
           "  -h, --help     show this help; after a command, the command's\n"
           "      --version  show the version\n");
}

int finish_output(void) {
    if (fflush(stdout) != 0 || ferror(stdout)) {
        message_print("standard output: %s", strerror(errno));
        return STATUS_FAILED;
    }
    return STATUS_OK;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        message_print("no command given; see tally-demo --help");
        return STATUS_BAD_INPUT;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        print_help();
        return finish_output();
    }
    if (strcmp(word, "--version") == 0) {
        printf("tally-demo %s\n", TALLY_DEMO_VERSION);
        return finish_output();
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(word, commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    message_print("unknown %s '%s'; see tally-demo --help", word[0] == '-' ? "option" : "command",
                  word);
    return STATUS_BAD_INPUT;
}
