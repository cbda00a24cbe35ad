/*
 * convert_json.c - a whole profile as JSON.
 *
 * Values are JSON integers, exact to 64 bits. Addresses are strings ("0x401126"), because the
 * format's are unsigned and JSON libraries' integers are not. Members that are empty in the profile
 * are there all the same: a reader need not ask. Items are made and written one by one: as one
 * tree, all of it would take a hundred times the memory of the file.
 */
#include "convert.h"

#include "json_out.h"
#include "say.h"

#include <inttypes.h>

static json_t *text_of(const char *text) {
    return json_text(text ? text : "");
}

static json_t *address_of(uint64_t address) {
    char text[32];
    snprintf(text, sizeof text, "0x%" PRIx64, address);
    return json_text(text);
}

static json_t *type_of(const struct tally_pprof_value_type *type) {
    json_t *json = need(json_object());
    json_put(json, "type", text_of(type->type));
    json_put(json, "unit", text_of(type->unit));
    return json;
}

static json_t *mapping_of(const struct tally_pprof_profile *profile, size_t index) {
    const struct tally_pprof_mapping *mapping = profile->mappings[index];
    json_t *json = need(json_object());
    json_put(json, "id", json_integer((json_int_t)mapping->id));
    json_put(json, "start", address_of(mapping->memory_start));
    json_put(json, "limit", address_of(mapping->memory_limit));
    json_put(json, "offset", address_of(mapping->file_offset));
    json_put(json, "file", text_of(mapping->filename));
    json_put(json, "build_id", text_of(mapping->build_id));
    json_put(json, "has_functions", json_boolean(mapping->has_functions));
    json_put(json, "has_filenames", json_boolean(mapping->has_filenames));
    json_put(json, "has_line_numbers", json_boolean(mapping->has_line_numbers));
    json_put(json, "has_inline_frames", json_boolean(mapping->has_inline_frames));
    return json;
}

static json_t *function_of(const struct tally_pprof_profile *profile, size_t index) {
    const struct tally_pprof_function *function = profile->functions[index];
    json_t *json = need(json_object());
    json_put(json, "id", json_integer((json_int_t)function->id));
    json_put(json, "name", text_of(function->name));
    json_put(json, "system_name", text_of(function->system_name));
    json_put(json, "file", text_of(function->filename));
    json_put(json, "line", json_integer(function->start_line));
    return json;
}

static json_t *location_of(const struct tally_pprof_profile *profile, size_t index) {
    const struct tally_pprof_location *location = profile->locations[index];
    json_t *json = need(json_object()), *lines = need(json_array());
    json_put(json, "id", json_integer((json_int_t)location->id));
    json_put(json, "mapping",
             location->mapping ? json_integer((json_int_t)location->mapping->id) : json_null());
    json_put(json, "address", address_of(location->address));
    for (size_t i = 0; i < location->n_lines; i++) {
        const struct tally_pprof_function *function = location->lines[i].function;
        json_t *line = need(json_object());
        json_put(line, "function", function ? json_integer((json_int_t)function->id) : json_null());
        json_put(line, "line", json_integer(location->lines[i].line));
        json_append(lines, line);
    }
    json_put(json, "lines", lines);
    json_put(json, "folded", json_boolean(location->is_folded));
    return json;
}

static json_t *label_of(const struct tally_pprof_label *label) {
    json_t *json = need(json_object());
    json_put(json, "key", text_of(label->key));
    if (label->str)
        json_put(json, "str", text_of(label->str));
    else {
        json_put(json, "num", json_integer(label->num));
        json_put(json, "unit", text_of(label->num_unit));
    }
    return json;
}

static json_t *sample_of(const struct tally_pprof_profile *profile, size_t index) {
    const struct tally_pprof_sample *sample = &profile->samples[index];
    json_t *json = need(json_object()), *locations = need(json_array());
    json_t *values = need(json_array()), *labels = need(json_array());
    for (size_t i = 0; i < sample->n_locations; i++)
        json_append(locations, json_integer((json_int_t)sample->locations[i]->id));
    for (size_t i = 0; i < profile->n_sample_types; i++)
        json_append(values, json_integer(sample->values[i]));
    for (size_t i = 0; i < sample->n_labels; i++)
        json_append(labels, label_of(&sample->labels[i]));
    json_put(json, "locations", locations);
    json_put(json, "values", values);
    json_put(json, "labels", labels);
    return json;
}

static json_t *head_of(const struct tally_pprof_profile *profile) {
    json_t *json = need(json_object()), *types = need(json_array()), *comments = need(json_array());
    json_put(json, "format", json_text("tally-profile"));
    json_put(json, "version", json_integer(1));
    for (size_t i = 0; i < profile->n_sample_types; i++)
        json_append(types, type_of(&profile->sample_types[i]));
    json_put(json, "sample_types", types);
    json_put(json, "default_sample_type", text_of(profile->default_sample_type));
    json_put(json, "period_type", type_of(&profile->period_type));
    json_put(json, "period", json_integer(profile->period));
    json_put(json, "time_ns", json_integer(profile->time_ns));
    json_put(json, "duration_ns", json_integer(profile->duration_ns));
    for (size_t i = 0; i < profile->n_comments; i++)
        json_append(comments, text_of(profile->comments[i]));
    json_put(json, "comments", comments);
    json_put(json, "drop_frames", text_of(profile->drop_frames));
    json_put(json, "keep_frames", text_of(profile->keep_frames));
    json_put(json, "doc_url", text_of(profile->doc_url));
    return json;
}

/* ---- the document, one member after the other ---- */

static void write_value(FILE *to, json_t *value) {
    json_dumpf(value, to, JSON_ENCODE_ANY);
    json_decref(value);
}

/* Between the items of an object or an array: a comma, but not before the first. */
static void write_separator(FILE *to, size_t index, const char *indent) {
    fprintf(to, "%s\n%s", index ? "," : "", indent);
}

static void write_head(FILE *to, json_t *head) {
    const char *key;
    json_t *value;
    size_t i = 0;
    json_object_foreach(head, key, value) {
        write_separator(to, i++, " ");
        fprintf(to, "\"%s\": ", key);
        write_value(to, json_incref(value));
    }
    json_decref(head);
}

/* An array, which is not the first member, with an item on each line. */
static void write_array(FILE *to, const char *name, size_t n,
                        json_t *(*item)(const struct tally_pprof_profile *profile, size_t index),
                        const struct tally_pprof_profile *profile) {
    fprintf(to, ",\n \"%s\": [", name);
    for (size_t i = 0; i < n; i++) {
        write_separator(to, i, "  ");
        write_value(to, item(profile, i));
    }
    fprintf(to, "%s]", n ? "\n " : "");
}

void convert_json(const struct tally_pprof_profile *profile, FILE *to) {
    putc('{', to);
    write_head(to, head_of(profile));
    write_array(to, "mappings", profile->n_mappings, mapping_of, profile);
    write_array(to, "functions", profile->n_functions, function_of, profile);
    write_array(to, "locations", profile->n_locations, location_of, profile);
    write_array(to, "samples", profile->n_samples, sample_of, profile);
    fputs("\n}\n", to);
}
