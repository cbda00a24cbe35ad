/*
 * register.cpp - tells LLVM which passes there are and where they go. Does nothing else.
 *
 * By itself (clang) the first stage runs before all optimisation and the second after all of it.
 * In `opt -passes=` they are called tally-mark and tally-instrument.
 */
#include "instrument.h"
#include "llvm_versions.h"
#include "mark.h"
#include "rounds.h"

#include "llvm/Passes/PassPlugin.h"

using namespace llvm;

static bool parsePass(StringRef Name, ModulePassManager &Passes,
                      ArrayRef<PassBuilder::PipelineElement>) {
    if (Name == "tally-mark")
        Passes.addPass(tally::MarkPass());
    else if (Name == "tally-instrument")
        Passes.addPass(tally::InstrumentPass(0));
    else
        return false;
    return true;
}

static void registerPasses(PassBuilder &Builder) {
    tally::registerAtStart(Builder, [](ModulePassManager &Passes, tally::OptimizationLevel) {
        Passes.addPass(tally::MarkPass());
    });
    tally::registerAtEnd(Builder, [](ModulePassManager &Passes, tally::OptimizationLevel Level) {
        Passes.addPass(tally::InstrumentPass(Level.getSpeedupLevel()));
    });
    if (PassInstrumentationCallbacks *Callbacks = Builder.getPassInstrumentationCallbacks())
        tally::settleRoundsAfterTailCallElim(*Callbacks);
    Builder.registerPipelineParsingCallback(parsePass);
}

extern "C" __attribute__((visibility("default"))) PassPluginLibraryInfo llvmGetPassPluginInfo() {
    return {LLVM_PLUGIN_API_VERSION, "tally", "0.1.0", registerPasses};
}
