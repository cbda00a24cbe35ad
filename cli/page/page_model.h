/*
 * page_model.h - what a report page is made of: the profiles of one run, or of two side by side.
 *
 *   OLD.tally ─┬─ calls ─┐                            ┌─ calls: types that both have, two views
 *              └─ heap ──┤                            │
 *                        ├──page_open──> profiles ────┤
 *   NEW.tally ─┬─ calls ─┤                            └─ heap: …
 *              ├─ heap ──┤
 *              └─ pools ─┘  only one has it: left out, and a note says so
 *
 * Sides are numbered from 0: of one run there is 0 alone, of two 0 is OLD and 1 is NEW. Functions
 * are those of the comparison (compare.h), which also lists those of a single run. One view serves
 * all values of a profile: stacks and functions are the same for each of them.
 */
#ifndef TALLY_CLI_PAGE_MODEL_H
#define TALLY_CLI_PAGE_MODEL_H

#include "compare.h"
#include "source.h"

struct page_options {
    const char *profile;                   /* only this kind; null: all but some */
    struct view_options filters;           /* without `sample` */
    struct source_options source[N_SIDES]; /* by side; the working directory is the run's own */
    bool without_source;
    uint64_t most_contexts; /* in the tree of a profile, each by itself; 0: all */
};

/* The files of an operand. */
struct page_run {
    char *label;
    bool is_directory;
    char **kinds;         /* "calls", "heap" …, or the name of the file */
    struct input *inputs; /* the first of them has run.json */
    size_t n;
};

/* Both as page_open; the operand may be null. Opened or not, a run is to be closed. */
int page_run_open(const struct page_options *options, const char *operand, struct page_run *run);
void page_run_close(struct page_run *run);

/* A sample type as far as it is shown: variances are not. */
struct page_type {
    const char *name, *unit;
    size_t index[N_SIDES]; /* by side: in the profile's sample types */
    int count;             /* what it is a sum over, as an index of the types here; or -1 */
};

struct page_profile {
    const char *kind;
    struct page_type *types;
    size_t n_types;
    size_t shown_first; /* the type */
    int calls;          /* the type that counts calls, or -1 */
    struct view *views[N_SIDES];
    const uint32_t *of[N_SIDES]; /* by function of the view: its index in the comparison */
};

struct page {
    size_t n_sides;
    struct page_run runs[N_SIDES];
    struct page_profile *profiles;
    size_t n_profiles;
    struct comparison *comparison;
    char **notes; /* sentences for the reader of the page */
    size_t n_notes, notes_capacity;
};

/* `operands`: one or two; a single null one is the newest run here. Returns 0, or STATUS_TROUBLE
 * with a message. */
int page_open(const struct page_options *options, char *const *operands, size_t n_operands,
              struct page *page);
void page_close(struct page *page);

void page_note(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The side as compare.h numbers it: a single run is its new one. */
enum side page_compared_side(const struct page *page, size_t side);

/* Contents of run.json, or null. */
const json_t *page_run_json(const struct page *page, size_t side);

#endif
