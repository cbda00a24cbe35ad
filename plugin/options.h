/*
 * options.h - what the plugin is told: -fplugin-arg-tally-KEY=VALUE, and what follows from it.
 *
 *   exclude=GLOB       functions that are not instrumented, by source or linkage name
 *   exclude-file=GLOB  … all functions of source files so named (path as given to the compiler)
 *   include=GLOB       only these functions; include-file=GLOB only those of these files
 *
 *   timing=exact|adaptive|off  fixed for this code, whatever TALLY_OPTIONS says; code that is to be
 *                      timed exactly, or not at all, is smaller so
 *
 * Patterns may be given several times. An exclusion wins over an inclusion. `*` matches any
 * characters, also `/`; a file pattern without a slash at its start matches the end of the path as
 * well.
 */
#pragma once

#include "tally/abi.h"

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

    tally_timing timing() const { return Timing; }

    /* As given, separated by spaces: recorded in the profile. */
    const std::string &text() const { return Text; }

  private:
    std::string addTiming(llvm::StringRef Value);

    using Globs = std::vector<llvm::GlobPattern>;
    Globs Include, Exclude, IncludeFile, ExcludeFile;
    tally_timing Timing = TALLY_TIMING_ANY;
    /* GlobPattern refers to its text. */
    std::vector<std::unique_ptr<std::string>> Kept;
    std::string Text;
};

/* The options of this compilation: set by the frontend, read by the passes. */
Options &options();

} // namespace tally
