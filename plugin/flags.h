/*
 * flags.h - the compiler's flags that change the code it makes, for `struct tally_unit`.
 *
 * They are those of the driver's command line, as a person or a build system wrote them: the same
 * text for each version of clang, and short. (What clang makes of them, its -cc1 line, has every
 * default spelled out in a way that differs between versions.) So what a configuration file adds is
 * not seen, and `-march=native` stays that.
 *
 *   clang -O2 -c a.c          the compiler runs in the driver's process: its own command line
 *   clang -O2 -c a.c b.c      … in a child, whose line begins with -cc1: its parent's
 *   @file                     is read, as the driver did
 *   ccache, distcc, tally-cc  run a driver
 *   opt, a linker (LTO)       no driver: unknown
 *
 * Kept are -O (the last one), -D, -U, -f…, -m…, -std=, -stdlib=, --target=, -ansi, -pg, -pthread;
 * -Xclang X as X, -mllvm X as -mllvm=X, -Wp,-DX as -DX. Left out are inputs, outputs and folders,
 * warnings, -g, and those -f and -m that are about messages, debugging information, plugins or the
 * names of files. Of several equal flags the last one counts; -D and -U stand behind all others, as
 * ccache has them. Separated by blanks; a blank, a quote or a backslash in a flag has a backslash
 * before it.
 */
#pragma once

#include <string>

namespace tally {

/* Of this process; "" where unknown. */
std::string compilerFlags();

} // namespace tally
