/*
 * describe.h - collects what a `struct tally_function` says: its scopes, call sites and counters,
 * and makes the constant.
 *
 * Scopes follow the inlining that debug information records: each distinct inlinedAt is one. A
 * mark without debug information gives a scope of its own directly under the function.
 */
#pragma once

#include "source.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/InstrTypes.h"

#include "abi.h"

#include <map>

namespace tally {

class Description {
  public:
    Description(llvm::Function &F, const SourceInfo &Own);

    /* Index of the site of this call, the same for copies of one call of the source; or
     * TALLY_NO_INDEX when the function has no room for more. */
    unsigned addSite(const llvm::CallBase &Call);
    /* Index of the counter of the inlined body that the mark stands for; likewise. */
    unsigned addInlined(const llvm::Instruction &Mark, const SourceInfo &Source);
    /* Index of the counter of the function's own repeated runs; likewise. */
    unsigned addSelf();

    unsigned sites() const { return Sites.size(); }

    /* `Function` is filled in now; it was declared first so that code can refer to it. */
    static llvm::GlobalVariable *declare(llvm::Function &F);
    void define(llvm::GlobalVariable &Function);

  private:
    struct Scope {
        llvm::Constant *Source;
        unsigned Parent, CallLine;
    };
    struct Entry {
        unsigned Scope, Value; /* a site's line, a counter's kind */
    };
    using SiteKey = std::pair<const llvm::DILocation *, const llvm::Value *>;
    using InlinedKey = std::pair<const llvm::DILocation *, std::string>;

    unsigned scopeOf(const llvm::DILocation *Location);
    unsigned scopeAt(const llvm::DILocation *InlinedAt, const SourceInfo &Source);
    bool hasRoom() const { return Sites.size() + Counters.size() < TALLY_MAX_SLOTS; }
    llvm::Constant *table(llvm::ArrayRef<Entry> Entries, llvm::StringRef Name);
    llvm::Constant *scopeTable();

    llvm::Function &F;
    llvm::Module &M;
    llvm::SmallVector<Scope, 4> Scopes;
    llvm::SmallVector<Entry, 8> Sites, Counters;
    llvm::DenseMap<const llvm::DILocation *, unsigned> ScopeByInlining;
    std::map<std::string, unsigned> ScopeByName; /* of bodies without debug information */
    std::map<SiteKey, unsigned> SiteByCall;
    std::map<unsigned, unsigned> CounterByScope;
};

} // namespace tally
