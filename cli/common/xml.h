/*
 * xml.h - text of any contents in XML 1.0, in elements and in quoted attributes.
 */
#ifndef TALLY_CLI_XML_H
#define TALLY_CLI_XML_H

#include <stdio.h>

/* Any bytes; what is no character of XML (not UTF-8, most control characters) becomes U+FFFD. */
void xml_text(FILE *to, const char *text);

#endif
