/*
 * json_values.h - building JSON with jansson, and printing it.
 *
 * jansson reports a lack of memory by null at every step; it is looked for once, where a value is
 * put into another, since its functions pass a null on as a failure.
 */
#ifndef TALLY_DEMO_JSON_VALUES_H
#define TALLY_DEMO_JSON_VALUES_H

#include "common/duration_stats.h"

#include <jansson.h>

#include <stdint.h>

/* These take over `value`. */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);

void json_put_number(json_t *object, const char *key, uint64_t number);
void json_put_durations(json_t *object, const char *key, const struct duration_stats *stats);

/* The name of a signal that stopped a run; for 0, null. */
void json_put_signal(json_t *object, const char *key, int signal_number);

/* Foreign text, made printable. */
json_t *json_text(const char *text);

/* Prints on stdout, and lets go of `root`. A write that fails is seen by finish_output(). */
void json_print(json_t *root);

#endif
