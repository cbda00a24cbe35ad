/*
 * run.h - run.json in words: what ran, and what is missing from the numbers.
 *
 * The runtime writes run.json (its layout: pprof-out/src/run_json.c). Every accessor takes a null
 * object and a missing key as "unknown": 0 or "".
 */
#ifndef TALLY_CLI_RUN_H
#define TALLY_CLI_RUN_H

#include "output.h"

#include <jansson.h>

const char *run_text(const json_t *object, const char *key);
json_int_t run_number(const json_t *object, const char *key);

/* The command line, quoted where a shell would need it; clean. Null if unknown. Free it. */
char *run_command(const json_t *run, bool utf8);

/* A copy of the losses, null if unknown. Those of what was allocated are said where that is what
 * one looks at (`with_heap`), since they leave calls as they are. */
json_t *run_losses_json(const json_t *run, bool with_heap);

/* Each of them as a sentence; *n of them. What the calibration took off too much is in times only
 * (`with_times`). Free each, and the array. */
char **run_losses(const json_t *run, bool with_heap, bool with_times, const struct output *output,
                  size_t *n);

#endif
