/*
 * machine.h - what a profile's times depend on besides the program: processor and kernel.
 *
 * Read when a profile is written, perhaps in a signal handler: by CPUID and system calls alone.
 * What cannot be found out is "" or 0.
 */
#ifndef TLI_MACHINE_H
#define TLI_MACHINE_H

#include "tally/snapshot.h"

#include <stddef.h>

struct tli_arena;

/* The texts are the arena's. */
struct tally_machine tli_machine(struct tli_arena *arena);

/* How many numbers a list such as "0-3,5" names, as in /sys/devices/system/cpu/online; 0 if it is
 * none. */
uint32_t tli_count_listed(const char *list, size_t length);

#endif
