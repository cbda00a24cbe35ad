/*
 * cmd_convert.c - `tally convert IN -o OUT`: the same profile in another format.
 *
 * The format is what --to says, else what the name of OUT says. Text goes to standard output when
 * no OUT is given; binary formats only if that is no terminal.
 */
#include "args.h"
#include "commands.h"
#include "convert.h"
#include "input.h"
#include "outfile.h"
#include "say.h"

#include <string.h>
#include <unistd.h>

static const char *const formats[] = {"pb.gz", "pb.zst", "pb", "folded", "json", NULL};
enum { PB_GZ, PB_ZST, PB, FOLDED, JSON };

struct convert {
    const char *out, *to, *kind;
    struct view_options view;
};

static const char details[] =
    "Formats:\n"
    "  pb.gz   pprof, gzip: what every pprof tool reads\n"
    "  pb.zst  pprof, zstd: smaller, for archives; google/pprof does not read it\n"
    "  pb      pprof, not compressed\n"
    "  folded  one line a stack, `main;work;leaf 42`, for flame graph tools; of one\n"
    "          sample type, in its unit; ';' in names becomes ':'\n"
    "  json    everything in the profile, exact\n"
    "The format follows the end of OUT's name (.txt and .folded are folded) unless\n"
    "--to names it. Without OUT, or with -o -, the result goes to standard output.\n"
    "--sample, --focus, --ignore and --hide apply to folded stacks only.";

static int format_of_name(const char *name) {
    static const struct {
        const char *end;
        int format;
    } ends[] = {{".pb.gz", PB_GZ}, {".gz", PB_GZ},      {".pb.zst", PB_ZST}, {".zst", PB_ZST},
                {".pb", PB},       {".folded", FOLDED}, {".txt", FOLDED},    {".json", JSON}};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i].end);
        if (length > end && strcmp(name + length - end, ends[i].end) == 0)
            return ends[i].format;
    }
    return -1;
}

static int write_profile(const struct tally_pprof_profile *profile, const char *out, int format) {
    static const enum tally_pprof_compression compressions[] = {
        [PB_GZ] = TALLY_PPROF_GZIP, [PB_ZST] = TALLY_PPROF_ZSTD, [PB] = TALLY_PPROF_PLAIN};
    struct tally_pprof_error error;
    if (strcmp(out, "-") == 0 && isatty(STDOUT_FILENO))
        return say_error("standard output", "is a terminal, and %s is not text; use -o FILE",
                         formats[format]);
    if (tally_pprof_write(profile, out, compressions[format], &error) != TALLY_PPROF_OK)
        return say_error(strcmp(out, "-") == 0 ? "standard output" : out, "%s", error.message);
    return STATUS_OK;
}

static int write_text(const struct input *input, const struct convert *convert, const char *out,
                      int format) {
    struct view *view = NULL;
    struct outfile file;
    int status = STATUS_OK;
    if (format == FOLDED)
        status = view_new(input->profile, &convert->view, input->file, true, &view);
    if (status == STATUS_OK)
        status = outfile_open(&file, out);
    if (status == STATUS_OK) {
        if (format == FOLDED)
            convert_folded(view, file.stream);
        else
            convert_json(input->profile, file.stream);
        status = outfile_close(&file);
    }
    if (view)
        view_free(view);
    return status;
}

static int convert(const struct convert *options, const char *operand) {
    const char *out = options->out ? options->out : "-";
    int format = options->to ? args_choice("--to", options->to, formats) : format_of_name(out);
    if (format < 0 && options->to)
        return STATUS_TROUBLE;
    if (format < 0)
        return say_error("convert", "which format? Give --to pb.gz, pb.zst, pb, folded or json, or "
                                    "an output name that says so");
    const struct view_options *view = &options->view;
    if (format != FOLDED && (view->sample || view->focus || view->ignore || view->hide))
        return say_error("convert", "--sample, --focus, --ignore and --hide are for --to folded");
    int status = outfile_usable(out);
    struct input input;
    const struct input_wanted wanted = {operand, options->kind, view->sample};
    if (status == STATUS_OK)
        status = input_open(&wanted, &input);
    if (status != STATUS_OK)
        return status;
    if (format == FOLDED || format == JSON)
        status = write_text(&input, options, out, format);
    else
        status = write_profile(input.profile, out, format);
    input_close(&input);
    return status;
}

int command_convert(int argc, char **argv) {
    struct convert given = {0};
    const struct args_option options[] = {
        {ARGS_TEXT, "output", 'o', &given.out, "OUT", "the file to write; -: standard output"},
        {ARGS_TEXT, "to", 0, &given.to, "FORMAT", "pb.gz, pb.zst, pb, folded or json"},
        {ARGS_TEXT, "sample", 0, &given.view.sample, "TYPE",
         "folded: the value to write\n(default: the profile's own default)"},
        {ARGS_TEXT, "focus", 0, &given.view.focus, "REGEX", "folded: only matching stacks"},
        {ARGS_TEXT, "ignore", 0, &given.view.ignore, "REGEX", "folded: no matching stacks"},
        {ARGS_TEXT, "hide", 0, &given.view.hide, "REGEX", "folded: leave matching frames out"},
        {ARGS_TEXT, "profile", 0, &given.kind, "KIND",
         "which profile of a .tally directory\n(default: calls, or what has the value asked for)"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    const struct args_spec spec = {
        .command = "convert",
        .usage = "[OPTIONS] [PROFILE] -o OUT\n[OPTIONS] [PROFILE] --to FORMAT",
        .summary = "the same profile in another format",
        .details = details,
        .options = options,
        .most = 1,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    return convert(&given, n ? argv[0] : NULL);
}
