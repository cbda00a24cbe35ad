/*
 * temporary.h - a directory for one test, and its files as bytes.
 */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stddef.h>
#include <stdint.h>

/* Makes a directory; remove_directory takes it away with all files in it (no sub-directories). */
char *make_directory(void);
void remove_directory(char *path);
size_t count_files(const char *directory);

/* "directory/name"; free() it. */
char *path_in(const char *directory, const char *name);
uint8_t *read_bytes(const char *path, size_t *size);
void write_bytes(const char *path, const void *bytes, size_t size);

/* A file in memory, for tests that write thousands; path_of_fd gives what opens it by name. */
int memory_file(void);
void set_contents(int fd, const void *bytes, size_t size);
char *path_of_fd(int fd);

#endif
