/*
 * compiler.h - which compiler the wrapper becomes.
 *
 *   TALLY_CC / TALLY_CXX set ──> that one; it is asked whether it is clang (which) or gcc
 *   else                     ──> the newest clang-N in PATH that has a plugin, else plain `clang`
 */
#ifndef TALLY_WRAPPER_COMPILER_H
#define TALLY_WRAPPER_COMPILER_H

#include "installation.h"

enum compiler_family { COMPILER_CLANG, COMPILER_GCC };

struct compiler {
    enum compiler_family family;
    unsigned major_version;
    struct string_list command; /* the first words of the command to run: "ccache", "clang-16" */
};

/* Ends the process with a message if there is none that Tally can work with. */
void choose_compiler(const struct installation *installation, bool cxx, struct compiler *compiler);

#endif
