/*
 * comparable_parts.h - what the files of comparable.h share; private to comparable*.c.
 *
 *   comparable.c        the reasons, their names, and the list of differences
 *   comparable_run.c    how the program was run
 *   comparable_units.c  how its files were compiled
 */
#ifndef TALLY_CLI_COMPARABLE_PARTS_H
#define TALLY_CLI_COMPARABLE_PARTS_H

#include "comparable.h"

void comparable_add(struct comparable *result, enum comparable_reason reason, const char *format,
                    ...) __attribute__((format(printf, 3, 4)));

/* Neither run is null. */
void comparable_find_run(const json_t *old_run, const json_t *new_run, bool times,
                         struct comparable *result);
void comparable_find_units(const json_t *old_run, const json_t *new_run, struct comparable *result);

#endif
