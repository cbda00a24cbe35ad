/*
 * markdown.h - text of any contents in Markdown, on standard output or in a file, as itself.
 */
#ifndef TALLY_CLI_MARKDOWN_H
#define TALLY_CLI_MARKDOWN_H

/* Clean text (text.h), to standard output. `code` is a code span that may stand in a table. */
void markdown_text(const char *text);
void markdown_code(const char *text);

#endif
