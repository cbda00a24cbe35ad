/*
 * input.c - see input.h.
 *
 * run.json is worth less than the profile: if it cannot be read, that is said and the command goes
 * on without it. Everything else that fails ends the command.
 */
#include "input.h"

#include "say.h"
#include "symbolize.h"
#include "values.h"

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

/* The file of a kind in the directory, or null. Free it. */
static char *file_of_kind(const char *directory, const char *kind) {
    for (size_t i = 0; i < N_SUFFIXES; i++) {
        char *file = need_print("%s/%s%s", directory, kind, suffixes[i]);
        if (access(file, F_OK) == 0)
            return file;
        free(file);
    }
    return NULL;
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

/* The kind that a type of Tally's own is in. That is written down here and not found out, because
 * several kinds have types of one name (sizes and pools have alloc_objects), and because to look
 * into calls.pb.gz first, which may be large, takes as long as all the rest. */
static const char *kind_of_type(const char *type) {
    static const struct {
        const char *type, *kind;
    } known[] = {
        {"calls", "calls"},
        {"wall", "calls"},
        {"wall_variance", "calls"},
        {"alloc_objects", "heap"},
        {"alloc_space", "heap"},
        {"inuse_objects", "heap"},
        {"inuse_space", "heap"},
        {"peak_objects", "peak"},
        {"peak_space", "peak"},
        {"site_peak_space", "peak"},
        {"freed_objects", "lifetime"},
        {"lifetime", "lifetime"},
        {"temporary_objects", "lifetime"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(type, known[i].type) == 0)
            return known[i].kind;
    return NULL;
}

/* The names of the types that a file has, and whether `type` is one of them. Free them. */
static char *types_of_file(const char *file, const char *type, bool *has_type) {
    struct tally_pprof_profile *profile;
    struct tally_pprof_error error;
    *has_type = false;
    if (tally_pprof_read(file, NULL, &profile, &error) != TALLY_PPROF_OK)
        return need_print("what cannot be read (%s)", error.message);
    char *names = values_names(profile);
    *has_type = tally_pprof_sample_index(profile, type) >= 0;
    tally_pprof_free(profile);
    return names;
}

/* The first file of the directory, by name, that has the type; else null and an error that tells
 * what there is. */
static char *search_for_type(const char *directory, const char *type) {
    char **files = input_list(directory), *found = NULL, *all = need_copy("");
    for (char **at = files; *at && !found; at++) {
        bool has_type;
        char *types = types_of_file(*at, type, &has_type);
        char *longer =
            need_print("%s%s%s has %s", all, at == files ? "" : "; ", strrchr(*at, '/') + 1, types);
        free(types);
        free(all);
        all = longer;
        if (has_type)
            found = need_copy(*at);
    }
    if (!*files)
        no_such_kind(directory, "calls");
    else if (!found)
        say_error(directory, "has no profile with the sample type '%s'; %s", type, all);
    input_list_free(files);
    free(all);
    return found;
}

static char *file_of_type(const char *directory, const char *type) {
    const char *kind = kind_of_type(type);
    char *file = kind ? file_of_kind(directory, kind) : NULL;
    return file ? file : search_for_type(directory, type);
}

static int find_in_directory(const char *directory, const struct input_wanted *wanted,
                             struct input *input) {
    const char *kind = wanted->kind ? wanted->kind : "calls";
    bool by_type = wanted->sample && !wanted->kind;
    if (access(directory, R_OK | X_OK) != 0)
        return say_error(directory, "%s", strerror(errno));
    input->file = by_type ? file_of_type(directory, wanted->sample) : file_of_kind(directory, kind);
    if (!input->file)
        return by_type ? STATUS_TROUBLE : no_such_kind(directory, kind);
    input->directory = need_copy(directory);
    return STATUS_OK;
}

char *input_without_slashes(const char *path) {
    char *copy = need_copy(path);
    for (size_t length = strlen(copy); length > 1 && copy[length - 1] == '/'; length--)
        copy[length - 1] = 0;
    return copy;
}

int input_find(const struct input_wanted *wanted, struct input *input) {
    const char *operand = wanted->operand, *kind = wanted->kind;
    *input = (struct input){0};
    char *path = operand ? input_without_slashes(operand) : newest_directory();
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
        status = find_in_directory(path, wanted, input);
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

int input_read(struct input *input) {
    struct tally_pprof_error error;
    if (tally_pprof_read(input->file, NULL, &input->profile, &error) != TALLY_PPROF_OK) {
        say_error(input->file, "%s", error.message);
        input_close(input);
        return STATUS_TROUBLE;
    }
    if (input->directory)
        read_run(input);
    symbolize_profile(&input->profile, NULL);
    return STATUS_OK;
}

int input_open(const struct input_wanted *wanted, struct input *input) {
    int status = input_find(wanted, input);
    return status == STATUS_OK ? input_read(input) : status;
}

bool input_is_directory(const char *operand) {
    struct stat facts;
    return stat(operand, &facts) == 0 && S_ISDIR(facts.st_mode);
}

bool input_may_have(const char *operand, const char *type) {
    const char *kind = kind_of_type(type);
    if (!kind || !input_is_directory(operand))
        return true;
    char *file = file_of_kind(operand, kind);
    free(file);
    return file != NULL;
}

void input_close(struct input *input) {
    free(input->file);
    free(input->directory);
    if (input->profile)
        tally_pprof_free(input->profile);
    json_decref(input->run);
    *input = (struct input){0};
}
