/*
 * options.h - what the plugin is told: -fplugin-arg-tally-KEY=VALUE, and what follows from it.
 *
 *   exclude=GLOB       functions that are not instrumented, by source or linkage name
 *   exclude-file=GLOB  … all functions of source files so named (path as given to the compiler)
 *   include=GLOB       only these functions; include-file=GLOB only those of these files
 *
 * Each may be given several times. An exclusion wins over an inclusion. `*` matches any characters,
 * also `/`; a file pattern without a slash at its start matches the end of the path as well.
 */
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/GlobPattern.h"

#include <string>
#include <vector>

namespace tally {

class Options {
  public:
    /* Takes one KEY=VALUE. Returns the complaint, or "" if it was understood. */
    std::string add(llvm::StringRef Argument);

    bool wants(llvm::StringRef Name, llvm::StringRef LinkageName, llvm::StringRef File) const;

    /* As given, separated by spaces: recorded in the profile. */
    const std::string &text() const { return Text; }

  private:
    using Globs = std::vector<llvm::GlobPattern>;
    Globs Include, Exclude, IncludeFile, ExcludeFile;
    /* GlobPattern refers to its text. */
    std::vector<std::unique_ptr<std::string>> Kept;
    std::string Text;
};

/* The options of this compilation: set by the frontend, read by the passes. */
Options &options();

} // namespace tally
