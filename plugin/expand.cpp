/* expand.cpp - see expand.h. */
#include "expand.h"

#include "llvm_versions.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/MDBuilder.h"

using namespace llvm;

namespace tally {

static Constant *threadState(Module &M) {
    auto *Type = ArrayType::get(llvm::Type::getInt64Ty(M.getContext()), sizeof(tally_tls) / 8);
    auto *Global = dyn_cast_or_null<GlobalVariable>(M.getNamedValue("__tally_tls"));
    if (!Global) {
        Global = new GlobalVariable(M, Type, false, GlobalValue::ExternalLinkage, nullptr,
                                    "__tally_tls", nullptr, GlobalValue::InitialExecTLSModel);
        Global->setAlignment(Align(8));
    }
    return ConstantExpr::getPointerCast(Global, bytePointer(M.getContext()));
}

Expansion::Expansion(Function &F, GlobalVariable &Descriptor, unsigned Sites)
    : F(F), M(*F.getParent()), B(F.getContext()), Pointer(bytePointer(F.getContext())),
      Long(Type::getInt64Ty(F.getContext())), Tls(threadState(M)),
      Descriptor(ConstantExpr::getPointerCast(&Descriptor, Pointer)), Sites(Sites) {}

Value *Expansion::field(Value *Base, uint64_t Offset) {
    return Offset ? B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Base, Offset) : Base;
}

/* Sanitizers watch the program's accesses, not these. */
static void leaveToItself(Instruction *Access) {
    LLVMContext &Context = Access->getContext();
    Access->setMetadata(Context.getMDKindID("nosanitize"), MDNode::get(Context, {}));
}

Value *Expansion::load(Type *Type, Value *Base, uint64_t Offset) {
    Value *Address = B.CreateBitCast(field(Base, Offset), PointerType::get(Type, 0));
    LoadInst *Load = B.CreateAlignedLoad(Type, Address, Align(8));
    leaveToItself(Load);
    return Load;
}

void Expansion::store(Value *Value, llvm::Value *Base, uint64_t Offset) {
    auto *Address = B.CreateBitCast(field(Base, Offset), PointerType::get(Value->getType(), 0));
    leaveToItself(B.CreateAlignedStore(Value, Address, Align(8)));
}

/* One instruction, which no signal handler that counts the same can come in the middle of. */
void Expansion::increment(Value *Base, uint64_t Offset) {
    Value *Address = B.CreateBitCast(field(Base, Offset), PointerType::get(Long, 0));
    auto *Type = FunctionType::get(B.getVoidTy(), {Address->getType()}, false);
    CallInst *Add = B.CreateCall(
        InlineAsm::get(Type, "incq $0", "=*m,~{flags},~{dirflag},~{fpsr}", /*hasSideEffects=*/true),
        {Address});
    Add->addParamAttr(0, Attribute::get(F.getContext(), Attribute::ElementType, Long));
}

/* Where the stack is now; the entry runs before anything is put on it but the fixed frame. */
Value *Expansion::stackPointer() {
    LLVMContext &Context = F.getContext();
    auto *Name = MetadataAsValue::get(Context, MDNode::get(Context, MDString::get(Context, "rsp")));
    return B.CreateCall(intrinsic(M, Intrinsic::read_register, {Long}), {Name});
}

/* Inserted code belongs to no line: debuggers and tools skip over it. */
void Expansion::startAt(Instruction &Before) {
    B.SetInsertPoint(&Before);
    B.SetCurrentDebugLocation(
        F.getSubprogram() ? DILocation::get(F.getContext(), 0, 0, F.getSubprogram()) : nullptr);
}

/* Splits the block at the insertion point. Emission goes on in the upper half, which the caller
 * must end; returned is the first instruction of the lower. */
Instruction *Expansion::newBlockHere(const char *Name) {
    BasicBlock *Upper = B.GetInsertBlock();
    BasicBlock *Lower = Upper->splitBasicBlock(B.GetInsertPoint(), Name);
    Upper->getTerminator()->eraseFromParent();
    B.SetInsertPoint(Upper);
    return &Lower->front();
}

FunctionCallee Expansion::runtime(const char *Name, FunctionType *Type) {
    FunctionCallee Callee = M.getOrInsertFunction(Name, Type);
    if (auto *Declared = dyn_cast<Function>(Callee.getCallee()))
        Declared->setDoesNotThrow();
    return Callee;
}

/* The runtime keeps all registers on these: nothing need be saved on the way there. The loader's
 * lazy binding would not keep r10, so it must not come in between. */
CallInst *Expansion::callCold(FunctionCallee Callee, ArrayRef<Value *> Arguments) {
    if (auto *Declared = dyn_cast<Function>(Callee.getCallee())) {
        Declared->setCallingConv(CallingConv::PreserveAll);
        Declared->addFnAttr(Attribute::NonLazyBind);
        Declared->addFnAttr(Attribute::Cold);
    }
    CallInst *Call = B.CreateCall(Callee, Arguments);
    Call->setCallingConv(CallingConv::PreserveAll);
    return Call;
}

static MDNode *unlikely(LLVMContext &Context) {
    return MDBuilder(Context).createBranchWeights(1, 1 << 20);
}

/* The time-stamp counter, unless the thread was told to use another clock. */
Value *Expansion::clock() {
    Value *Mode = load(Long, Tls, offsetof(tally_tls, clock));
    Value *IsOther = B.CreateICmpNE(Mode, ConstantInt::get(Long, 0));
    Instruction *After = newBlockHere("tally.timed");
    BasicBlock *Counter = BasicBlock::Create(F.getContext(), "tally.tsc", &F, After->getParent());
    BasicBlock *Other = BasicBlock::Create(F.getContext(), "tally.clock", &F, After->getParent());
    B.CreateCondBr(IsOther, Other, Counter, unlikely(F.getContext()));

    B.SetInsertPoint(Counter);
    Value *Ticks = B.CreateCall(intrinsic(M, Intrinsic::readcyclecounter));
    B.CreateBr(After->getParent());

    B.SetInsertPoint(Other);
    Value *OtherTicks = callCold(runtime("__tally_now", FunctionType::get(Long, false)), {});
    B.CreateBr(After->getParent());

    B.SetInsertPoint(After);
    PHINode *Now = B.CreatePHI(Long, 2);
    Now->addIncoming(Ticks, Counter);
    Now->addIncoming(OtherTicks, Other);
    return Now;
}

void Expansion::transition(Value *From, Value *To) {
    Value *Now = clock();
    Value *Elapsed = B.CreateSub(Now, load(Long, Tls, offsetof(tally_tls, last)));
    Value *Self = B.CreateAdd(load(Long, From, offsetof(tally_node, self)), Elapsed);
    store(Self, From, offsetof(tally_node, self));
    store(Now, Tls, offsetof(tally_tls, last));
    store(To, Tls, offsetof(tally_tls, cur));
}

/* Static allocas must stay in the entry block, so they go before what is inserted. */
static Instruction &firstAfterAllocas(Function &F) {
    BasicBlock &Entry = F.getEntryBlock();
    SmallVector<AllocaInst *, 16> Late;
    Instruction *First = nullptr;
    for (Instruction &I : Entry) {
        auto *Alloca = dyn_cast<AllocaInst>(&I);
        if (!Alloca && !First)
            First = &I;
        if (Alloca && First && isa<ConstantInt>(Alloca->getArraySize()))
            Late.push_back(Alloca);
    }
    for (AllocaInst *Alloca : Late)
        Alloca->moveBefore(First);
    return *First;
}

void Expansion::entry(bool IsCall) {
    startAt(firstAfterAllocas(F));
    In = load(Pointer, Tls, offsetof(tally_tls, slot));
    Node = load(Pointer, In, 0);
    Value *Miss = B.CreateICmpNE(load(Pointer, Node, offsetof(tally_node, fn)), Descriptor);
    Instruction *After = newBlockHere("tally.entered");
    BasicBlock *Hit = B.GetInsertBlock();
    BasicBlock *Slow = BasicBlock::Create(F.getContext(), "tally.enter", &F, After->getParent());
    B.CreateCondBr(Miss, Slow, After->getParent(), unlikely(F.getContext()));

    B.SetInsertPoint(Slow);
    Value *Found = callCold(
        runtime("__tally_enter_slow", FunctionType::get(Pointer, {Pointer, Pointer}, false)),
        {In, Descriptor});
    Value *FoundIn = load(Pointer, Tls, offsetof(tally_tls, slot));
    B.CreateBr(After->getParent());

    B.SetInsertPoint(After);
    auto Merge = [&](Value *Fast, Value *Cold) {
        PHINode *Phi = B.CreatePHI(Pointer, 2);
        Phi->addIncoming(Fast, Hit);
        Phi->addIncoming(Cold, Slow);
        return Phi;
    };
    Node = Merge(Node, Found);
    In = Merge(In, FoundIn);
    Prev = load(Pointer, Tls, offsetof(tally_tls, cur));
    if (IsCall)
        increment(Node, offsetof(tally_node, calls));
    if (Sites)
        store(stackPointer(), Node, offsetof(tally_node, frame));
    transition(Prev, Node);
}

static uint64_t slotOffset(unsigned Site) {
    return offsetof(tally_node, child) + uint64_t(Site) * sizeof(tally_node *);
}

void Expansion::call(CallBase &Call, unsigned Site) {
    startAt(Call);
    store(field(Node, slotOffset(Site)), Tls, offsetof(tally_tls, slot));
}

void Expansion::leave(Instruction &Before) {
    startAt(Before);
    transition(Node, Prev);
    store(In, Tls, offsetof(tally_tls, slot));
}

void Expansion::exit(Instruction &Return) {
    leave(Return);
}

void Expansion::jump(CallInst &Call, unsigned Site) {
    leave(Call);
    Constant *TailSlot = ConstantExpr::getPointerCast(
        cast<Constant>(M.getOrInsertGlobal("__tally_tail_slot", Pointer)), Pointer);
    store(Node, Tls, offsetof(tally_tls, tail_node));
    store(ConstantInt::get(Long, Site), Tls, offsetof(tally_tls, tail_site));
    store(In, Tls, offsetof(tally_tls, tail_return));
    store(B.CreateBitCast(Call.getCalledOperand(), Pointer), Tls, offsetof(tally_tls, tail_callee));
    store(TailSlot, Tls, offsetof(tally_tls, slot));
}

void Expansion::count(Instruction &Mark, unsigned Counter) {
    startAt(Mark);
    increment(Node, slotOffset(Sites + Counter));
}

void Expansion::resume(Instruction &After) {
    startAt(After);
    B.CreateCall(runtime("__tally_resume", FunctionType::get(B.getVoidTy(), {Pointer}, false)),
                 {Node});
}

void forwardJump(CallBase &Call) {
    Function &F = *Call.getFunction();
    IRBuilder<> B(&Call);
    PointerType *Pointer = bytePointer(F.getContext());
    Value *Announced =
        B.CreateBitCast(B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), threadState(*F.getParent()),
                                                     offsetof(tally_tls, tail_callee)),
                        PointerType::get(Pointer, 0));
    LoadInst *Callee = B.CreateLoad(Pointer, Announced);
    leaveToItself(Callee);
    Value *IsThis = B.CreateICmpEQ(Callee, ConstantExpr::getPointerCast(&F, Pointer));
    Value *Next = B.CreateBitCast(Call.getCalledOperand(), Pointer);
    leaveToItself(B.CreateStore(B.CreateSelect(IsThis, Next, Callee), Announced));
}

} // namespace tally
