/* describe.cpp - see describe.h. */
#include "describe.h"

#include "names.h"
#include "options.h"

using namespace llvm;

namespace tally {

Description::Description(Function &F, const SourceInfo &Own, const LeftOut &Left)
    : F(F), M(*F.getParent()), Left(Left) {
    Scopes.push_back({sourceConstant(M, Own), TALLY_NO_INDEX, 0});
}

/* The innermost location of the chain that is in a function that is shown. */
const DILocation *Description::shown(const DILocation *Location) const {
    while (Location && Location->getInlinedAt() &&
           Left.Skipped.count(linkageNameOf(*Location->getScope()->getSubprogram())))
        Location = Location->getInlinedAt();
    return Location;
}

/* Whether the code is part of, or was inlined into, a body that a library lent. */
bool Description::isLent(const DILocation *Location) const {
    for (; Location; Location = Location->getInlinedAt())
        if (Left.Lent.count(linkageNameOf(*Location->getScope()->getSubprogram())))
            return true;
    return false;
}

/* Whether the code is of a constructor or destructor and was inlined into another variant of it: a
 * part of the same body, not a call (variants.h). */
static bool isDelegation(const DILocation *Location) {
    const DILocation *InlinedAt = Location ? Location->getInlinedAt() : nullptr;
    return InlinedAt && areVariants(linkageNameOf(*Location->getScope()->getSubprogram()),
                                    linkageNameOf(*InlinedAt->getScope()->getSubprogram()));
}

/* The scope of code that was inlined at `InlinedAt`; null is the function's own. */
unsigned Description::scopeAt(const DILocation *InlinedAt, const SourceInfo &Source) {
    if (!InlinedAt)
        return 0;
    auto Known = ScopeByInlining.find(InlinedAt);
    if (Known != ScopeByInlining.end())
        return Known->second;
    unsigned Parent = scopeOf(InlinedAt);
    Scopes.push_back({sourceConstant(M, Source), Parent, shown(InlinedAt)->getLine()});
    return ScopeByInlining[InlinedAt] = Scopes.size() - 1;
}

unsigned Description::scopeOf(const DILocation *Location) {
    Location = shown(Location);
    while (isDelegation(Location))
        Location = shown(Location->getInlinedAt());
    if (!Location || !Location->getInlinedAt())
        return 0;
    return scopeAt(Location->getInlinedAt(), sourceOf(*Location->getScope()->getSubprogram()));
}

unsigned Description::addSite(const CallBase &Call) {
    const DILocation *Location = shown(Call.getDebugLoc());
    SiteKey Key = {Location, Call.getCalledOperand()};
    auto Known = SiteByCall.find(Key);
    if (Location && Location->getLine() && Known != SiteByCall.end())
        return Known->second;
    if (!hasRoom())
        return TALLY_NO_INDEX;
    Sites.push_back({scopeOf(Location), Location ? Location->getLine() : 0});
    return SiteByCall[Key] = Sites.size() - 1;
}

unsigned Description::scopeOfBody(const DILocation *Location, const SourceInfo &Source) {
    if (Location && Location->getInlinedAt() &&
        canonicalName(linkageNameOf(*Location->getScope()->getSubprogram())) == Source.LinkageName)
        return scopeAt(Location->getInlinedAt(), Source);
    return scopeCalledAt(Location, Source);
}

unsigned Description::scopeCalledAt(const DILocation *Location, const SourceInfo &Source) {
    unsigned Parent = scopeOf(Location), Line = Location ? shown(Location)->getLine() : 0;
    auto [Known, New] = ScopeByName.try_emplace({Parent, Line, Source.LinkageName}, Scopes.size());
    if (New)
        Scopes.push_back({sourceConstant(M, Source), Parent, Line});
    return Known->second;
}

unsigned Description::counterOf(unsigned Scope) {
    auto Known = CounterByScope.find(Scope);
    if (Known != CounterByScope.end())
        return Known->second;
    if (!hasRoom())
        return TALLY_NO_INDEX;
    Counters.push_back({Scope, 0});
    return CounterByScope[Scope] = Counters.size() - 1;
}

unsigned Description::addInlined(const Instruction &Mark, const SourceInfo &Source) {
    if (isLent(Mark.getDebugLoc()))
        return TALLY_NO_INDEX;
    return counterOf(scopeOfBody(Mark.getDebugLoc(), Source));
}

unsigned Description::addRound(const Instruction &Mark, const SourceInfo &Source) {
    if (isLent(Mark.getDebugLoc()))
        return TALLY_NO_INDEX;
    return counterOf(scopeCalledAt(Mark.getDebugLoc(), Source));
}

/* A section of its own lets a linker that collects garbage drop what is said of a function together
 * with the function. One that drops a group because another object has the same (the initialiser of
 * an inline variable, a local symbol in that variable's group) would complain of what still refers
 * to its inside; so there it is in the group. Functions with names are left out of this, since they
 * may be inlined in objects where their group is not the one that stays. */
static void placeWith(const Function &F, GlobalVariable &Global) {
    Global.setSection(
        (".data.rel.ro.tally." + GlobalValue::dropLLVMManglingEscape(F.getName())).str());
    if (F.hasLocalLinkage())
        Global.setComdat(const_cast<Comdat *>(F.getComdat()));
}

GlobalVariable *Description::declare(Function &F) {
    LLVMContext &Context = F.getContext();
    Type *Pointer = bytePointer(Context), *Word = Type::getInt32Ty(Context);
    Type *Half = Type::getInt16Ty(Context);
    StructType *Type = StructType::get(
        Context, {Pointer, Pointer, Pointer, Pointer, Pointer, Word, Word, Word, Word, Half, Half});
    auto *Global = new GlobalVariable(*F.getParent(), Type, true, GlobalValue::PrivateLinkage,
                                      nullptr, "__tally_function." + F.getName());
    placeWith(F, *Global);
    return Global;
}

static Constant *arrayConstant(Module &M, Type *Element, ArrayRef<Constant *> Values,
                               const Twine &Name) {
    PointerType *Pointer = bytePointer(M.getContext());
    if (Values.empty())
        return ConstantPointerNull::get(Pointer);
    Constant *Data = ConstantArray::get(ArrayType::get(Element, Values.size()), Values);
    auto *Global =
        new GlobalVariable(M, Data->getType(), true, GlobalValue::PrivateLinkage, Data, Name);
    return ConstantExpr::getPointerCast(Global, Pointer);
}

Constant *Description::table(ArrayRef<Entry> Entries, StringRef Name) {
    Type *Word = Type::getInt32Ty(M.getContext());
    SmallVector<Constant *, 16> Words;
    for (const Entry &E : Entries) {
        Words.push_back(ConstantInt::get(Word, E.Scope));
        Words.push_back(ConstantInt::get(Word, E.Value));
    }
    return arrayConstant(M, Word, Words, Name + "." + F.getName());
}

Constant *Description::scopeTable() {
    LLVMContext &Context = M.getContext();
    Type *Pointer = bytePointer(Context), *Word = Type::getInt32Ty(Context);
    StructType *Type = StructType::get(Context, {Pointer, Word, Word});
    SmallVector<Constant *, 8> Values;
    for (const Scope &S : Scopes)
        Values.push_back(ConstantStruct::get(
            Type, {ConstantExpr::getPointerCast(S.Source, bytePointer(Context)),
                   ConstantInt::get(Word, S.Parent), ConstantInt::get(Word, S.CallLine)}));
    return arrayConstant(M, Type, Values, "__tally_scopes." + F.getName());
}

void Description::define(GlobalVariable &Global, const Cells &Shared) {
    for (size_t I = 0; I < Counters.size(); I++)
        Counters[I].Value = Shared.OfCounter[I];
    auto *Type = cast<StructType>(Global.getValueType());
    auto *Word = llvm::Type::getInt32Ty(M.getContext());
    auto *Half = llvm::Type::getInt16Ty(M.getContext());
    PointerType *Pointer = bytePointer(M.getContext());
    auto Count = [&](size_t N) { return ConstantInt::get(Word, N); };
    Global.setInitializer(ConstantStruct::get(
        Type,
        {ConstantExpr::getPointerCast(Scopes[0].Source, Pointer),
         ConstantExpr::getPointerCast(&F, Pointer), scopeTable(), table(Sites, "__tally_sites"),
         table(Counters, "__tally_counters"), Count(Scopes.size()), Count(Sites.size()),
         Count(Counters.size()), Count(Shared.Count), ConstantInt::get(Half, options().timing()),
         ConstantInt::get(Half, 0)}));
}

} // namespace tally
