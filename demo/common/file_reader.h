/*
 * file_reader.h - a whole regular file into memory, and whether it is text.
 *
 * Reading never blocks on a FIFO or a device: whatever is not a regular file is refused after it
 * was opened, so that a name that changes its meaning between directory walk and read does no harm.
 */
#ifndef TALLY_DEMO_FILE_READER_H
#define TALLY_DEMO_FILE_READER_H

#include "common/string_buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends the contents of `path` to `contents`. 0, or -errno: -EINVAL for what is not a regular
 * file, -EFBIG for more than `limit_bytes`. On an error `contents` is empty. */
int file_read_whole(const char *path, size_t limit_bytes, struct string_buffer *contents);

/* No byte that text in ASCII, UTF-8 or ISO-8859 never has: file(1)'s rule for ASCII text, with
 * 0x80..0xff let through. */
bool text_is_plain(const char *bytes, size_t size_bytes);

#endif
