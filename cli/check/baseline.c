/*
 * baseline.c - see baseline.h.
 */
#include "baseline.h"

#include "say.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool baseline_exists(const char *path) {
    struct stat facts;
    return strcmp(path, "-") == 0 || stat(path, &facts) == 0 || errno != ENOENT;
}

static int failed(const char *path) {
    return say_error(path, "%s", strerror(errno));
}

/* Calls `visit` for each file in the directory, until one call fails. Anything but a regular file
 * is an error. */
static int for_each_file(const char *directory,
                         int (*visit)(const char *path, const char *name, const char *argument),
                         const char *argument) {
    DIR *stream = opendir(directory);
    if (!stream)
        return failed(directory);
    int status = STATUS_OK;
    for (struct dirent *entry; status == STATUS_OK && (entry = readdir(stream));) {
        struct stat facts;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char *path = need_print("%s/%s", directory, entry->d_name);
        if (lstat(path, &facts) != 0)
            status = failed(path);
        else if (!S_ISREG(facts.st_mode))
            status = say_error(path, "is not a file; in a profile's directory there are only such");
        else
            status = visit(path, entry->d_name, argument);
        free(path);
    }
    closedir(stream);
    return status;
}

static int accept_file(const char *path, const char *name, const char *argument) {
    (void)path, (void)name, (void)argument;
    return STATUS_OK;
}

static int delete_file(const char *path, const char *name, const char *argument) {
    (void)name, (void)argument;
    return unlink(path) == 0 ? STATUS_OK : failed(path);
}

static int delete_directory(const char *directory) {
    int status = for_each_file(directory, delete_file, NULL);
    return status == STATUS_OK && rmdir(directory) != 0 ? failed(directory) : status;
}

/* ---- copying ---- */

static int copy_bytes(int from, int to) {
    char buffer[1 << 16];
    ssize_t n;
    while ((n = read(from, buffer, sizeof buffer)) > 0)
        for (ssize_t done = 0, written; done < n; done += written)
            if ((written = write(to, buffer + done, (size_t)(n - done))) < 0)
                return -1;
    return n < 0 || fsync(to) != 0 ? -1 : 0;
}

static int copy_file(const char *path, const char *name, const char *directory) {
    char *copy = need_print("%s/%s", directory, name);
    int from = open(path, O_RDONLY | O_CLOEXEC);
    int to = from < 0 ? -1 : open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int status = STATUS_OK;
    if (from < 0)
        status = failed(path);
    else if (to < 0 || copy_bytes(from, to) != 0)
        status = failed(copy);
    if (to >= 0 && close(to) != 0 && status == STATUS_OK)
        status = failed(copy);
    if (from >= 0)
        close(from);
    free(copy);
    return status;
}

/* mkdtemp makes directories private; the copy is as open as any the user makes. */
static char *make_beside(const char *path) {
    char *directory = need_print("%s.XXXXXX", path);
    if (mkdtemp(directory)) {
        mode_t mask = umask(0);
        umask(mask);
        chmod(directory, 0777 & ~mask);
        return directory;
    }
    failed(directory);
    free(directory);
    return NULL;
}

/* ---- replacing ---- */

/* Some file systems cannot exchange; there is then a moment without either. */
static int exchange(const char *one, const char *other) {
    if (renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return -1;
    char *aside = need_print("%s.aside", one);
    int result = rename(other, aside);
    if (result == 0)
        result = rename(one, other);
    if (result == 0)
        result = rename(aside, one);
    free(aside);
    return result;
}

static int put_in_place(const char *copy, const char *baseline, bool is_there) {
    if (!is_there)
        return rename(copy, baseline) == 0 ? STATUS_OK : failed(baseline);
    if (exchange(copy, baseline) != 0)
        return failed(baseline);
    return delete_directory(copy);
}

/* A path that need not exist, without slashes at its end and, if it exists, without links. */
static char *real_path(const char *path) {
    char *real = realpath(path, NULL);
    if (real)
        return real;
    real = need_copy(path);
    for (size_t n = strlen(real); n > 1 && real[n - 1] == '/'; n--)
        real[n - 1] = 0;
    return real;
}

static int replace(const char *baseline, const char *by) {
    bool is_there = baseline_exists(baseline);
    int status = is_there ? for_each_file(baseline, accept_file, NULL) : STATUS_OK;
    char *copy = status == STATUS_OK ? make_beside(baseline) : NULL;
    if (!copy)
        return STATUS_TROUBLE;
    status = for_each_file(by, copy_file, copy);
    if (status == STATUS_OK)
        status = put_in_place(copy, baseline, is_there);
    else
        delete_directory(copy);
    free(copy);
    return status;
}

int baseline_replace(const char *baseline, const char *by) {
    char *real = real_path(baseline), *real_by = real_path(by);
    int status = STATUS_OK;
    if (strcmp(real, real_by) != 0)
        status = replace(real, real_by);
    free(real);
    free(real_by);
    return status;
}
