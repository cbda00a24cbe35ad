/*
 * json_out.h - what every --json output needs beyond jansson: text of any bytes, and sums that may
 * be wider than JSON readers' integers.
 */
#ifndef TALLY_CLI_JSON_OUT_H
#define TALLY_CLI_JSON_OUT_H

#include "format.h"

#include <jansson.h>
#include <stdio.h>

/* Any bytes; what is not UTF-8 becomes U+FFFD. */
json_t *json_text(const char *text);

/* An exact integer. jansson's are 64 bits wide; a sum beyond that is cut off at the limit, and the
 * next json_out says "saturated": true at the top level. */
json_t *json_wide(wide value);

/* json_object_set_new and json_array_append_new that cannot fail. */
void json_put(json_t *object, const char *key, json_t *value);
void json_append(json_t *array, json_t *value);

/* Prints the object, which gets "saturated" if need be, and releases it; to standard output, or to
 * any stream. */
void json_out(json_t *object);
void json_out_to(json_t *object, FILE *to);

#endif
