/*
 * compiler.c - chooses the compiler, and asks it what it is.
 *
 * A compiler is asked by having it print its predefined macros, which every gcc and clang does
 * whatever its name, through ccache and the like too. That is one short process; clang-N found in
 * PATH is believed to be clang N without being asked, as this is done once for every file of a
 * build.
 */
#include "compiler.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Full path of `name`, searched for as execvp does; null if there is no such program. */
static const char *find_program(const char *name) {
    const char *path = getenv("PATH");
    struct stat status;
    if (strchr(name, '/'))
        return access(name, X_OK) == 0 ? name : NULL;
    for (const char *end; path; path = *end ? end + 1 : NULL) {
        end = strchrnul(path, ':');
        const char *directory = end == path ? "." : format_string("%.*s", (int)(end - path), path);
        const char *candidate = format_string("%s/%s", directory, name);
        if (access(candidate, X_OK) == 0 && stat(candidate, &status) == 0 &&
            S_ISREG(status.st_mode))
            return candidate;
    }
    return NULL;
}

/* Starts `command` with its output going to the descriptor returned. */
static int start_reading(char *const command[], pid_t *child) {
    posix_spawn_file_actions_t actions;
    int ends[2], error;
    if (pipe2(ends, O_CLOEXEC) != 0)
        fail("cannot make a pipe: %m");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    error = posix_spawnp(child, command[0], &actions, NULL, command, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error)
        fail("cannot run %s: %s", command[0], strerror(error));
    return ends[0];
}

struct macros {
    unsigned clang_major, gcc_major; /* 0: not defined */
};

static void read_macros(int descriptor, struct macros *macros) {
    FILE *output = fdopen(descriptor, "r");
    char *line = NULL;
    size_t capacity = 0;
    if (!output)
        fail("out of memory");
    while (getline(&line, &capacity, output) > 0) {
        sscanf(line, "#define __clang_major__ %u", &macros->clang_major);
        sscanf(line, "#define __GNUC__ %u", &macros->gcc_major);
    }
    free(line);
    fclose(output);
}

static struct macros ask_for_macros(const struct string_list *command) {
    static const char *const question[] = {"-dM", "-E", "-x", "c", "/dev/null"};
    struct string_list words = {0};
    struct macros macros = {0, 0};
    pid_t child;
    string_list_add_all(&words, command);
    for (size_t i = 0; i < sizeof question / sizeof *question; i++)
        string_list_add(&words, question[i]);
    read_macros(start_reading(words.items, &child), &macros);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
    return macros;
}

static void identify(const struct installation *installation, struct compiler *compiler) {
    const char *name = compiler->command.items[compiler->command.count - 1];
    struct macros macros = ask_for_macros(&compiler->command);
    if (macros.clang_major) {
        compiler->family = COMPILER_CLANG;
        compiler->major_version = macros.clang_major;
        if (!has_plugin_for(installation, macros.clang_major))
            fail("%s is clang %u, for which %s/tally has no plugin (it has: %s)", name,
                 macros.clang_major, installation->library_directory,
                 plugin_versions_text(installation));
    } else if (macros.gcc_major) {
        compiler->family = COMPILER_GCC;
        compiler->major_version = macros.gcc_major;
    } else
        fail("%s is neither clang nor gcc: it does not print their macros when run with -dM -E",
             name);
}

/* The C++ compiler that belongs to a C compiler, or the other way round: clang-16 <-> clang++-16;
 * null if the name says nothing. */
static const char *sibling_name(const char *command, bool cxx) {
    static const char *const pairs[][2] = {{"clang", "clang++"}, {"gcc", "g++"}, {"cc", "c++"}};
    const char *name = base_name(command);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *from = pairs[i][!cxx], *to = pairs[i][cxx], *at = NULL;
        for (const char *next = name; (next = strstr(next, from)); next++)
            at = next;
        if (at && (at == name || at[-1] == '-') && (!at[strlen(from)] || at[strlen(from)] == '-'))
            return format_string("%.*s%s%s", (int)(at - command), command, to, at + strlen(from));
    }
    return NULL;
}

static void refuse_itself(const struct installation *installation, const char *word) {
    const char *path = find_program(word);
    char *resolved = path ? realpath(path, NULL) : NULL;
    if (resolved && strcmp(resolved, installation->executable) == 0)
        fail("%s is this wrapper: TALLY_CC and TALLY_CXX name the compiler it is to run", word);
    free(resolved);
}

/* Splits the value at blanks ("ccache clang-16"), unless all of it is the name of a program. */
static void use_named(const struct installation *installation, const char *variable,
                      const char *value, struct compiler *compiler) {
    if (find_program(value))
        string_list_add(&compiler->command, value);
    else {
        char *copy = format_string("%s", value), *rest, *word;
        for (word = strtok_r(copy, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest))
            string_list_add(&compiler->command, word);
    }
    if (!compiler->command.count)
        fail("%s is blank: name a compiler, or unset it", variable);
    for (size_t i = 0; i < compiler->command.count; i++)
        refuse_itself(installation, compiler->command.items[i]);
    if (!find_program(compiler->command.items[0]))
        fail("%s: there is no program %s", variable, compiler->command.items[0]);
    identify(installation, compiler);
}

static bool use_from_environment(const struct installation *installation, bool cxx,
                                 struct compiler *compiler) {
    const char *variable = cxx ? "TALLY_CXX" : "TALLY_CC";
    const char *other_variable = cxx ? "TALLY_CC" : "TALLY_CXX";
    const char *value = getenv(variable), *other = getenv(other_variable);
    if (value && *value) {
        use_named(installation, variable, value, compiler);
        return true;
    }
    if (!other || !*other)
        return false;
    value = sibling_name(other, cxx);
    if (!value)
        fail("%s=%s does not tell which %s compiler goes with it: set %s too", other_variable,
             other, cxx ? "C++" : "C", variable);
    use_named(installation, format_string("%s for %s=%s", variable, other_variable, other), value,
              compiler);
    return true;
}

/* clang++-N for C++; where a system has only clang-N, that one can be told to be it. */
static bool use_clang(unsigned version, bool cxx, struct compiler *compiler) {
    const char *name = format_string(cxx ? "clang++-%u" : "clang-%u", version);
    bool found = find_program(name);
    if (!found && cxx) {
        name = format_string("clang-%u", version);
        found = find_program(name);
    }
    if (!found)
        return false;
    compiler->family = COMPILER_CLANG;
    compiler->major_version = version;
    string_list_add(&compiler->command, name);
    if (cxx && !strstr(name, "++"))
        string_list_add(&compiler->command, "--driver-mode=g++");
    return true;
}

void choose_compiler(const struct installation *installation, bool cxx, struct compiler *compiler) {
    const char *plain = cxx ? "clang++" : "clang";
    *compiler = (struct compiler){0};
    if (use_from_environment(installation, cxx, compiler))
        return;
    if (!installation->n_llvm_versions)
        fail("no compiler plugin in %s/tally: reinstall Tally, or set TALLY_CC=gcc",
             installation->library_directory);
    for (size_t i = 0; i < installation->n_llvm_versions; i++)
        if (use_clang(installation->llvm_versions[i], cxx, compiler))
            return;
    if (!find_program(plain))
        fail("no clang in PATH that Tally has a plugin for (it has: %s): install one, or set "
             "TALLY_CC=gcc",
             plugin_versions_text(installation));
    string_list_add(&compiler->command, plain);
    identify(installation, compiler);
}
