/* unit.cpp - see unit.h. */
#include "unit.h"

#include "abi.h"
#include "flags.h"
#include "options.h"
#include "source.h"

#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace tally {

/* What debug information says of the compiler; else the compiler's own mark. */
static std::string producerOf(const Module &M) {
    for (const DICompileUnit *Unit : M.debug_compile_units())
        return Unit->getProducer().str();
    const NamedMDNode *Ident = M.getNamedMetadata("llvm.ident");
    if (Ident && Ident->getNumOperands() && Ident->getOperand(0)->getNumOperands())
        if (const auto *Text = dyn_cast<MDString>(Ident->getOperand(0)->getOperand(0)))
            return Text->getString().str();
    return "";
}

static GlobalVariable *unitVariable(Module &M, unsigned Functions, unsigned Level) {
    LLVMContext &Context = M.getContext();
    PointerType *Pointer = bytePointer(Context);
    Type *Word = Type::getInt32Ty(Context);
    Constant *Abi = ConstantExpr::getPointerCast(
        cast<Constant>(M.getOrInsertGlobal(TALLY_ABI_SYMBOL, Type::getInt8Ty(Context))), Pointer);
    StructType *Type = StructType::get(
        Context, {Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Word, Word});
    Constant *Data = ConstantStruct::get(
        Type, {Abi, ConstantPointerNull::get(Pointer), stringConstant(M, M.getSourceFileName()),
               stringConstant(M, producerOf(M)), stringConstant(M, options().text()),
               stringConstant(M, compilerFlags()), ConstantInt::get(Word, Functions),
               ConstantInt::get(Word, Level)});
    return new GlobalVariable(M, Type, false, GlobalValue::InternalLinkage, Data, "__tally_unit");
}

/* A function that passes the unit to one of the runtime's. */
static Function *caller(Module &M, const char *Callee, const char *Name, GlobalVariable *Unit) {
    LLVMContext &Context = M.getContext();
    PointerType *Pointer = bytePointer(Context);
    Type *Void = Type::getVoidTy(Context);
    Function *F =
        Function::Create(FunctionType::get(Void, false), GlobalValue::InternalLinkage, Name, M);
    F->setDoesNotThrow();
    IRBuilder<> B(BasicBlock::Create(Context, "", F));
    FunctionCallee Runtime =
        M.getOrInsertFunction(Callee, FunctionType::get(Void, {Pointer}, false));
    B.CreateCall(Runtime, {ConstantExpr::getPointerCast(Unit, Pointer)});
    B.CreateRetVoid();
    return F;
}

void addUnit(Module &M, unsigned InstrumentedFunctions, unsigned OptimizationLevel) {
    GlobalVariable *Unit = unitVariable(M, InstrumentedFunctions, OptimizationLevel);
    appendToGlobalCtors(M, caller(M, "__tally_register_unit", "__tally_unit_register", Unit), 0);
    appendToGlobalDtors(M, caller(M, "__tally_unregister_unit", "__tally_unit_unregister", Unit),
                        0);
}

} // namespace tally
