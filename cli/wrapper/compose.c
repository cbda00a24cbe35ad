/*
 * compose.c - the user's command line with Tally's arguments put in.
 *
 *   compiler  [compile: plugin or -finstrument-functions, -idirafter]  user's…  [link: runtime]
 *
 * Each argument is added only where the compiler uses it: clang warns of unused ones, and a build
 * with -Werror would end there. What to compile comes first, so that it stands before a "--"; the
 * runtime comes last, after everything that refers to it, and before the C library, whose empty
 * __cyg_profile_func_enter would else be taken.
 */
#include "compose.h"

#include <string.h>

/* ---- gcc has no plugin: the filters that it knows itself ---- */

/*
 * gcc's lists are of substrings, so "*name*" says exactly what it does. A plain name is accepted as
 * well; it excludes functions whose names merely contain it, too. Returns null for other patterns.
 */
static const char *gcc_substring(const char *pattern) {
    size_t length = strlen(pattern);
    if (length > 2 && pattern[0] == '*' && pattern[length - 1] == '*')
        pattern = format_string("%.*s", (int)(length - 2), pattern + 1);
    return *pattern && !strpbrk(pattern, "*?[]{}\\") ? pattern : NULL;
}

/* A comma separates the entries of gcc's lists. */
static const char *escape_commas(const char *text) {
    char *escaped = format_string("%s%s", text, text), *out = escaped; /* room for all doubled */
    for (; *text; text++) {
        if (*text == ',')
            *out++ = '\\';
        *out++ = *text;
    }
    *out = '\0';
    return escaped;
}

static const char *gcc_filter(const char *plugin_option) {
    static const struct {
        const char *key, *gcc_option;
    } filters[] = {
        {"exclude=", "-finstrument-functions-exclude-function-list="},
        {"exclude-file=", "-finstrument-functions-exclude-file-list="},
    };
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        const char *name;
        if (!has_prefix(plugin_option, filters[i].key))
            continue;
        name = gcc_substring(plugin_option + strlen(filters[i].key));
        if (!name)
            fail("%s%s: gcc excludes by plain names or *name* only", TALLY_PLUGIN_ARGUMENT,
                 plugin_option);
        return format_string("%s%s", filters[i].gcc_option, escape_commas(name));
    }
    fail("%s%s: with gcc, only exclude= and exclude-file= can be used", TALLY_PLUGIN_ARGUMENT,
         plugin_option);
}

/* ---- what is added ---- */

/* Destructors that only call their base's are to be functions nevertheless (plugin/frontend.cpp);
 * earlier versions have made up their mind about it before the plugin can say so. */
enum { FIRST_CLANG_THAT_ASKS_PLUGINS = 19 };

static void add_compile_arguments(const struct installation *installation,
                                  const struct compiler *compiler, const struct command_line *line,
                                  struct string_list *command) {
    if (line->compiles && compiler->family == COMPILER_GCC) {
        string_list_add(command, "-finstrument-functions");
        for (size_t i = 0; i < line->plugin_options.count; i++)
            string_list_add(command, gcc_filter(line->plugin_options.items[i]));
    } else if (line->compiles && !line->has_plugin) {
        string_list_add(command, format_string("-fplugin=%s",
                                               plugin_path(installation, compiler->major_version)));
        if (compiler->major_version < FIRST_CLANG_THAT_ASKS_PLUGINS) {
            string_list_add(command, "-Xclang");
            string_list_add(command, "-mno-constructor-aliases");
        }
    }
    if (line->preprocesses) { /* last of all places: nothing of the program's own is hidden */
        string_list_add(command, "-idirafter");
        string_list_add(command, installation->include_directory);
    }
}

static void add_link_arguments(const struct installation *installation,
                               const struct command_line *line, struct string_list *command) {
    if (!line->links)
        return;
    string_list_add(command, format_string("-L%s", installation->library_directory));
    string_list_add(command, "-ltally");
    if (line->links_static) {
        static const char *const needed[] = {TALLY_STATIC_OPTIONS NULL};
        for (size_t i = 0; needed[i]; i++)
            string_list_add(command, needed[i]);
        return;
    }
    /* Not -Wl,-rpath,… which a comma in the path would break. */
    string_list_add(command, "-Xlinker");
    string_list_add(command, "-rpath");
    string_list_add(command, "-Xlinker");
    string_list_add(command, installation->library_directory);
}

/* ---- the user's arguments ---- */

/* Whether -fplugin-arg-tally-… must go: gcc does not know it, clang does where it compiles only. */
static bool drops_plugin_options(const struct compiler *compiler, const struct command_line *line) {
    return line->plugin_options.count && (compiler->family == COMPILER_GCC || !line->compiles);
}

/* Inputs after "--" are written so that they need none: options are to follow them. */
static void add_inputs_after_dashes(const struct string_list *arguments, size_t first,
                                    struct string_list *command) {
    for (size_t i = first; i < arguments->count; i++) {
        const char *name = arguments->items[i];
        bool like_option = name[0] == '-' && name[1];
        string_list_add(command, like_option ? format_string("./%s", name) : name);
    }
}

static void add_user_arguments(const struct compiler *compiler, const struct command_line *line,
                               const struct string_list *arguments,
                               const struct string_list *expanded, struct string_list *command) {
    bool drops = drops_plugin_options(compiler, line);
    bool undash = line->has_dash_dash && compiler->family == COMPILER_CLANG;
    if (!drops && !undash) {
        string_list_add_all(command, arguments);
        return;
    }
    for (size_t i = 0; i < expanded->count; i++) {
        const char *argument = expanded->items[i];
        if (undash && strcmp(argument, "--") == 0) {
            add_inputs_after_dashes(expanded, i + 1, command);
            return;
        }
        if (!drops || !has_prefix(argument, TALLY_PLUGIN_ARGUMENT))
            string_list_add(command, argument);
    }
}

void compose_command(const struct installation *installation, const struct compiler *compiler,
                     const struct command_line *line, const struct string_list *arguments,
                     const struct string_list *expanded, struct string_list *command) {
    string_list_add_all(command, &compiler->command);
    add_compile_arguments(installation, compiler, line, command);
    add_user_arguments(compiler, line, arguments, expanded, command);
    add_link_arguments(installation, line, command);
}
