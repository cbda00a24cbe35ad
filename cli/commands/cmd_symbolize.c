/*
 * cmd_symbolize.c - `tally symbolize FILE|DIR`: writes functions and lines into profiles that have
 * addresses only. The runtime runs it at the end of -finstrument-functions programs.
 *
 * A file is rewritten whole, in the compression it had, and only if something was found for it.
 */
#include "args.h"
#include "commands.h"
#include "input.h"
#include "outfile.h"
#include "say.h"
#include "symbolize.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

static const char details[] =
    "Works on one profile, or on all profiles in a .tally directory. Addresses are\n"
    "looked up in the files that the profile's mappings name; a file that is not the\n"
    "one profiled (by build id) is not used. Debugging information may be in the file,\n"
    "beside it or under /usr/lib/debug; without any, the symbol table gives names.\n"
    "C++ names are shown without parameters; the linkage name is kept as system name.";

static int symbolize_file(const char *file) {
    struct tally_pprof_profile *profile;
    struct tally_pprof_error error;
    struct symbolize_result result;
    if (tally_pprof_read(file, NULL, &profile, &error) != TALLY_PPROF_OK)
        return say_error(file, "%s", error.message);
    symbolize_profile(&profile, &result);
    int status = STATUS_OK;
    if (result.resolved &&
        tally_pprof_write(profile, file, outfile_compression_of(file), &error) != TALLY_PPROF_OK)
        status = say_error(file, "%s", error.message);
    else if (!result.wanted)
        say_note("%s: every address has a function already", file);
    else
        say_note("%s: %zu of %zu addresses resolved", file, result.resolved, result.wanted);
    tally_pprof_free(profile);
    return status;
}

static int symbolize(const char *path) {
    struct stat facts;
    if (stat(path, &facts) != 0)
        return say_error(path, "%s", strerror(errno));
    if (!S_ISDIR(facts.st_mode))
        return symbolize_file(path);
    char **files = input_list(path);
    int status = *files ? STATUS_OK : say_error(path, "is a directory without a profile");
    for (char **at = files; *at; at++)
        if (symbolize_file(*at) != STATUS_OK)
            status = STATUS_TROUBLE;
    input_list_free(files);
    return status;
}

int command_symbolize(int argc, char **argv) {
    bool quiet = false;
    const struct args_option options[] = {
        {ARGS_FLAG, "quiet", 'q', &quiet, NULL, "say nothing but errors"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    const struct args_spec spec = {
        .command = "symbolize",
        .usage = "[OPTIONS] PROFILE",
        .summary = "fill in functions and lines from the program's files",
        .details = details,
        .options = options,
        .fewest = 1,
        .most = 1,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    say_quiet(quiet);
    return symbolize(argv[0]);
}
