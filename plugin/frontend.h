/*
 * frontend.h - between tally.so, which has the passes, and tally-frontend.so, which only clang
 * loads.
 */
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace tally {

/* Takes one KEY=VALUE of the plugin's options; returns the complaint, or "". */
using AddOptionFunction = std::string(llvm::StringRef);

} // namespace tally

/* Tells the frontend where options go, and which file holds the passes. */
extern "C" __attribute__((visibility("default"))) void
tallyConnectFrontend(tally::AddOptionFunction *Add, const char *PassPluginPath);
