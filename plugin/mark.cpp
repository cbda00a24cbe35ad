/* mark.cpp - see mark.h. */
#include "mark.h"

#include "abi.h"
#include "allocators.h"
#include "llvm_versions.h"
#include "locations.h"
#include "options.h"
#include "purity.h"
#include "source.h"
#include "variants.h"

#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/GlobalIFunc.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace tally {

using FunctionSet = SmallPtrSet<const Function *, 16>;

/* Functions with __attribute__((annotate("tally:skip"))) or no_instrument_function. */
static FunctionSet annotatedToSkip(const Module &M) {
    FunctionSet Skipped;
    const GlobalVariable *Annotations = M.getGlobalVariable("llvm.global.annotations");
    const auto *List = Annotations && Annotations->hasInitializer()
                           ? dyn_cast<ConstantArray>(Annotations->getInitializer())
                           : nullptr;
    if (!List)
        return Skipped;
    for (const Use &Entry : List->operands()) {
        const auto *Fields = dyn_cast<ConstantStruct>(Entry);
        const auto *Annotated =
            Fields ? dyn_cast<Function>(Fields->getOperand(0)->stripPointerCasts()) : nullptr;
        const auto *Text =
            Fields ? dyn_cast<GlobalVariable>(Fields->getOperand(1)->stripPointerCasts()) : nullptr;
        const auto *Data = Text && Text->hasInitializer()
                               ? dyn_cast<ConstantDataArray>(Text->getInitializer())
                               : nullptr;
        if (Annotated && Data && Data->isCString() && Data->getAsCString() == "tally:skip")
            Skipped.insert(Annotated);
    }
    return Skipped;
}

/* They run while the program is being relocated: no thread-local storage yet. */
static void addIFuncResolvers(const Module &M, FunctionSet &Skipped) {
    for (const GlobalIFunc &IFunc : M.ifuncs())
        if (const auto *Resolver = dyn_cast<Function>(IFunc.getResolver()->stripPointerCasts()))
            Skipped.insert(Resolver);
}

/* In namespace std, or of a class there that the ABI has an abbreviation for (string, ostream…). */
static bool isInStandardLibrary(StringRef Name) {
    if (!Name.consume_front("_Z"))
        return false;
    if (Name.consume_front("N"))
        Name = Name.ltrim("rVKRO"); /* qualifiers of the method */
    return Name.size() > 1 && Name[0] == 'S' && StringRef("tabsiod").contains(Name[1]);
}

/* Instantiated in the C++ library, lent to the optimiser by its headers. What is called there is
 * not counted, so neither is what is inlined from here. */
static bool isLentByStandardLibrary(const Function &F) {
    return F.hasAvailableExternallyLinkage() && isInStandardLibrary(F.getName());
}

/* Made by some versions of clang around code of others: what they call is their caller's. */
static bool isGlue(const Function &F) {
    return F.getName() == "__clang_call_terminate" ||
           F.getName().contains(".__await_suspend_wrapper__");
}

static bool canBeMarked(const Function &F) {
    return !F.isDeclaration() && !isLentByStandardLibrary(F) && !isGlue(F) &&
           !F.hasFnAttribute(Attribute::Naked) && !F.hasFnAttribute(FunctionAttribute) &&
           !startsWith(F.getName(), "__tally_") && !startsWith(F.getName(), "__cyg_profile_") &&
           !startsWith(F.getName(), "llvm.");
}

FunctionCallee declareMark(Module &M, StringRef Name, FunctionType *Type) {
    FunctionCallee Callee = M.getOrInsertFunction(Name, Type);
    auto *F = cast<Function>(Callee.getCallee());
    F->setOnlyAccessesInaccessibleMemory();
    for (auto Kind :
         {Attribute::NoUnwind, Attribute::WillReturn, Attribute::NoCallback, Attribute::NoFree,
          Attribute::NoSync, Attribute::MustProgress, Attribute::NoMerge})
        F->addFnAttr(Kind);
    return Callee;
}

/* Where a call is no more than weighed, as by the inliner, this one weighs nothing. */
void callMark(IRBuilder<> &Builder, FunctionCallee Mark, ArrayRef<Value *> Arguments) {
    CallInst *Call = Builder.CreateCall(Mark, Arguments);
    Call->addFnAttr(Attribute::get(Builder.getContext(), "call-inline-cost", "0"));
}

static FunctionCallee markOf(Module &M, const SourceInfo &Source) {
    FunctionCallee Mark = declareMark(M, MarkPrefix + Source.LinkageName,
                                      FunctionType::get(Type::getVoidTy(M.getContext()), false));
    Source.writeTo(*cast<Function>(Mark.getCallee()));
    return Mark;
}

static void mark(Function &F, const SourceInfo &Source) {
    Module &M = *F.getParent();
    F.addFnAttr(FunctionAttribute, Source.LinkageName);
    Instruction *First = &*F.getEntryBlock().getFirstInsertionPt();
    while (isa<AllocaInst>(First))
        First = First->getNextNode();
    IRBuilder<> Builder(First);
    if (DISubprogram *Subprogram = F.getSubprogram())
        Builder.SetCurrentDebugLocation(
            DILocation::get(M.getContext(), Subprogram->getLine(), 0, Subprogram));
    callMark(Builder, markOf(M, Source), {});
}

/* A marked body that is inlined into a function without a context of its own could not be counted
 * there. What the bodies that libraries lend call by name is not held to this, since it is not part
 * of the program; but what they call back is. */
static void keepCallsOutOfLine(Function &F) {
    bool IsLent = F.hasAvailableExternallyLinkage();
    for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<CallBase>(&I)) {
            const Function *Callee = Call->getCalledFunction(); /* null: may turn out to be any */
            if (Callee ? !IsLent && Callee->hasFnAttribute(FunctionAttribute)
                       : !Call->isInlineAsm())
                Call->setIsNoInline();
        }
}

/* The function may be inlined and gone before the second stage asks. */
static void noteSkipped(Function &F) {
    LLVMContext &Context = F.getContext();
    MDNode *Name = MDNode::get(
        Context, MDString::get(Context, GlobalValue::dropLLVMManglingEscape(F.getName())));
    F.getParent()->getOrInsertNamedMetadata(SkippedMetadata)->addOperand(Name);
    if (F.hasAvailableExternallyLinkage())
        F.getParent()->getOrInsertNamedMetadata(LentMetadata)->addOperand(Name);
}

/* Two calls made one would be a call by whoever contains both. */
static void keepCallsApart(Function &F, const TargetLibraryInfo &Library) {
    for (Instruction &I : instructions(F))
        if (auto *Call = dyn_cast<CallBase>(&I)) {
            const Function *Callee = Call->getCalledFunction();
            if (!Call->isInlineAsm() && (!Callee || mayCount(*Callee, Library)))
                Call->addFnAttr(Attribute::NoMerge);
        }
}

/* All before the first mark, which must not be copied from one variant into another. */
static std::vector<std::pair<Function *, SourceInfo>> functionsToMark(Module &M) {
    FunctionSet Skipped = annotatedToSkip(M);
    addIFuncResolvers(M, Skipped);
    std::vector<std::pair<Function *, SourceInfo>> Wanted;
    for (Function &F : M) {
        if (!canBeMarked(F) || Skipped.count(&F))
            continue;
        SourceInfo Source = sourceOf(F);
        if (!options().wants(Source.Name, Source.LinkageName, Source.File))
            continue;
        if (makeWhole(F))
            Wanted.push_back({&F, std::move(Source)});
        else
            F.addFnAttr(ForwardAttribute);
    }
    return Wanted;
}

PreservedAnalyses MarkPass::run(Module &M, ModuleAnalysisManager &) {
    addMissingLocations(M);
    TargetLibraryInfoImpl Implementation(tripleOf(M));
    TargetLibraryInfo Library(Implementation);
    std::vector<std::pair<Function *, SourceInfo>> Wanted = functionsToMark(M);
    markAllocations(M); /* of whole bodies, each once */
    for (auto &[F, Source] : Wanted) {
        keepCallsApart(*F, Library);
        mark(*F, Source);
    }
    for (Function &F : M)
        if (!F.isDeclaration() && !F.hasFnAttribute(FunctionAttribute)) {
            noteSkipped(F);
            keepCallsOutOfLine(F);
        }
    dropPurity(M);
    return PreservedAnalyses::none();
}

} // namespace tally
