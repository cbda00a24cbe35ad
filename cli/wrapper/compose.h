/*
 * compose.h - the command that is run in the end.
 *
 * All that was found out comes together here: where Tally is (installation.h), which compiler does
 * the work (compiler.h), what it is asked to do (cmdline.h). Invariants: the user's arguments keep
 * their order and meaning; nothing is added to a command that neither reads C-family sources nor
 * links; response files are handed on as they are unless an argument in one has to be taken out.
 */
#ifndef TALLY_WRAPPER_COMPOSE_H
#define TALLY_WRAPPER_COMPOSE_H

#include "cmdline.h"
#include "compiler.h"

/*
 * Adds to `command` the compiler, the user's arguments and what Tally adds. `arguments` is what the
 * user wrote, `expanded` the same with response files opened.
 */
void compose_command(const struct installation *installation, const struct compiler *compiler,
                     const struct command_line *line, const struct string_list *arguments,
                     const struct string_list *expanded, struct string_list *command);

#endif
