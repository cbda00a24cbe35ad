/*
 * input.h - finding and reading what a command was asked to look at.
 *
 *   operand            profile file                                    run.json
 *   (none)             that of the newest *.tally                      beside it
 *   app.tally          KIND.pb.gz in it, if a kind is asked for        beside it
 *                      else the one that has the sample type asked for
 *                      else calls.pb.gz
 *   app.tally/x.pb.gz  itself                                          beside it
 *   cpu.prof           itself                                          none
 *
 * A profile that has addresses without functions is symbolised in memory when the files it was
 * taken from are there.
 */
#ifndef TALLY_CLI_INPUT_H
#define TALLY_CLI_INPUT_H

#include "tally/pprof.h"

#include <jansson.h>
#include <stdbool.h>

struct input {
    char *file;      /* path of the profile */
    char *directory; /* the .tally directory it is in, or null */
    struct tally_pprof_profile *profile;
    json_t *run; /* contents of run.json, or null */
};

/* What is looked for; each may be null. */
struct input_wanted {
    const char *operand;
    const char *kind;   /* --profile */
    const char *sample; /* the type that is to be in it; of a file named, that is not looked at */
};

/* Each returns 0, or STATUS_TROUBLE with a message. To open is to find and to read; what cannot be
 * read is closed. */
int input_find(const struct input_wanted *wanted, struct input *input);
int input_read(struct input *input);
int input_open(const struct input_wanted *wanted, struct input *input);
void input_close(struct input *input);

/* A copy of the path without slashes at its end. Free it. */
char *input_without_slashes(const char *path);

bool input_is_directory(const char *operand);
/* False if the operand is a .tally directory without the file that has such a type. */
bool input_may_have(const char *operand, const char *type);

/* Paths of all profiles in a directory, sorted; ended by a null pointer. */
char **input_list(const char *directory);
void input_list_free(char **files);

#endif
