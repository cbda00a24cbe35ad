/*
 * run.c - see run.h. A loss that this table does not know (of a newer runtime) is shown by its key:
 * better an odd sentence than a silent loss.
 */
#include "run.h"

#include "format.h"
#include "json_out.h"
#include "say.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *key, *one, *many; /* with the number as %s */
} sentences[] = {
    {"contexts_collapsed",
     "%s call was made in a context beyond the memory limit; it is counted "
     "under \"[contexts beyond the memory limit]\"",
     "%s calls were made in contexts beyond the memory limit; they are counted together under "
     "\"[contexts beyond the memory limit]\""},
    {"threads_unrecorded", "%s thread was not recorded, for want of memory",
     "%s threads were not recorded, for want of memory"},
    {"exits_unmatched", "%s call was entered and never seen to return; its time went to its caller",
     "%s calls were entered and never seen to return; their time went to their callers"},
    {"frees_unmatched", "%s block was freed that was not seen to be allocated",
     "%s blocks were freed that were not seen to be allocated"},
    {"blocks_unrecorded",
     "%s block was not recorded, for want of memory; whether it was freed is not known",
     "%s blocks were not recorded, for want of memory; whether they were freed is not known"},
};

/* Those of them that are kept in run.json's object "heap". */
static const char *const heap_losses[] = {"frees_unmatched", "blocks_unrecorded"};

const char *run_text(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

json_int_t run_number(const json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

static bool is_plain(const char *word) {
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-+=./,:@%^";
    return *word && word[strspn(word, plain)] == 0;
}

/* The word as a shell would need it, added to the open string stream. */
static void add_word(FILE *to, const char *word) {
    if (is_plain(word)) {
        fputs(word, to);
        return;
    }
    putc('\'', to);
    for (; *word; word++)
        if (*word == '\'')
            fputs("'\\''", to);
        else
            putc(*word, to);
    putc('\'', to);
}

char *run_command(const json_t *run, bool utf8) {
    const json_t *program = json_object_get(run, "program");
    const json_t *argv = json_object_get(program, "argv");
    if (!json_array_size(argv)) {
        const char *executable = run_text(program, "executable");
        return *executable ? text_clean(executable, utf8) : NULL;
    }
    char *line = NULL;
    size_t size;
    FILE *to = need(open_memstream(&line, &size));
    for (size_t i = 0; i < json_array_size(argv); i++) {
        const char *word = json_string_value(json_array_get(argv, i));
        if (i)
            putc(' ', to);
        add_word(to, word ? word : "?");
    }
    if (fclose(to) != 0)
        need(NULL);
    char *clean = text_clean(line, utf8);
    free(line);
    return clean;
}

static char *sentence(const char *key, json_int_t value, const struct output *output) {
    struct number number = format_count(value, output);
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        if (strcmp(key, sentences[i].key) != 0)
            continue;
        const char *words = value == 1 ? sentences[i].one : sentences[i].many;
        const char *place = strstr(words, "%s");
        return need_print("%.*s%s%s", (int)(place - words), words, number.s, place + 2);
    }
    char *name = text_clean(key, output->utf8);
    char *text = need_print("%s: %s", name, number.s);
    free(name);
    return text;
}

static char *clamped(const json_t *losses, const struct output *output) {
    json_int_t contexts = run_number(losses, "clamped_contexts");
    return need_print(
        "the profiler's own cost, as calibrated, was %s%s more than %s context%s took "
        "in all; shown as no time",
        format_value(run_number(losses, "clamped_ns"), "nanoseconds", output).s,
        output->raw ? " ns" : "", format_count(contexts, output).s, contexts == 1 ? "" : "s");
}

json_t *run_losses_json(const json_t *run, bool with_heap) {
    const json_t *losses = json_object_get(run, "losses"), *heap = json_object_get(run, "heap");
    if (!losses)
        return need(json_null());
    json_t *all = need(json_deep_copy(losses));
    for (size_t i = 0; with_heap && i < sizeof heap_losses / sizeof *heap_losses; i++)
        if (json_object_get(heap, heap_losses[i]))
            json_put(all, heap_losses[i], json_integer(run_number(heap, heap_losses[i])));
    return all;
}

char **run_losses(const json_t *run, bool with_heap, bool with_times, const struct output *output,
                  size_t *n) {
    json_t *losses = run_losses_json(run, with_heap);
    char **all = need_array(json_object_size(losses) + 1, sizeof *all);
    const char *key;
    json_t *value;
    *n = 0;
    json_object_foreach(losses, key, value) {
        bool is_clamped = strcmp(key, "clamped_ns") == 0;
        if (json_integer_value(value) == 0 || strcmp(key, "clamped_contexts") == 0 ||
            (is_clamped && !with_times))
            continue;
        all[(*n)++] =
            is_clamped ? clamped(losses, output) : sentence(key, json_integer_value(value), output);
    }
    json_decref(losses);
    return all;
}
