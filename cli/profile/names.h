/*
 * names.h - linkage names as one reads them, spelled as the plugin spells them.
 *
 * The plugin's names are made by LLVM's demangler, those of addresses by libiberty's. Where they
 * differ, LLVM's way is taken, so that a function has one name whichever compiler it was built by:
 *
 *   libiberty                                here
 *   std::vector<Box<int> >::end              std::vector<Box<int>>::end
 *   f()::{lambda(int)#1}::operator()         f()::'lambda'(int)::operator()
 *   f()::{lambda(auto:1)#2}::operator()      f()::'lambda0'(auto)::operator()
 *   f()::{unnamed type#3}::get               f()::'unnamed1'::get
 */
#ifndef TALLY_CLI_NAMES_H
#define TALLY_CLI_NAMES_H

#include <stddef.h>

/* Longer ones are not taken apart: the demangler's need of stack grows with the name. Nor are those
 * whose text would be longer than NAME_MOST_TEXT: with each substitution it can double. */
enum { NAME_LONGEST = 16384, NAME_MOST_TEXT = 1048576 };

/* Qualified, without parameters, also of a clone; null if it is no C++ name. Free it. */
char *name_readable(const char *linkage_name);

/* The same with parameters and without return type, in libiberty's spelling: what tells functions
 * of the source apart, however compilers mangle it. Null if it is no C++ name. Free it. */
char *name_signature(const char *linkage_name);

/* Length of a linkage name without what the compiler puts behind that of a clone or part of a
 * function: _Z4workv.constprop.0, copy.part.1. What is a number only is part of the name (gcc:
 * a function in a function, inner.0). */
size_t name_length(const char *linkage_name);

#endif
