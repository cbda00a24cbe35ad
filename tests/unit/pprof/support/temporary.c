/*
 * temporary.c - files of one test; see temporary.h. What fails here fails the test.
 */
#define _GNU_SOURCE

#include "temporary.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void insist(int truth, const char *what) {
    if (!truth) {
        perror(what);
        abort();
    }
}

char *make_directory(void) {
    const char *base = getenv("TMPDIR");
    char *path;
    insist(asprintf(&path, "%s/tally-test-XXXXXX", base != NULL ? base : "/tmp") > 0, "asprintf");
    insist(mkdtemp(path) != NULL, path);
    return path;
}

char *path_in(const char *directory, const char *name) {
    char *path;
    insist(asprintf(&path, "%s/%s", directory, name) > 0, "asprintf");
    return path;
}

/* Calls `with` for each file; returns how many there are. */
static size_t each_file(const char *directory, void (*with)(const char *path)) {
    DIR *open = opendir(directory);
    size_t n = 0;
    insist(open != NULL, directory);
    for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        n++;
        if (with != NULL) {
            char *path = path_in(directory, entry->d_name);
            with(path);
            free(path);
        }
    }
    closedir(open);
    return n;
}

static void remove_file(const char *path) {
    insist(unlink(path) == 0, path);
}

void remove_directory(char *path) {
    each_file(path, remove_file);
    insist(rmdir(path) == 0, path);
    free(path);
}

size_t count_files(const char *directory) {
    return each_file(directory, NULL);
}

uint8_t *read_bytes(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    insist(file != NULL, path);
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*size + 1);
    insist(fread(bytes, 1, *size, file) == *size, path);
    bytes[*size] = '\0';
    fclose(file);
    return bytes;
}

void write_bytes(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "wb");
    insist(file != NULL, path);
    insist(fwrite(bytes, 1, size, file) == size, path);
    insist(fclose(file) == 0, path);
}

int memory_file(void) {
    int fd = memfd_create("profile", MFD_CLOEXEC);
    insist(fd >= 0, "memfd_create");
    return fd;
}

void set_contents(int fd, const void *bytes, size_t size) {
    insist(ftruncate(fd, 0) == 0, "ftruncate");
    insist(pwrite(fd, bytes, size, 0) == (ssize_t)size, "pwrite");
}

char *path_of_fd(int fd) {
    char *path;
    insist(asprintf(&path, "/proc/self/fd/%d", fd) > 0, "asprintf");
    return path;
}
