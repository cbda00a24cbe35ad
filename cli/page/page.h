/*
 * page.h - the page that `tally report` fills with data: one HTML file, without its data.
 *
 *   tally_page_begin … tally_page_end   UTF-8 text, with a zero byte behind it
 *
 * It has each of these once, to be replaced:
 *   @TALLY_TITLE@   the title, escaped for HTML
 *   @TALLY_DATA@    base64 of gzip of JSON; src/data.ts says what the JSON is
 *
 * Only a build with node and npm has the page: target tally_page (CMakeLists.txt).
 */
#ifndef TALLY_CLI_PAGE_H
#define TALLY_CLI_PAGE_H

extern const char tally_page_begin[], tally_page_end[];

#endif
