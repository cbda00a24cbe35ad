/* instrument.cpp - see instrument.h. */
#include "instrument.h"

#include "abi.h"
#include "allocators.h"
#include "cells.h"
#include "describe.h"
#include "expand.h"
#include "llvm_versions.h"
#include "locations.h"
#include "options.h"
#include "purity.h"
#include "source.h"
#include "unit.h"
#include "variants.h"

#include "llvm/ADT/DepthFirstIterator.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace tally {

namespace {

struct Mark {
    CallBase *Call;
    SourceInfo Source;
};

/* Where things are in a function, found before anything in it is changed. */
struct Places {
    SmallVector<Mark, 4> Own, Inlined, Rounds;
    SmallVector<CallBase *, 16> Calls;      /* that may reach instrumented code */
    SmallVector<CallBase *, 4> Allocations; /* marks of where the program's own allocators return */
    SmallVector<CallBase *, 4> Frees;       /* … and of where they are called to take back */
    SmallVector<CallInst *, 4> Jumps;       /* the function is left by these */
    SmallVector<Instruction *, 4> Returns;  /* … and by these */
    SmallVector<Instruction *, 4> Landings; /* first instruction after frames may have gone */
};

class Instrumenter {
  public:
    Instrumenter(Function &F, const TargetLibraryInfo &Library, const LeftOut &Left)
        : F(F), Library(Library), Left(Left) {}
    /* Returns whether the function is an instrumented one now. Marks are gone either way. */
    bool run();

  private:
    void find();
    void instrument(const SourceInfo &Source);
    void findCall(CallBase &Call);
    bool calledBack(const CallBase &Call) const;
    bool isJump(const CallInst &Call) const;
    void tellCopiesFromEntry();
    std::vector<Counted> countersOf(Description &Described);

    Function &F;
    const TargetLibraryInfo &Library;
    const LeftOut &Left;
    Places P;
};

} // namespace

static const Function *calleeNamed(const CallBase &Call, StringRef Prefix) {
    const Function *Callee = Call.getCalledFunction();
    return Callee && startsWith(Callee->getName(), Prefix) ? Callee : nullptr;
}

/* Whether a call may come back into instrumented code. LLVM knows the C library's functions; of
 * those that only touch what they are given, none calls anybody. */
bool Instrumenter::calledBack(const CallBase &Call) const {
    LibFunc Known;
    if (const auto *Assembly = dyn_cast<InlineAsm>(Call.getCalledOperand()))
        return StringRef(Assembly->getAsmString()).contains("call");
    const Function *Callee = Call.getCalledFunction();
    if (!Callee)
        return true;
    if (Callee->isIntrinsic())
        return Callee->getName().contains("memcpy.element") /* a call in disguise */;
    if (!Callee->isDeclaration() || !Library.getLibFunc(*Callee, Known))
        return true;
    return !Callee->onlyAccessesArgMemory() && !Callee->doesNotAccessMemory();
}

/* Whether the thread may have run something else when this returns: after setjmp, functions that
 * were called since are gone; after swapcontext, others were running on another stack. */
static bool comesBackChanged(const CallInst &Call) {
    const Function *Callee = Call.getCalledFunction();
    return Call.hasFnAttr(Attribute::ReturnsTwice) ||
           (Callee && (Callee->getName() == "swapcontext" || Callee->getName() == "getcontext"));
}

/* The next instruction that becomes code. */
static const Instruction *nextReal(const Instruction &I) {
    const Instruction *Next = I.getNextNonDebugInstruction();
    while (const auto *Marker = dyn_cast_or_null<IntrinsicInst>(Next)) {
        if (!Marker->isLifetimeStartOrEnd() && !Marker->isAssumeLikeIntrinsic())
            break;
        Next = Next->getNextNonDebugInstruction();
    }
    return Next;
}

/* A call after which the function does nothing but return what it returned, and which the code
 * generator therefore makes a jump. */
bool Instrumenter::isJump(const CallInst &Call) const {
    if (Call.isMustTailCall())
        return true;
    if (!Call.isTailCall() || !calledBack(Call) ||
        F.getFnAttribute("disable-tail-calls").getValueAsBool())
        return false;
    const auto *Return = dyn_cast_or_null<ReturnInst>(nextReal(Call));
    return Return && (!Return->getReturnValue() || Return->getReturnValue() == &Call);
}

void Instrumenter::findCall(CallBase &Call) {
    if (const Function *Callee = calleeNamed(Call, RoundPrefix)) {
        P.Rounds.push_back({&Call, SourceInfo::readFrom(*Callee)});
        return;
    }
    if (const Function *Callee = calleeNamed(Call, MarkPrefix)) {
        SourceInfo Source = SourceInfo::readFrom(*Callee);
        const DILocation *Location = Call.getDebugLoc();
        bool Own = F.getFnAttribute(FunctionAttribute).getValueAsString() == Source.LinkageName &&
                   !(Location && Location->getInlinedAt());
        (Own ? P.Own : P.Inlined).push_back({&Call, std::move(Source)});
        return;
    }
    if (isAllocationMark(Call) || isFreeMark(Call)) {
        (isFreeMark(Call) ? P.Frees : P.Allocations).push_back(&Call);
        return;
    }
    auto *Plain = dyn_cast<CallInst>(&Call);
    if (Plain && isJump(*Plain))
        P.Jumps.push_back(Plain);
    else if (calledBack(Call))
        P.Calls.push_back(&Call);
    if (Plain && comesBackChanged(*Plain))
        P.Landings.push_back(Plain->getNextNode());
}

static bool leavesByJump(const ReturnInst &Return, ArrayRef<CallInst *> Jumps) {
    for (const CallInst *Jump : Jumps)
        for (const Instruction *I = Jump->getNextNode(); I; I = I->getNextNode())
            if (I == &Return)
                return true;
    return false;
}

void Instrumenter::find() {
    SmallVector<ReturnInst *, 4> Returns;
    for (Instruction &I : instructions(F)) {
        if (auto *Call = dyn_cast<CallBase>(&I))
            findCall(*Call);
        else if (auto *Return = dyn_cast<ReturnInst>(&I))
            Returns.push_back(Return);
        else if (isa<LandingPadInst>(I))
            P.Landings.push_back(I.getNextNode());
    }
    for (ReturnInst *Return : Returns)
        if (!leavesByJump(*Return, P.Jumps))
            P.Returns.push_back(Return);
}

/* Where a body was inlined into itself and nothing tells of it (no debug information), there is
 * more than one mark that looks like the function's own. The entry is the one no other leads to. */
void Instrumenter::tellCopiesFromEntry() {
    df_iterator_default_set<BasicBlock *> Reached;
    SmallPtrSet<const BasicBlock *, 4> Marked;
    for (const Mark &M : P.Own)
        for (BasicBlock *Next : successors(M.Call->getParent()))
            for (BasicBlock *Block : depth_first_ext(Next, Reached))
                (void)Block;
    SmallVector<Mark, 4> Own = std::move(P.Own);
    P.Own.clear();
    for (Mark &M : Own) {
        BasicBlock *Block = M.Call->getParent();
        bool IsEntry = !Reached.count(Block) && Marked.insert(Block).second;
        (IsEntry ? P.Own : P.Rounds).push_back(std::move(M));
    }
}

std::vector<Counted> Instrumenter::countersOf(Description &Described) {
    std::vector<Counted> Marks;
    auto Add = [&](const Mark &M, unsigned Counter) {
        if (Counter != TALLY_NO_INDEX)
            Marks.push_back({M.Call, Counter});
    };
    for (const Mark &M : P.Inlined)
        Add(M, Described.addInlined(*M.Call, M.Source));
    for (const Mark &M : P.Rounds)
        Add(M, Described.addRound(*M.Call, M.Source));
    return Marks;
}

static void erase(ArrayRef<Mark> Marks) {
    for (const Mark &M : Marks) {
        assert(isa<CallInst>(M.Call) && "marks do not throw");
        M.Call->eraseFromParent();
    }
}

/* The return that `Block` does nothing but jump to, sharing it with other blocks; or null. */
static ReturnInst *sharedReturn(BasicBlock &Block) {
    auto *Branch = dyn_cast<BranchInst>(Block.getTerminator());
    if (!Branch || Branch->isConditional() || Branch->getSuccessor(0) == &Block)
        return nullptr;
    BasicBlock *Target = Branch->getSuccessor(0);
    auto *Return = dyn_cast<ReturnInst>(Target->getTerminator());
    return Target->getFirstNonPHIOrDbgOrLifetime() == Return ? Return : nullptr;
}

/* The tail call at the end of `Block` whose result is what `Return` returns on that way; or null.
 */
static CallInst *tailCallFor(BasicBlock &Block, const ReturnInst &Return) {
    const Value *Result = Return.getReturnValue();
    for (Instruction &I : Block) {
        auto *Call = dyn_cast<CallInst>(&I);
        if (!Call || !Call->isTailCall() || nextReal(*Call) != Block.getTerminator())
            continue;
        if (!Result)
            return Call;
        const auto *Phi = dyn_cast<PHINode>(Result);
        if (Phi && Phi->getParent() == Return.getParent() &&
            Phi->getIncomingValueForBlock(&Block) == Call)
            return Call;
    }
    return nullptr;
}

/* Several tail calls may share one return. The code generator would give each its own, and make it
 * a jump; once counting code stands before the shared return it no longer could, and the stack
 * would grow where the program's does not. So it is done here, before. */
static void unshareReturns(Function &F) {
    SmallVector<std::pair<CallInst *, ReturnInst *>, 4> Ends;
    for (BasicBlock &Block : F)
        if (ReturnInst *Return = sharedReturn(Block))
            if (CallInst *Call = tailCallFor(Block, *Return))
                Ends.push_back({Call, Return});
    for (auto [Call, Return] : Ends) {
        BasicBlock *Block = Call->getParent(), *Shared = Return->getParent();
        Value *Result = Return->getReturnValue() ? Call : nullptr;
        Instruction *Branch = Block->getTerminator();
        ReturnInst::Create(F.getContext(), Result, Block)->setDebugLoc(Return->getDebugLoc());
        Shared->removePredecessor(Block, /*KeepOneInputPHIs=*/true);
        Branch->eraseFromParent();
        if (pred_empty(Shared))
            Shared->eraseFromParent();
    }
}

void Instrumenter::instrument(const SourceInfo &Source) {
    GlobalVariable *Descriptor = Description::declare(F);
    Description Described(F, Source, Left);
    SmallVector<unsigned, 16> CallSites, JumpSites, AllocationSites;
    for (CallBase *Call : P.Calls)
        CallSites.push_back(Described.addSite(*Call));
    for (CallInst *Jump : P.Jumps)
        JumpSites.push_back(Described.addSite(*Jump));
    for (CallBase *Mark : P.Allocations)
        AllocationSites.push_back(Described.addSite(*Mark));

    bool IsCall = !P.Own.empty();
    std::vector<Counted> Marks = countersOf(Described);
    Cells Shared = shareCells(F, Marks, Described.counters(), IsCall);
    Expansion Code(F, *Descriptor, Described.sites(), options().timing());
    Code.entry(IsCall, /*IsResumed=*/!P.Landings.empty());
    for (const Increment &I : Shared.Increments)
        Code.count(*I.Mark, I.Cell);
    for (size_t I = 0; I < P.Calls.size(); I++)
        if (CallSites[I] != TALLY_NO_INDEX)
            Code.call(*P.Calls[I], CallSites[I]);
    for (size_t I = 0; I < P.Jumps.size(); I++)
        if (JumpSites[I] != TALLY_NO_INDEX)
            Code.jump(*P.Jumps[I], JumpSites[I]);
        else
            Code.exit(*P.Jumps[I]);
    for (size_t I = 0; I < P.Allocations.size(); I++)
        if (AllocationSites[I] != TALLY_NO_INDEX)
            Code.site(*P.Allocations[I], AllocationSites[I]);
    for (Instruction *Return : P.Returns)
        Code.exit(*Return);
    for (Instruction *Landing : P.Landings)
        Code.resume(*Landing);
    Described.define(*Descriptor, Shared);
}

bool Instrumenter::run() {
    unshareReturns(F);
    find();
    if (P.Own.size() > 1)
        tellCopiesFromEntry();
    /* A part that was split off a marked function has no mark of its own; it needs a context only
     * where inlined bodies are to be counted in it. */
    bool HasBodies = !P.Inlined.empty() || !P.Rounds.empty();
    bool IsPart = P.Own.empty() && HasBodies && F.hasFnAttribute(FunctionAttribute);
    StringRef Name = F.getFnAttribute(FunctionAttribute).getValueAsString();
    if (!P.Own.empty())
        instrument(P.Own[0].Source);
    else if (IsPart)
        instrument(sourceOfPart(F, Name));
    for (ArrayRef<Mark> Marks :
         {ArrayRef<Mark>(P.Own), ArrayRef<Mark>(P.Inlined), ArrayRef<Mark>(P.Rounds)})
        erase(Marks);
    for (ArrayRef<CallBase *> Marks :
         {ArrayRef<CallBase *>(P.Allocations), ArrayRef<CallBase *>(P.Frees)})
        for (CallBase *Mark : Marks)
            callRuntimeAt(*Mark);
    return !P.Own.empty();
}

static StringSet<> takeNames(Module &M, StringRef Metadata) {
    StringSet<> Names;
    NamedMDNode *Notes = M.getNamedMetadata(Metadata);
    if (!Notes)
        return Names;
    for (const MDNode *Note : Notes->operands())
        Names.insert(cast<MDString>(Note->getOperand(0))->getString());
    Notes->eraseFromParent();
    return Names;
}

static bool isMark(const Function &F) {
    for (StringRef Prefix : {MarkPrefix, RoundPrefix, AllocationPrefix})
        if (startsWith(F.getName(), Prefix))
            return true;
    return F.getName() == FreeMark;
}

PreservedAnalyses InstrumentPass::run(Module &M, ModuleAnalysisManager &) {
    TargetLibraryInfoImpl Implementation(tripleOf(M));
    LeftOut Left = {takeNames(M, SkippedMetadata), takeNames(M, LentMetadata)};
    unsigned Instrumented = 0;
    for (Function &F : M) {
        if (F.isDeclaration())
            continue;
        TargetLibraryInfo Library(Implementation, &F);
        Instrumented += Instrumenter(F, Library, Left).run();
        if (F.hasFnAttribute(ForwardAttribute))
            forwardJumps(F);
    }
    SmallVector<Function *, 64> Marks;
    for (Function &F : M)
        if (isMark(F))
            Marks.push_back(&F);
    for (Function *Mark : Marks)
        Mark->eraseFromParent();
    dropPurity(M);
    if (Instrumented)
        addUnit(M, Instrumented, OptimizationLevel);
    dropAddedLocations(M);
    return PreservedAnalyses::none();
}

} // namespace tally
