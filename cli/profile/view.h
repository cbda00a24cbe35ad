/*
 * view.h - a profile as the commands look at it: one value, merged functions, filtered stacks.
 *
 *   profile ──view_new──> functions[] (merged, ordered by name)
 *                         samples, each as a stack of frames, leaf first:
 *                         location { inlined body, its caller } , location { … }
 *                              frame 0        frame 1             frame 2 …
 *
 * Functions of a profile that agree in name, file and linkage name are one function here; those
 * that only share the name stay apart and are shown with what tells them apart. A location that has
 * no function becomes one of its own, named by its address.
 *
 * Filters have pprof's meaning: focus keeps samples with a matching frame, ignore drops them, hide
 * removes matching frames, so that the frame above takes their value. A frame matches by function
 * name, file name or the file of its mapping. Calls are never moved: a sample whose leaf is hidden
 * counts no call of anybody.
 *
 * Beside the value stands what it is a sum over, if that was counted: calls, or objects (values.h);
 * and its variance where it is estimated: variances add up as the values do.
 *
 * Values are negative in the difference of two profiles. Percentages refer to the sum of their
 * sizes, since what cancels is not nothing.
 */
#ifndef TALLY_CLI_VIEW_H
#define TALLY_CLI_VIEW_H

#include "format.h"
#include "values.h"

#include "tally/pprof.h"

struct view_function {
    const char *name, *system_name, *file;
    int64_t start_line;
    char *shown;  /* clean, for the terminal; unique */
    bool inlined; /* wherever it appears it was inlined */
    /* The same function in a build this one is compared with, whose names match filters as well; or
     * null. */
    const struct view_function *twin;
};

struct view_frame {
    uint32_t function; /* index into functions */
    uint32_t location; /* index into profile->locations */
    int64_t line;
};

struct view_options {
    const char *sample, *focus, *ignore, *hide; /* each may be null */
};

struct view {
    const struct tally_pprof_profile *profile;
    size_t value; /* index of the sample type looked at */
    int count;    /* index of what `value` is a sum over, which may be `value` itself; or -1 */
    const struct value_count *counted; /* the words for it; or null */
    int variance;                      /* index of the variances of `value`; or -1 */
    const char *type, *unit;
    struct view_function *functions;
    size_t n_functions;
    wide total, total_count; /* of the whole profile */
    wide whole;              /* the same with each value's size: what percentages refer to */
    wide kept, kept_count;   /* of the samples that pass the filters */
    size_t n_kept;
    struct view_private *own;
};

struct view_stack {
    const struct view_frame *frames; /* leaf first; valid until the next call */
    size_t n;
    wide value, variance; /* of the sample; 0 where there is none */
    wide count;           /* calls are those of the function that is innermost without filters */
};

/* Returns 0, or STATUS_TROUBLE with a message about `file`. */
int view_new(const struct tally_pprof_profile *profile, const struct view_options *options,
             const char *file, bool utf8, struct view **view);
void view_free(struct view *view);

/* Filters anew, as the options say; of them `sample` is not looked at. Returns as view_new. */
int view_filter(struct view *view, const struct view_options *options);

/* The stack of a sample; false if filters leave nothing of it. */
bool view_stack(struct view *view, size_t sample, struct view_stack *stack);

/* The view's index of a function of its profile. */
uint32_t view_function_of(const struct view *view, const struct tally_pprof_function *function);

/* The value looked at is the count itself: there is nothing to show beside it. */
bool view_is_of_count(const struct view *view);
/* … and counts calls. */
bool view_is_of_calls(const struct view *view);

#endif
