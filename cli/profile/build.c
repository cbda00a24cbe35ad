/*
 * build.c - see build.h.
 */
#include "build.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

/* The file among those already read, or that file read now; null with a message. */
static struct input *input_once(struct build *build, const struct input_wanted *wanted) {
    struct input found;
    if (input_find(wanted, &found) != STATUS_OK)
        return NULL;
    for (size_t i = 0; i < build->n_inputs; i++)
        if (strcmp(build->inputs[i].file, found.file) == 0) {
            input_close(&found);
            return &build->inputs[i];
        }
    struct input *input = &build->inputs[build->n_inputs];
    if (input_read(&found) != STATUS_OK)
        return NULL;
    *input = found;
    build->n_inputs++;
    return input;
}

static int open_type(const struct build_wanted *wanted, const char *operand, size_t index,
                     struct build *build) {
    const char *type = wanted->types[index];
    const struct input_wanted file = {operand, wanted->profile, type};
    if (wanted->optional && !input_may_have(operand, type))
        return STATUS_OK;
    struct input *input = input_once(build, &file);
    if (!input)
        return STATUS_TROUBLE;
    if (wanted->optional && tally_pprof_sample_index(input->profile, type) < 0)
        return STATUS_OK;
    build->input_of[index] = input;
    return view_new(input->profile, &(struct view_options){.sample = type}, input->file,
                    wanted->utf8, &build->views[index]);
}

int build_open(const struct build_wanted *wanted, const char *operand, struct build *build) {
    *build = (struct build){0};
    int status = STATUS_OK;
    for (size_t i = 0; i < wanted->n_types && status == STATUS_OK; i++)
        status = open_type(wanted, operand, i, build);
    if (status != STATUS_OK)
        build_close(build);
    return status;
}

int build_open_calls(const char *operand, bool utf8, struct build *build) {
    static const char type[] = "calls";
    const struct input_wanted wanted = {.operand = operand, .sample = type};
    bool is_in_directory = input_is_directory(operand);
    if (is_in_directory && !input_may_have(operand, type))
        return STATUS_OK;
    struct input *input = is_in_directory ? input_once(build, &wanted) : &build->inputs[0];
    if (!input)
        return STATUS_TROUBLE;
    if (tally_pprof_sample_index(input->profile, type) < 0)
        return STATUS_OK;
    return view_new(input->profile, &(struct view_options){.sample = type}, input->file, utf8,
                    &build->calls);
}

void build_close(struct build *build) {
    if (build->calls)
        view_free(build->calls);
    for (size_t i = 0; i < BUILD_MOST_TYPES; i++)
        if (build->views[i])
            view_free(build->views[i]);
    for (size_t i = 0; i < build->n_inputs; i++)
        input_close(&build->inputs[i]);
    *build = (struct build){0};
}

const json_t *build_run(const struct build *build) {
    return build->n_inputs ? build->inputs[0].run : NULL;
}

void build_move(struct build *build, size_t from, size_t to) {
    if (from == to)
        return;
    if (build->views[to])
        view_free(build->views[to]);
    build->views[to] = build->views[from];
    build->input_of[to] = build->input_of[from];
    build->views[from] = NULL;
    build->input_of[from] = NULL;
}
