/*
 * json_out.c - see json_out.h. Keys keep the order in which they were put.
 */
#include "json_out.h"

#include "say.h"
#include "text.h"

#include <stdlib.h>

static bool saturated;

json_t *json_text(const char *text) {
    char *valid = text_repair(text);
    json_t *json = need(json_string(valid));
    free(valid);
    return json;
}

json_t *json_wide(wide value) {
    if (value > INT64_MAX || value < INT64_MIN) {
        saturated = true;
        value = value < 0 ? INT64_MIN : INT64_MAX;
    }
    return need(json_integer((json_int_t)value));
}

void json_put(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, need(value)) != 0)
        need(NULL);
}

void json_append(json_t *array, json_t *value) {
    if (json_array_append_new(array, need(value)) != 0)
        need(NULL);
}

void json_out_to(json_t *object, FILE *to) {
    if (saturated) {
        json_put(object, "saturated", json_true());
        say_note("sums beyond 2^63-1 were cut off there in the JSON output");
    }
    /* An error shows in ferror(), which output_finish and outfile_close look at. */
    json_dumpf(object, to, JSON_INDENT(2));
    putc('\n', to);
    json_decref(object);
}

void json_out(json_t *object) {
    json_out_to(object, stdout);
}
