/*
 * baseline.h - makes one .tally directory a copy of another, whole or not at all.
 *
 *   base.tally          ─┐ exchanged by one system call, so that at any moment
 *   base.tally.XXXXXX   ─┘ there is the old one or the new one, whole
 *
 * What is replaced is then deleted; so that this cannot hit anything else, both have to be
 * directories of regular files alone.
 */
#ifndef TALLY_CLI_BASELINE_H
#define TALLY_CLI_BASELINE_H

#include <stdbool.h>

/* Standard input, "-", does. */
bool baseline_exists(const char *path);

/* The baseline need not exist yet. Returns 0, or STATUS_TROUBLE with a message. */
int baseline_replace(const char *baseline, const char *by);

#endif
