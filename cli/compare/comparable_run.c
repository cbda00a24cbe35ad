/*
 * comparable_run.c - how two programs were run; see comparable.h.
 *
 * Two builds are often run in, and from, different folders, and often have different names. So of
 * an argument that lies below the run's working directory the rest counts; and the name by which
 * the program was called counts only where both executables have one name: then it is a program
 * that does something else under another name.
 */
#include "comparable_parts.h"

#include "run.h"
#include "say.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static const char *or_unknown(const char *text) {
    return *text ? text : "unknown";
}

/* ---- timing, recording ---- */

/* Profiles older than the key are exact. */
static const char *timing_of(const json_t *run) {
    return *run_text(run, "timing") ? run_text(run, "timing") : "exact";
}

static void find_timing(const json_t *old_run, const json_t *new_run, bool times,
                        struct comparable *result) {
    const char *old = timing_of(old_run), *new = timing_of(new_run);
    if (strcmp(old, new) != 0) {
        comparable_add(result, COMPARABLE_TIMING, "timing differs: %s in old, %s in new", old, new);
        return;
    }
    old = run_text(json_object_get(old_run, "clock"), "name");
    new = run_text(json_object_get(new_run, "clock"), "name");
    if (times && strcmp(old, new) != 0)
        comparable_add(result, COMPARABLE_TIMING, "the clock differs: %s in old, %s in new",
                       or_unknown(old), or_unknown(new));
}

/* What recording was told by an option; one that the runtime did not know yet was what it is by
 * default. */
static bool option_is_on(const json_t *run, const char *name, bool by_default) {
    static const char *const on[] = {"true", "yes", "on", "1"};
    const char *value = run_text(json_object_get(run, "options"), name);
    for (size_t i = 0; i < sizeof on / sizeof *on; i++)
        if (strcmp(value, on[i]) == 0)
            return true;
    return !*value && by_default;
}

static const char *heap_of(const json_t *run) {
    const char *mode = run_text(json_object_get(run, "heap"), "mode");
    return *mode ? mode : "off";
}

static void find_recording(const json_t *old_run, const json_t *new_run,
                           struct comparable *result) {
    static const struct {
        const char *name;
        bool by_default;
    } options[] = {{"enabled", true}, {"sizes", false}, {"mmap", false}};
    const char *old = heap_of(old_run), *new = heap_of(new_run);
    if (strcmp(old, new) != 0)
        comparable_add(result, COMPARABLE_RECORDING, "heap recording differs: %s in old, %s in new",
                       old, new);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        bool old_is_on = option_is_on(old_run, options[i].name, options[i].by_default);
        bool new_is_on = option_is_on(new_run, options[i].name, options[i].by_default);
        if (old_is_on != new_is_on)
            comparable_add(result, COMPARABLE_RECORDING, "the option %s is %s in old, %s in new",
                           options[i].name, old_is_on ? "on" : "off", new_is_on ? "on" : "off");
    }
}

/* ---- arguments ---- */

/* Null where there are fewer. */
static const char *argument(const json_t *run, size_t index) {
    const json_t *program = json_object_get(run, "program");
    const char *text = json_string_value(json_array_get(json_object_get(program, "argv"), index));
    const char *directory = run_text(program, "working_directory");
    size_t length = strlen(directory);
    bool is_below = text && length && strncmp(text, directory, length) == 0 && text[length] == '/';
    return is_below ? text + length + 1 : text;
}

static bool same_argument(const json_t *old_run, const json_t *new_run, size_t index) {
    const char *old = argument(old_run, index), *new = argument(new_run, index);
    return old && new ? strcmp(old, new) == 0 : old == new;
}

static const char *executable(const json_t *run) {
    return text_base(run_text(json_object_get(run, "program"), "executable"));
}

static void find_name(const json_t *old_run, const json_t *new_run, struct comparable *result) {
    const char *old = argument(old_run, 0), *new = argument(new_run, 0);
    bool is_one_program =
        *executable(old_run) && strcmp(executable(old_run), executable(new_run)) == 0;
    if (is_one_program && old && new &&strcmp(text_base(old), text_base(new)) != 0)
        comparable_add(result, COMPARABLE_ARGUMENTS, "%s was called %s in old, %s in new",
                       executable(old_run), text_base(old), text_base(new));
}

static size_t count_arguments(const json_t *run) {
    return json_array_size(json_object_get(json_object_get(run, "program"), "argv"));
}

static void find_arguments(const json_t *old_run, const json_t *new_run,
                           struct comparable *result) {
    size_t n_old = count_arguments(old_run), n_new = count_arguments(new_run);
    size_t most = n_old > n_new ? n_old : n_new, first = 0, n_different = 0;
    if ((n_old == 0) != (n_new == 0)) {
        comparable_add(result, COMPARABLE_ARGUMENTS, "the arguments of %s are not known",
                       n_old ? "new" : "old");
        return;
    }
    find_name(old_run, new_run, result);
    for (size_t i = most; i-- > 1;)
        if (!same_argument(old_run, new_run, i)) {
            first = i;
            n_different++;
        }
    if (n_different == 0)
        return;
    const char *old = argument(old_run, first), *new = argument(new_run, first);
    char *more = n_different == 1 ? need_copy("")
                                  : need_print(", and %zu more differ%s", n_different - 1,
                                               n_different == 2 ? "s" : "");
    comparable_add(result, COMPARABLE_ARGUMENTS,
                   "argument %zu differs: %s%s%s in old, %s%s%s in new%s", first, old ? "'" : "",
                   old ? old : "none", old ? "'" : "", new ? "'" : "", new ? new : "none",
                   new ? "'" : "", more);
    free(more);
}

/* ---- machine ---- */

static char *processors(const json_t *machine) {
    json_int_t n = run_number(machine, "processors");
    return n ? need_print("%" JSON_INTEGER_FORMAT, n) : need_copy("");
}

static void find_machine(const json_t *old_run, const json_t *new_run, struct comparable *result) {
    static const char *const texts[][2] = {{"architecture", "the machine's architecture"},
                                           {"processor", "the processor"},
                                           {"kernel", "the kernel"}};
    const json_t *old = json_object_get(old_run, "machine");
    const json_t *new = json_object_get(new_run, "machine");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(run_text(old, texts[i][0]), run_text(new, texts[i][0])) != 0)
            comparable_add(result, COMPARABLE_MACHINE, "%s differs: %s in old, %s in new",
                           texts[i][1], or_unknown(run_text(old, texts[i][0])),
                           or_unknown(run_text(new, texts[i][0])));
    char *n_old = processors(old), *n_new = processors(new);
    if (strcmp(n_old, n_new) != 0)
        comparable_add(result, COMPARABLE_MACHINE,
                       "the number of processors differs: %s in old, %s in new", or_unknown(n_old),
                       or_unknown(n_new));
    free(n_old);
    free(n_new);
}

/* ---- ending, losses ---- */

static bool is_by_signal(const char *ended_by) {
    return strncmp(ended_by, "signal ", 7) == 0;
}

static void find_ending(const json_t *old_run, const json_t *new_run, struct comparable *result) {
    const char *old = run_text(old_run, "ended_by"), *new = run_text(new_run, "ended_by");
    if ((is_by_signal(old) || is_by_signal(new)) && strcmp(old, new) != 0)
        comparable_add(result, COMPARABLE_ENDING, "old was ended by %s, new by %s", or_unknown(old),
                       or_unknown(new));
}

/* `text` and what was lost, if anything was; frees the text. */
static char *with_loss(char *text, const char *words, json_int_t value) {
    if (value == 0)
        return text;
    char *longer =
        need_print("%s%s%s: %" JSON_INTEGER_FORMAT, text, *text ? ", " : "", words, value);
    free(text);
    return longer;
}

static const char *words_of_loss(const char *key) {
    static const char *const known[][2] = {
        {"contexts_collapsed", "calls in contexts beyond the memory limit"},
        {"threads_unrecorded", "threads not recorded"},
        {"exits_unmatched", "calls never seen to return"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(key, known[i][0]) == 0)
            return known[i][1];
    return key; /* of a newer runtime */
}

/* The probe's cost that was clamped is the calibration's error: every run has some. */
static void find_losses(const json_t *run, const char *side, struct comparable *result) {
    const char *key;
    json_t *value, *losses = json_object_get(run, "losses");
    char *text = need_copy("");
    json_object_foreach(losses, key, value) {
        if (strncmp(key, "clamped_", 8) != 0)
            text = with_loss(text, words_of_loss(key), json_integer_value(value));
    }
    text = with_loss(text, "heap blocks not recorded",
                     run_number(json_object_get(run, "heap"), "blocks_unrecorded"));
    if (*text)
        comparable_add(result, COMPARABLE_LOSSES, "%s is incomplete: %s", side, text);
    free(text);
}

void comparable_find_run(const json_t *old_run, const json_t *new_run, bool times,
                         struct comparable *result) {
    find_timing(old_run, new_run, times, result);
    find_recording(old_run, new_run, result);
    find_arguments(old_run, new_run, result);
    if (times)
        find_machine(old_run, new_run, result);
    find_ending(old_run, new_run, result);
    find_losses(old_run, "old", result);
    find_losses(new_run, "new", result);
}
