/* connect.h - whether this process is a clang, not opt or a linker. */
#pragma once

namespace tally {

bool isClang();

} // namespace tally
