/*
 * describe.h - collects what a `struct tally_function` says: its scopes, call sites and counters,
 * and makes the constant.
 *
 * Scopes follow the inlining that debug information records: each distinct inlinedAt is one. A
 * mark that does not say where it was inlined (no debug information, or two marks became one and
 * their location what both had in common) gives a scope directly under the one it stands in.
 */
#pragma once

#include "cells.h"
#include "source.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/IR/InstrTypes.h"

#include "abi.h"

#include <map>

namespace tally {

/* Linkage names of functions that are not instrumented. What was inlined from them is shown as the
 * caller's; what was inlined into lent ones, bodies of the library's own, is not shown at all. */
struct LeftOut {
    llvm::StringSet<> Skipped, Lent;
};

class Description {
  public:
    Description(llvm::Function &F, const SourceInfo &Own, const LeftOut &Left);

    /* Index of the site of this call, the same for copies of one call of the source; or
     * TALLY_NO_INDEX when the function has no room for more. */
    unsigned addSite(const llvm::CallBase &Call);
    /* Index of the counter of the inlined body that the mark stands for; likewise; also if it is
     * not to be counted. */
    unsigned addInlined(const llvm::Instruction &Mark, const SourceInfo &Source);
    /* Index of the counter of the calls of `Source` that became jumps back to its start, where the
     * mark is; likewise. They are shown as if each had been inlined there. */
    unsigned addRound(const llvm::Instruction &Mark, const SourceInfo &Source);

    unsigned sites() const { return Sites.size(); }
    unsigned counters() const { return Counters.size(); }

    /* `Function` is filled in now; it was declared first so that code can refer to it. */
    static llvm::GlobalVariable *declare(llvm::Function &F);
    void define(llvm::GlobalVariable &Function, const Cells &Shared);

  private:
    struct Scope {
        llvm::Constant *Source;
        unsigned Parent, CallLine;
    };
    struct Entry {
        unsigned Scope, Value; /* a site's line, a counter's cell */
    };
    using SiteKey = std::pair<const llvm::DILocation *, const llvm::Value *>;

    const llvm::DILocation *shown(const llvm::DILocation *Location) const;
    bool isLent(const llvm::DILocation *Location) const;
    unsigned scopeOf(const llvm::DILocation *Location);
    unsigned scopeAt(const llvm::DILocation *InlinedAt, const SourceInfo &Source);
    unsigned scopeOfBody(const llvm::DILocation *Location, const SourceInfo &Source);
    unsigned scopeCalledAt(const llvm::DILocation *Location, const SourceInfo &Source);
    unsigned counterOf(unsigned Scope);
    bool hasRoom() const { return Sites.size() + Counters.size() < TALLY_MAX_SLOTS; }
    llvm::Constant *table(llvm::ArrayRef<Entry> Entries, llvm::StringRef Name);
    llvm::Constant *scopeTable();

    llvm::Function &F;
    llvm::Module &M;
    const LeftOut &Left;
    llvm::SmallVector<Scope, 4> Scopes;
    llvm::SmallVector<Entry, 8> Sites, Counters;
    llvm::DenseMap<const llvm::DILocation *, unsigned> ScopeByInlining;
    /* Bodies whose mark does not say where it was inlined, by the scope and line they are at. */
    std::map<std::tuple<unsigned, unsigned, std::string>, unsigned> ScopeByName;
    std::map<SiteKey, unsigned> SiteByCall;
    std::map<unsigned, unsigned> CounterByScope;
};

} // namespace tally
