/*
 * names.h - linkage names: what the programmer calls a function, and which functions are one.
 *
 * The compiler may make several functions of one of the source:
 *
 *   constructor   C1 complete object, C2 base object
 *   destructor    D0 complete object, then its memory, D1 complete object, D2 base object
 *   method        itself; thunks that adjust `this` or the result (_ZTh…, _ZTv…, _ZTc…)
 *
 * All of them have one canonical name: the method's own, with variant 2.
 */
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace tally {

std::string canonicalName(llvm::StringRef LinkageName);

/* Whether both are made of one function of the source, and are not the same one. */
bool areVariants(llvm::StringRef LinkageName, llvm::StringRef Other);

bool isThunk(llvm::StringRef LinkageName);
bool isDeletingDestructor(llvm::StringRef LinkageName);

/* ns::Class::method of a C++ linkage name; any other name as it is. */
std::string readableName(const std::string &LinkageName);

} // namespace tally
