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
 *   alloc=GLOB         functions that hand out memory of the program's own (allocators.h): they
 *   alloc=GLOB:size=N  return a block, of as many bytes as argument N says, or the product of two
 *   alloc=GLOB:size=N*M  (counted from 1 as alloc_size does, `this` being one); where none is
 *                      given, as alloc_size says if it is declared so, else of 0 bytes
 *   free=GLOB          functions that take such a block back, which is their first argument
 *   free=GLOB:ptr=N    … or argument N
 *   alloc-attributes=on|off  whether functions declared with alloc_size are allocators by that
 *
 * Patterns may be given several times. An exclusion wins over an inclusion; of several alloc= for
 * a function, or free=, the first counts. `*` matches any characters, also `/`; a file pattern
 * without a slash at its start matches the end of the path as well.
 */
#pragma once

#include "tally/abi.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/GlobPattern.h"

#include <string>
#include <vector>

namespace tally {

/* Arguments whose product is the size of what a function allocates, counted from 1. 0: none. */
struct AllocatedSize {
    unsigned Size = 0, Count = 0;
};

class Options {
  public:
    /* Takes one KEY=VALUE. Returns the complaint, or "" if it was understood. */
    std::string add(llvm::StringRef Argument);

    bool wants(llvm::StringRef Name, llvm::StringRef LinkageName, llvm::StringRef File) const;

    tally_timing timing() const { return Timing; }

    /* Null if the function was not named as an allocator. */
    const AllocatedSize *allocator(llvm::StringRef Name, llvm::StringRef LinkageName) const;
    /* Which argument it takes back, counted from 1; 0: none. */
    unsigned freedArgument(llvm::StringRef Name, llvm::StringRef LinkageName) const;
    bool usesAttributes() const { return UsesAttributes; }
    bool hasAllocators() const { return UsesAttributes || !Allocators.empty() || !Freers.empty(); }

    /* As given, separated by spaces: recorded in the profile. */
    const std::string &text() const { return Text; }

  private:
    using Globs = std::vector<llvm::GlobPattern>;
    template <typename What> struct Named {
        Globs Functions; /* one */
        What Is;
    };

    std::string addTiming(llvm::StringRef Value);
    std::string addAttributes(llvm::StringRef Value);
    std::string addAllocator(llvm::StringRef Argument, llvm::StringRef Value);
    std::string addFreer(llvm::StringRef Argument, llvm::StringRef Value);
    std::string addGlob(Globs &To, llvm::StringRef Argument, std::string Pattern);
    std::string addPattern(llvm::StringRef Argument, llvm::StringRef Key, llvm::StringRef Value);

    Globs Include, Exclude, IncludeFile, ExcludeFile;
    std::vector<Named<AllocatedSize>> Allocators;
    std::vector<Named<unsigned>> Freers;
    bool UsesAttributes = true;
    tally_timing Timing = TALLY_TIMING_ANY;
    /* GlobPattern refers to its text. */
    std::vector<std::unique_ptr<std::string>> Kept;
    std::string Text;
};

/* The options of this compilation: set by the frontend, read by the passes. */
Options &options();

} // namespace tally
