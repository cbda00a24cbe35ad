/*
 * documents_input.c - see documents_input.h.
 */
#include "program/documents_input.h"

#include "common/message.h"
#include "program/command.h"

#include <string.h>

int documents_input_open(const struct documents_options *options,
                         const struct skip_observer *observer, struct document_source **source) {
    if (options->count > 0) {
        *source = generated_source_new(options->count, options->seed);
        return STATUS_OK;
    }
    const char *failed_root;
    int error = file_source_new(options->roots, options->n_roots, observer, source, &failed_root);
    if (error != 0) {
        message_print("%s: %s", failed_root, strerror(-error));
        return STATUS_BAD_INPUT;
    }
    return STATUS_OK;
}

void documents_input_complain_of_none(const struct documents_options *options) {
    message_print("%s%s: no text files found", options->roots[0],
                  options->n_roots > 1 ? " and others" : "");
}
