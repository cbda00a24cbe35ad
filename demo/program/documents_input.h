/*
 * documents_input.h - the source of documents that the command line asks for.
 */
#ifndef TALLY_DEMO_DOCUMENTS_INPUT_H
#define TALLY_DEMO_DOCUMENTS_INPUT_H

#include "documents/document_source.h"
#include "program/documents_options.h"

/* STATUS_OK and *source, or STATUS_BAD_INPUT after a message. */
int documents_input_open(const struct documents_options *options,
                         const struct skip_observer *observer, struct document_source **source);

/* The message for a source that had not one document. */
void documents_input_complain_of_none(const struct documents_options *options);

#endif
