/*
 * installation.c - finds the installation by the place this program was started from.
 *
 * Nothing is compiled in but the name of the library directory below the prefix (lib, lib64,
 * lib/x86_64-linux-gnu), so an installation can be moved as a whole. /proc/self/exe is the file
 * itself, so a symbolic link to tally-cc in another directory works.
 */
#include "installation.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *own_path(void) {
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        fail("cannot find out where it is installed: /proc/self/exe: %m");
    path[length] = '\0';
    return format_string("%s", path);
}

/* The path without its last `n` parts. */
static const char *parent_directory(const char *path, int n) {
    char *copy = format_string("%s", path);
    for (; n > 0; n--) {
        char *slash = strrchr(copy, '/');
        if (slash)
            *slash = '\0';
    }
    return copy;
}

static void add_version(struct installation *installation, unsigned version) {
    size_t i = installation->n_llvm_versions;
    if (i == MAX_PLUGINS)
        return;
    for (; i > 0 && installation->llvm_versions[i - 1] < version; i--)
        installation->llvm_versions[i] = installation->llvm_versions[i - 1];
    installation->llvm_versions[i] = version;
    installation->n_llvm_versions++;
}

static void find_plugins(struct installation *installation) {
    const char *path = format_string("%s/tally", installation->library_directory);
    DIR *directory = opendir(path);
    struct dirent *entry;
    if (!directory)
        return;
    while ((entry = readdir(directory))) {
        unsigned version;
        int length = 0;
        if (sscanf(entry->d_name, "llvm-%u%n", &version, &length) == 1 && !entry->d_name[length] &&
            access(plugin_path(installation, version), R_OK) == 0)
            add_version(installation, version);
    }
    closedir(directory);
}

void find_installation(struct installation *installation) {
    const char *prefix;
    installation->executable = own_path();
    prefix = parent_directory(installation->executable, 2);
    installation->include_directory = format_string("%s/include", prefix);
    installation->library_directory = format_string("%s/lib", prefix);
    if (access(format_string("%s/tally", installation->library_directory), F_OK) != 0) {
        const char *other = format_string("%s/" TALLY_LIBRARY_DIRECTORY, prefix);
        if (access(format_string("%s/tally", other), F_OK) == 0)
            installation->library_directory = other;
    }
    installation->n_llvm_versions = 0;
    find_plugins(installation);
}

const char *plugin_path(const struct installation *installation, unsigned llvm_version) {
    return format_string("%s/tally/llvm-%u/tally.so", installation->library_directory,
                         llvm_version);
}

bool has_plugin_for(const struct installation *installation, unsigned llvm_version) {
    for (size_t i = 0; i < installation->n_llvm_versions; i++)
        if (installation->llvm_versions[i] == llvm_version)
            return true;
    return false;
}

const char *plugin_versions_text(const struct installation *installation) {
    const char *text = "none";
    for (size_t i = installation->n_llvm_versions; i-- > 0;) {
        unsigned version = installation->llvm_versions[i];
        bool first = i + 1 == installation->n_llvm_versions;
        text = first ? format_string("%u", version) : format_string("%s, %u", text, version);
    }
    return text;
}
