/*
 * build.h - one run of one build, opened for the values that are compared.
 *
 *   app.tally ─┬─ calls.pb.gz ─┬─ view of calls           views[0]
 *              │               └─ view of wall            views[1]
 *              ├─ heap.pb.gz ──┬─ view of alloc_objects   views[2]
 *              │               └─ view of alloc_space     views[3]
 *              └─ run.json
 *
 * A file is read once, however many of the values are in it.
 */
#ifndef TALLY_CLI_BUILD_H
#define TALLY_CLI_BUILD_H

#include "input.h"
#include "view.h"

enum { BUILD_MOST_TYPES = 16 };

/* What to open. A type that is null is the default of the file found. */
struct build_wanted {
    const char *types[BUILD_MOST_TYPES];
    size_t n_types;
    bool optional;       /* what a run does not have is left out; else it is an error */
    const char *profile; /* --profile, or null */
    bool utf8;
};

struct build {
    struct input inputs[BUILD_MOST_TYPES + 1]; /* each file once */
    size_t n_inputs;
    struct view *views[BUILD_MOST_TYPES];     /* by type wanted; null: not there */
    struct input *input_of[BUILD_MOST_TYPES]; /* the file that view is of; null likewise */
    struct view *calls;                       /* see build_open_calls */
};

/* Returns 0, or STATUS_TROUBLE with a message. */
int build_open(const struct build_wanted *wanted, const char *operand, struct build *build);
void build_close(struct build *build);

/* Opens `calls`: all calls, whatever is looked at and filtered, since these tell which function is
 * which. It stays null where they are not known. Returns as build_open. */
int build_open_calls(const char *operand, bool utf8, struct build *build);

/* Puts the view of type `from` in the place of type `to`, which loses its own. */
void build_move(struct build *build, size_t from, size_t to);

/* Contents of run.json, or null. */
const json_t *build_run(const struct build *build);

#endif
