/*
 * cmd_merge.c - `tally merge OUT IN...`: the sum of several profiles in one file.
 *
 * The sums are tally_pprof_merge's. The format cannot hold more than 2^63-1; a sum that ends there
 * is told, since no program makes exactly that many calls.
 */
#include "args.h"
#include "commands.h"
#include "input.h"
#include "outfile.h"
#include "say.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char details[] =
    "OUT ends in .pb.gz (or any name: gzip), .pb.zst or .pb. Each IN is a pprof file\n"
    "or a .tally directory. All must have the same sample types. OUT is written whole\n"
    "or not at all; what was there is replaced.";

static bool same_file(const char *one, const char *other) {
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static void warn_of_limits(const struct tally_pprof_profile *profile, const char *out) {
    for (size_t i = 0; i < profile->n_samples; i++)
        for (size_t j = 0; j < profile->n_sample_types; j++)
            if (profile->samples[i].values[j] == INT64_MAX ||
                profile->samples[i].values[j] == INT64_MIN) {
                say_note("%s: some sums are too large for the format and were cut off at 2^63-1",
                         out);
                return;
            }
}

static int read_inputs(const char *out, char **names, size_t n, const char *kind,
                       struct tally_pprof_profile **profiles) {
    int status = STATUS_OK;
    for (size_t i = 0; i < n && status == STATUS_OK; i++) {
        struct input input;
        struct tally_pprof_error error;
        status = input_find(&(struct input_wanted){.operand = names[i], .kind = kind}, &input);
        if (status == STATUS_OK && same_file(out, input.file))
            status = say_error(out, "is an input as well; name another output");
        if (status == STATUS_OK &&
            tally_pprof_read(input.file, NULL, &profiles[i], &error) != TALLY_PPROF_OK)
            status = say_error(input.file, "%s", error.message);
        input_close(&input);
    }
    return status;
}

static int merge(const char *out, char **names, size_t n, const char *kind) {
    struct tally_pprof_profile **profiles = need_array(n, sizeof *profiles), *sum = NULL;
    struct tally_pprof_error error;
    int status = outfile_usable(out);
    if (status == STATUS_OK)
        status = read_inputs(out, names, n, kind, profiles);
    if (status == STATUS_OK) {
        if (tally_pprof_merge((const struct tally_pprof_profile *const *)profiles, n, &sum,
                              &error) != TALLY_PPROF_OK)
            status = say_error(out, "%s", error.message);
        else if (tally_pprof_write(sum, out, outfile_compression(out), &error) != TALLY_PPROF_OK)
            status = say_error(out, "%s", error.message);
        else
            warn_of_limits(sum, out);
    }
    for (size_t i = 0; i < n; i++)
        if (profiles[i])
            tally_pprof_free(profiles[i]);
    if (sum)
        tally_pprof_free(sum);
    free(profiles);
    return status;
}

int command_merge(int argc, char **argv) {
    const char *kind = NULL;
    const struct args_option options[] = {
        {ARGS_TEXT, "profile", 0, &kind, "KIND",
         "which profile of .tally directories (default: calls)"},
        {ARGS_END, NULL, 0, NULL, NULL, NULL},
    };
    const struct args_spec spec = {
        .command = "merge",
        .usage = "[OPTIONS] OUT IN...",
        .summary = "several profiles as one",
        .details = details,
        .options = options,
        .fewest = 2,
        .most = SIZE_MAX,
    };
    size_t n;
    enum args_result result = args_parse(&spec, argc, argv, &n);
    if (result != ARGS_GO)
        return result == ARGS_HELPED ? STATUS_OK : STATUS_TROUBLE;
    return merge(argv[0], argv + 1, n - 1, kind);
}
