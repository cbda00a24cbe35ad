/*
 * json_values.c - see json_values.h.
 */
#include "program/json_values.h"

#include "common/interruption.h"
#include "common/memory.h"
#include "common/text_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_put(json_t *object, const char *key, json_t *value) {
    if (json_object_set_new(object, key, value) != 0) {
        memory_exhausted();
    }
}

void json_push(json_t *array, json_t *value) {
    if (json_array_append_new(array, value) != 0) {
        memory_exhausted();
    }
}

void json_put_number(json_t *object, const char *key, uint64_t number) {
    json_put(object, key, json_integer((json_int_t)number));
}

void json_put_durations(json_t *object, const char *key, const struct duration_stats *stats) {
    json_t *value = json_object();
    json_put_number(value, "count", stats->count);
    json_put_number(value, "sum_ns", stats->sum_ns);
    json_put_number(value, "mean_ns", duration_stats_mean_ns(stats));
    json_put_number(value, "largest_ns", stats->largest_ns);
    json_put(object, key, value);
}

void json_put_signal(json_t *object, const char *key, int signal_number) {
    json_put(object, key,
             signal_number != 0 ? json_string(interruption_name(signal_number)) : json_null());
}

json_t *json_text(const char *text) {
    char *printable = format_printable(text, strlen(text));
    json_t *value = json_string(printable);
    free(printable);
    return value;
}

void json_print(json_t *root) {
    json_dumpf(root, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    putchar('\n');
    json_decref(root);
}
