/*
 * markdown.h - text of any contents in Markdown, as itself.
 */
#ifndef TALLY_CLI_MARKDOWN_H
#define TALLY_CLI_MARKDOWN_H

#include <stdio.h>

/* Clean text (text.h). `code` is a code span that may stand in a table. */
void markdown_text(FILE *to, const char *text);
void markdown_code(FILE *to, const char *text);

#endif
