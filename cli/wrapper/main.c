/*
 * main.c - tally-cc and tally-c++: a compiler that makes programs Tally can profile.
 *
 *   tally-cc -O2 -c a.c        clang-19 -fplugin=…/tally.so -idirafter … -O2 -c a.c
 *   tally-cc -o app a.o        clang-19 -o app a.o -L… -ltally -Xlinker -rpath …
 *
 * It reads the arguments as a compiler driver would (cmdline.c), finds the compiler to use
 * (compiler.c), puts in what Tally needs (compose.c) and becomes that compiler: no process of its
 * own stays, the exit status and all output are the compiler's. Called by a name that ends in "++"
 * it is a C++ compiler. --tally-show prints the command in place of running it.
 *
 * Its own errors are one line on stderr and exit status 2; what is wrong with the user's arguments
 * is left to the compiler to say.
 */
#include "cmdline.h"
#include "compiler.h"
#include "compose.h"
#include "response.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help_text[] =
    "Usage: %s [compiler arguments]\n"
    "Compiles and links C and C++ with Tally: the newest clang that Tally has a plugin for does\n"
    "the work, and its arguments are the ones to use.\n"
    "\n"
    "  --tally-show    print the command that would be run\n"
    "  --tally-help    print this text\n"
    "  -fplugin-arg-tally-KEY=VALUE    an option of the plugin, such as a filter, or\n"
    "                         which functions allocate (alloc=, free=)\n"
    "\n"
    "  TALLY_CC, TALLY_CXX    the C and C++ compiler to use: a clang that Tally has a plugin for,\n"
    "                         or a gcc, which instruments by -finstrument-functions and knows\n"
    "                         the filters exclude=NAME and exclude-file=NAME only\n";

/* One word of a shell command. */
static void print_quoted(const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_=+./,:@%^";
    if (*word && !word[strspn(word, plain)]) {
        fputs(word, stdout);
        return;
    }
    putchar('\'');
    for (; *word; word++) {
        if (*word == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*word);
    }
    putchar('\'');
}

static void print_command(const struct string_list *command) {
    for (size_t i = 0; i < command->count; i++) {
        if (i)
            putchar(' ');
        print_quoted(command->items[i]);
    }
    putchar('\n');
    if (fflush(stdout) != 0)
        fail("cannot write the command: %m");
}

static bool take_own_options(int argc, char **argv, struct string_list *arguments) {
    bool show = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--tally-help") == 0) {
            printf(help_text, base_name(argv[0]));
            exit(EXIT_SUCCESS);
        }
        if (strcmp(argv[i], "--tally-show") == 0)
            show = true;
        else if (has_prefix(argv[i], "--tally-"))
            fail("unknown option %s (there are --tally-show and --tally-help)", argv[i]);
        else
            string_list_add(arguments, argv[i]);
    }
    return show;
}

int main(int argc, char **argv) {
    static struct string_list arguments, expanded, command;
    static struct installation installation;
    static struct compiler compiler;
    static struct command_line line;
    bool show, cxx = argc > 0 && has_suffix(argv[0], "++");

    set_program_name(cxx ? "tally-c++" : "tally-cc");
    show = take_own_options(argc, argv, &arguments);
    expand_response_files(&arguments, &expanded);
    read_command_line(&expanded, &line);
    find_installation(&installation);
    choose_compiler(&installation, cxx, &compiler);
    compose_command(&installation, &compiler, &line, &arguments, &expanded, &command);
    if (show) {
        print_command(&command);
        return EXIT_SUCCESS;
    }
    execvp(command.items[0], command.items);
    fail("cannot run %s: %m", command.items[0]);
}
