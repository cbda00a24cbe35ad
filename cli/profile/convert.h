/*
 * convert.h - the text formats a profile can be converted to.
 *
 * Both print to an open stream; whoever opened it looks at its errors.
 */
#ifndef TALLY_CLI_CONVERT_H
#define TALLY_CLI_CONVERT_H

#include "view.h"

#include <stdio.h>

/* Folded stacks, outermost function first: `main;work;leaf 42`, one line a distinct stack, sorted.
 * Samples whose value is 0 are left out. */
void convert_folded(struct view *view, FILE *to);

/* The whole profile; the layout is described in docs/cli.md. */
void convert_json(const struct tally_pprof_profile *profile, FILE *to);

#endif
