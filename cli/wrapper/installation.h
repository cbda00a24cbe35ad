/*
 * installation.h - where the parts of Tally are that belong to this wrapper.
 *
 *   PREFIX/bin/tally-cc                        this program, wherever it was moved to
 *   PREFIX/include/tally/tally.h               for programs that talk to the runtime
 *   PREFIX/lib/libtally.so, libtally.a         the runtime
 *   PREFIX/lib/tally/llvm-14/tally.so          the compiler plugin, one for each LLVM
 *
 * The build directory has the same shape.
 */
#ifndef TALLY_WRAPPER_INSTALLATION_H
#define TALLY_WRAPPER_INSTALLATION_H

#include "string_list.h"

enum { MAX_PLUGINS = 32 };

struct installation {
    const char *executable;              /* this program, links resolved */
    const char *include_directory;       /* PREFIX/include */
    const char *library_directory;       /* PREFIX/lib, or what stands for it on this system */
    unsigned llvm_versions[MAX_PLUGINS]; /* that have a plugin, newest first */
    size_t n_llvm_versions;
};

void find_installation(struct installation *installation);

const char *plugin_path(const struct installation *installation, unsigned llvm_version);
bool has_plugin_for(const struct installation *installation, unsigned llvm_version);

/* "14, 16, 19", for messages; "none" if there is none. */
const char *plugin_versions_text(const struct installation *installation);

#endif
