/*
 * lua_pinned.h - included before each of Lua's sources: tables keyed by addresses must not depend
 * on where the compiler, the C library or the counter at work put things. Such keys all hash alike,
 * which is slow and correct, and the same in every build.
 */
#define LUA_CORE /* gives the names that Lua's own sources use; they define it too */

#include "lprefix.h"

#include "llimits.h"

#undef point2uint
#define point2uint(p) ((void)(p), 0u)
