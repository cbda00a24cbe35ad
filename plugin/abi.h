/*
 * abi.h - the layouts of tally/abi.h as the passes see them.
 *
 * The plugin runs on the kind of machine it compiles for (x86-64 Linux), so the C structures
 * themselves say where fields are: offsetof, not a second description.
 */
#pragma once

#include "tally/abi.h"

#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/LLVMContext.h"

#include <cstddef>

namespace tally {

/* i8*, or ptr where pointers are opaque. */
inline llvm::PointerType *bytePointer(llvm::LLVMContext &Context) {
    return llvm::PointerType::get(llvm::Type::getInt8Ty(Context), 0);
}

/* Structure constants are built as lists of fields in order, with no padding between. */
static_assert(sizeof(tally_source) == 3 * 8 + 2 * 4, "source.cpp builds it");
static_assert(sizeof(tally_scope) == 8 + 2 * 4, "describe.cpp builds it");
static_assert(sizeof(tally_site) == 2 * 4, "describe.cpp builds it");
static_assert(sizeof(tally_counter) == 2 * 4, "describe.cpp builds it");
static_assert(offsetof(tally_function, retired) == 5 * 8 + 4 * 4 + 2, "describe.cpp builds it");
static_assert(sizeof(tally_unit) == 6 * 8 + 2 * 4, "unit.cpp builds it");

/* Names shared by the stages: the attribute that says which function a body belongs to (it stays
 * with clones), the one of functions that only forward calls (variants.h), the call that marks
 * where a body begins, and the one that marks where it begins again because a call of itself became
 * a jump (rounds.h). */
constexpr char FunctionAttribute[] = "tally-function";
constexpr char ForwardAttribute[] = "tally-forward";
constexpr char MarkPrefix[] = "__tally_mark.";
constexpr char RoundPrefix[] = "__tally_round.";
/* … and those that mark where memory was handed out, of which kind, and is taken back
 * (allocators.h). */
constexpr char AllocationPrefix[] = "__tally_alloc.";
constexpr char FreeMark[] = "__tally_free";
/* Metadata: the linkage names of functions that were left out. */
constexpr char SkippedMetadata[] = "tally.skipped";
/* … and of those among them whose calls are not counted either, since they are the library's. */
constexpr char LentMetadata[] = "tally.lent";

} // namespace tally
