/*
 * response.h - @file arguments, which stand for the arguments written in a file.
 *
 * Build systems use them where a command line would be too long (CMake, Meson and libtool do, at
 * links above all). What is in them decides as much as what is on the command line: whether there
 * is a -c, which inputs there are, which options are the plugin's. So every argument is looked at
 * in its expanded form; what the compiler is handed is decided in compose.c.
 */
#ifndef TALLY_WRAPPER_RESPONSE_H
#define TALLY_WRAPPER_RESPONSE_H

#include "string_list.h"

/*
 * Adds `arguments` to `expanded`, each @file replaced by what the file holds, files within files
 * too. An @file that cannot be read stays as it is: compilers then take it for an input's name, and
 * say what is wrong with it better than we could. Returns whether anything was replaced.
 */
bool expand_response_files(const struct string_list *arguments, struct string_list *expanded);

#endif
