/*
 * input.c - see input.h.
 *
 * run.json is worth less than the profile: if it cannot be read, that is said and the command goes
 * on without it. Everything else that fails ends the command.
 */
#include "input.h"

#include "say.h"
#include "symbolize.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const suffixes[] = {".pb.gz", ".pb.zst", ".pb"};
enum { N_SUFFIXES = sizeof suffixes / sizeof *suffixes };

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

static int compare_paths(const void *one, const void *other) {
    return strcmp(*(char *const *)one, *(char *const *)other);
}

char **input_list(const char *directory) {
    size_t n = 0, capacity = 0;
    char **files = need_room(NULL, &capacity, 0, sizeof *files);
    DIR *stream = opendir(directory);
    for (struct dirent *entry; stream && (entry = readdir(stream));)
        for (size_t i = 0; i < N_SUFFIXES; i++)
            if (entry->d_name[0] != '.' && ends_with(entry->d_name, suffixes[i])) {
                files = need_room(files, &capacity, n + 1, sizeof *files);
                files[n++] = need_print("%s/%s", directory, entry->d_name);
            }
    if (stream)
        closedir(stream);
    qsort(files, n, sizeof *files, compare_paths);
    files[n] = NULL;
    return files;
}

void input_list_free(char **files) {
    for (char **at = files; *at; at++)
        free(*at);
    free(files);
}

static bool newer(const struct stat *one, const struct stat *other) {
    if (one->st_mtim.tv_sec != other->st_mtim.tv_sec)
        return one->st_mtim.tv_sec > other->st_mtim.tv_sec;
    return one->st_mtim.tv_nsec > other->st_mtim.tv_nsec;
}

/* The newest *.tally directory here; of equally new ones the first by name. */
static char *newest_directory(void) {
    char *newest = NULL;
    struct stat newest_status = {0};
    DIR *stream = opendir(".");
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        struct stat status;
        if (!ends_with(entry->d_name, ".tally") || stat(entry->d_name, &status) != 0 ||
            !S_ISDIR(status.st_mode))
            continue;
        if (newest && !newer(&status, &newest_status) &&
            (newer(&newest_status, &status) || strcmp(entry->d_name, newest) > 0))
            continue;
        free(newest);
        newest = need_copy(entry->d_name);
        newest_status = status;
    }
    if (stream)
        closedir(stream);
    return newest;
}

/* What to try instead of a kind that is not in the directory. */
static int no_such_kind(const char *directory, const char *kind) {
    char **files = input_list(directory);
    char found[512] = "";
    for (char **at = files; *at; at++)
        snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s",
                 at == files ? "" : ", ", strrchr(*at, '/') + 1);
    input_list_free(files);
    if (!*found)
        return say_error(directory, "is a directory without a profile (%s.pb.gz)", kind);
    return say_error(directory, "has no %s.pb.gz; it has %s", kind, found);
}

static int find_in_directory(const char *directory, const char *kind, struct input *input) {
    if (access(directory, R_OK | X_OK) != 0)
        return say_error(directory, "%s", strerror(errno));
    if (!kind)
        kind = "calls";
    for (size_t i = 0; i < N_SUFFIXES; i++) {
        char *file = need_print("%s/%s%s", directory, kind, suffixes[i]);
        if (access(file, F_OK) == 0) {
            input->file = file;
            input->directory = need_copy(directory);
            return STATUS_OK;
        }
        free(file);
    }
    return no_such_kind(directory, kind);
}

static char *without_slashes(const char *path) {
    char *copy = need_copy(path);
    for (size_t length = strlen(copy); length > 1 && copy[length - 1] == '/'; length--)
        copy[length - 1] = 0;
    return copy;
}

int input_find(const char *operand, const char *kind, struct input *input) {
    *input = (struct input){0};
    char *path = operand ? without_slashes(operand) : newest_directory();
    if (!path)
        return say_error(NULL, "no *.tally directory here; name a profile or a .tally directory");
    if (!operand)
        say_note("reading %s, the newest here", path);
    int status = STATUS_OK;
    struct stat facts;
    if (strcmp(path, "-") == 0) {
        input->file = need_copy("/dev/stdin");
    } else if (stat(path, &facts) != 0) {
        status = say_error(path, "%s", strerror(errno));
    } else if (S_ISDIR(facts.st_mode)) {
        status = find_in_directory(path, kind, input);
    } else if (kind) {
        status =
            say_error(path, "is a file; --profile %s chooses among those of a directory", kind);
    } else {
        input->file = need_copy(path);
        const char *slash = strrchr(path, '/');
        char *parent = need_print("%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
        if (ends_with(parent, ".tally"))
            input->directory = need_copy(parent);
        free(parent);
    }
    free(path);
    return status;
}

static void read_run(struct input *input) {
    char *file = need_print("%s/run.json", input->directory);
    json_error_t error;
    if (access(file, F_OK) == 0) {
        input->run = json_load_file(file, JSON_REJECT_DUPLICATES, &error);
        if (!input->run)
            say_note("%s: %s at line %d; going on without it", file, error.text, error.line);
        else if (!json_is_object(input->run)) {
            say_note("%s: not an object; going on without it", file);
            json_decref(input->run);
            input->run = NULL;
        }
    }
    free(file);
}

int input_open(const char *operand, const char *kind, struct input *input) {
    int status = input_find(operand, kind, input);
    struct tally_pprof_error error;
    if (status == STATUS_OK &&
        tally_pprof_read(input->file, NULL, &input->profile, &error) != TALLY_PPROF_OK)
        status = say_error(input->file, "%s", error.message);
    if (status == STATUS_OK && input->directory)
        read_run(input);
    if (status == STATUS_OK)
        symbolize_profile(&input->profile, NULL);
    else
        input_close(input);
    return status;
}

void input_close(struct input *input) {
    free(input->file);
    free(input->directory);
    if (input->profile)
        tally_pprof_free(input->profile);
    json_decref(input->run);
    *input = (struct input){0};
}
