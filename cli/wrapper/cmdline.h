/*
 * cmdline.h - what a compiler command line asks for, as far as the wrapper must know.
 *
 *   inputs ──> C family? ──> preprocess ──> compile ──> assemble ──> link
 *              (by -x or     -E -M -MM      -S, -fsyntax-only   -c      else
 *               by suffix)    stop here      stop here          stops here
 */
#ifndef TALLY_WRAPPER_CMDLINE_H
#define TALLY_WRAPPER_CMDLINE_H

#include "string_list.h"

#define TALLY_PLUGIN_ARGUMENT "-fplugin-arg-tally-"

struct command_line {
    bool compiles;      /* some C-family input becomes code: it is to be instrumented */
    bool preprocesses;  /* some C-family input is read: it may include tally/tally.h */
    bool links;         /* an executable or a shared library is made */
    bool links_static;  /* … by -static or -static-pie */
    bool has_plugin;    /* the user loads Tally's plugin himself */
    bool has_dash_dash; /* "--" is among the arguments: all after it are inputs */
    struct string_list plugin_options; /* KEY=VALUE of each -fplugin-arg-tally-KEY=VALUE */
};

/* `arguments`: without the program's name, response files expanded. */
void read_command_line(const struct string_list *arguments, struct command_line *line);

#endif
