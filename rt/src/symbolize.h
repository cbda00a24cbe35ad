/*
 * symbolize.h - names for a profile that holds addresses only (-finstrument-functions).
 *
 * Reading symbol tables and DWARF inside the profiled process would need its malloc and its locks,
 * perhaps while it is dying of a broken heap. So it is done outside: `tally symbolize --quiet DIR`
 * is run on the written profile, which is complete without it: any `tally` command and pprof itself
 * can resolve the addresses later as well.
 */
#ifndef TLI_SYMBOLIZE_H
#define TLI_SYMBOLIZE_H

void tli_symbolize(const char *profile_directory);

#endif
