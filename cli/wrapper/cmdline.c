/*
 * cmdline.c - reads a gcc or clang command line: finds the inputs and where the work stops.
 *
 * A compiler driver knows hundreds of options. The wrapper needs three things of them only: which
 * take the next argument (it is no input then), which stop the work before the link, and which ask
 * a question (--version, -print-file-name=…) so that inputs do not count. Options that no table
 * below names are taken for flags of one word, which all other options are.
 *
 * Invariant: when in doubt, a command line is left as it is. A missing -ltally is a link error that
 * names Tally; a superfluous one would break builds in ways that do not.
 */
#include "cmdline.h"

#include <string.h>

/* Options whose value may be the next argument. Of those that may also have it joined (-Idir),
 * only the bare form is meant. */
static const char *const options_with_value[] = {
    "-o",
    "-I",
    "-D",
    "-U",
    "-L",
    "-B",
    "-A",
    "-F",
    "-T",
    "-u",
    "-e",
    "-z",
    "-G",
    "-include",
    "-imacros",
    "-isystem",
    "-idirafter",
    "-iquote",
    "-iprefix",
    "-iwithprefix",
    "-iwithprefixbefore",
    "-iwithsysroot",
    "-isysroot",
    "-imultilib",
    "-iframework",
    "-ivfsoverlay",
    "-include-pch",
    "-cxx-isystem",
    "-c-isystem",
    "-stdlib++-isystem",
    "-MF",
    "-MT",
    "-MQ",
    "-MJ",
    "-Xclang",
    "-Xlinker",
    "-Xassembler",
    "-Xpreprocessor",
    "-Xanalyzer",
    "-Xarch_host",
    "-Xarch_device",
    "-Xopenmp-target",
    "-mllvm",
    "-target",
    "-arch",
    "-gcc-toolchain",
    "-working-directory",
    "-resource-dir",
    "-serialize-diagnostics",
    "-rpath",
    "-framework",
    "-Tbss",
    "-Tdata",
    "-Ttext",
    "-aux-info",
    "-param",
    "-specs",
    "-wrapper",
    "-dumpbase",
    "-dumpbase-ext",
    "-dumpdir",
    "--config",
    "--param",
    "--sysroot",
    "--output",
    "--include",
    "--imacros",
    "--define-macro",
    "--undefine-macro",
    "--include-directory",
    "--include-directory-after",
    "--include-prefix",
    "--include-with-prefix",
    "--include-with-prefix-after",
    "--include-with-prefix-before",
    "--library-directory",
    "--prefix",
    "--for-linker",
    "--for-assembler",
    "--force-link",
    "--assert",
    "--std",
    "--serialize-diagnostics",
    NULL,
};

/* Stop before code is made; what they make is not to be instrumented. */
static const char *const options_without_code[] = {
    "-E",
    "-M",
    "-MM",
    "-fsyntax-only",
    "-emit-ast",
    "--analyze",
    "--precompile",
    "-module-file-info",
    "--preprocess",
    "--dependencies",
    "--user-dependencies",
    "-verify-pch",
    NULL,
};

/* Stop after code is made. "-r" does link, but its result is linked again. */
static const char *const options_without_link[] = {
    "-c", "-S", "--compile", "--assemble", "-r", "--relocatable", NULL,
};

static const char *const options_that_ask[] = {
    "--version", "-dumpversion",  "-dumpfullversion", "-dumpmachine",   "-dumpspecs",
    "--help",    "--target-help", "--help-hidden",    "--autocomplete", NULL,
};

static const char *const source_suffixes[] = {
    "c",  "i",  "cc", "cp",  "cxx",  "cpp", "CPP", "c++",  "C",    "ii", "m",
    "mi", "mm", "M",  "mii", "cppm", "ixx", "ccm", "cxxm", "c++m", NULL,
};

static const char *const header_suffixes[] = {
    "h", "hh", "H", "hp", "hxx", "hpp", "HPP", "h++", "tcc", NULL,
};

static const char *const source_languages[] = {
    "c",
    "c++",
    "cpp-output",
    "c++-cpp-output",
    "objective-c",
    "objective-c++",
    "c++-module",
    "objective-c-cpp-output",
    "objective-c++-cpp-output",
    "objc-cpp-output",
    "objc++-cpp-output",
    NULL,
};

enum input_kind { INPUT_OTHER, INPUT_SOURCE, INPUT_HEADER };

struct reader {
    struct command_line *line;
    const char *language; /* of the inputs that follow (-x), or null: by suffix */
    bool inputs, sources, headers;
    bool makes_no_code, makes_no_link, asks;
};

static bool is_one_of(const char *word, const char *const *words) {
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static enum input_kind kind_of_input(const char *name, const char *language) {
    const char *dot;
    if (language) {
        if (is_one_of(language, source_languages))
            return INPUT_SOURCE;
        return has_suffix(language, "-header") ? INPUT_HEADER : INPUT_OTHER;
    }
    if (strcmp(name, "-") == 0)
        return INPUT_SOURCE; /* without -x only -E may read it */
    dot = strrchr(base_name(name), '.');
    if (!dot)
        return INPUT_OTHER;
    if (is_one_of(dot + 1, source_suffixes))
        return INPUT_SOURCE;
    return is_one_of(dot + 1, header_suffixes) ? INPUT_HEADER : INPUT_OTHER;
}

static void read_input(struct reader *reader, const char *name) {
    enum input_kind kind = kind_of_input(name, reader->language);
    reader->inputs = true;
    reader->sources |= kind == INPUT_SOURCE;
    reader->headers |= kind == INPUT_HEADER;
}

static void set_language(struct reader *reader, const char *language) {
    reader->language = strcmp(language, "none") == 0 ? NULL : language;
}

/* The value of an option that has it joined or in the next argument, moving *i on to it. */
static const char *value_of(const struct string_list *arguments, size_t *i, size_t option_length) {
    const char *argument = arguments->items[*i];
    if (argument[option_length])
        return argument + option_length;
    return *i + 1 < arguments->count ? arguments->items[++*i] : "";
}

static void read_flag(struct reader *reader, const char *flag) {
    struct command_line *line = reader->line;
    if (is_one_of(flag, options_without_code))
        reader->makes_no_code = true;
    else if (is_one_of(flag, options_without_link))
        reader->makes_no_link = true;
    else if (is_one_of(flag, options_that_ask) || has_prefix(flag, "-print-") ||
             has_prefix(flag, "--print-") || has_prefix(flag, "--help="))
        reader->asks = true;
    else if (strcmp(flag, "-static") == 0 || strcmp(flag, "--static") == 0 ||
             strcmp(flag, "-static-pie") == 0)
        line->links_static = true;
    else if (has_prefix(flag, TALLY_PLUGIN_ARGUMENT))
        string_list_add(&line->plugin_options, flag + strlen(TALLY_PLUGIN_ARGUMENT));
    else if (has_prefix(flag, "-fplugin=") || has_prefix(flag, "-fpass-plugin="))
        line->has_plugin |= strcmp(base_name(strchr(flag, '=') + 1), "tally.so") == 0;
}

/* Reads the argument at *i, and its value if that is the next one. */
static void read_argument(struct reader *reader, const struct string_list *arguments, size_t *i) {
    const char *argument = arguments->items[*i];
    if (argument[0] != '-' || !argument[1])
        read_input(reader, argument);
    else if (strcmp(argument, "--") == 0)
        reader->line->has_dash_dash = true;
    else if (has_prefix(argument, "-x"))
        set_language(reader, value_of(arguments, i, strlen("-x")));
    else if (has_prefix(argument, "--language="))
        set_language(reader, argument + strlen("--language="));
    else if (strcmp(argument, "--language") == 0)
        set_language(reader, value_of(arguments, i, strlen("--language")));
    else if (has_prefix(argument, "-l")) {
        value_of(arguments, i, strlen("-l"));
        reader->inputs = true; /* "cc -lfoo" links */
    } else if (is_one_of(argument, options_with_value))
        value_of(arguments, i, strlen(argument));
    else
        read_flag(reader, argument);
}

void read_command_line(const struct string_list *arguments, struct command_line *line) {
    struct reader reader = {.line = line};
    *line = (struct command_line){0};
    if (arguments->count && has_prefix(arguments->items[0], "-cc1"))
        return; /* the compiler proper, called by hand */
    for (size_t i = 0; i < arguments->count; i++) {
        if (line->has_dash_dash)
            read_input(&reader, arguments->items[i]);
        else
            read_argument(&reader, arguments, &i);
    }
    if (reader.asks)
        return;
    line->preprocesses = reader.sources || reader.headers;
    line->compiles = reader.sources && !reader.makes_no_code;
    line->links = reader.inputs && !(reader.headers && !reader.sources) && !reader.makes_no_code &&
                  !reader.makes_no_link;
}
