/*
 * page_source.c - see page_source.h.
 */
#include "page_source.h"

#include "run.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_BYTES = 4 << 20, /* of text in all: about 1 MiB of the page */
    CONTEXT = 2,          /* lines around a function */
    NAMED = 3,            /* files that a note names */
};

/* ---- files ---- */

/* A file as found, whoever names it. */
struct text {
    struct source_text source;
    bool *wanted; /* by line - 1 */
};

/* A file as a side's profile names it. */
struct file {
    const char *recorded;
    struct text *text; /* null: not found */
};

struct side_files {
    struct file *files; /* by name */
    size_t n;
};

struct sources {
    struct side_files sides[N_SIDES];
    struct text **texts;
    size_t n_texts, capacity;
};

/* A function's lines of a side. */
struct wanted {
    struct text *text;
    int64_t start_line;
    struct page_place place;
};

static int compare_files(const void *one, const void *other) {
    return strcmp(((const struct file *)one)->recorded, ((const struct file *)other)->recorded);
}

static const struct view_function *function_in(const struct page *page, size_t side, size_t index) {
    return page->comparison->functions[index].in[page_compared_side(page, side)];
}

/* Whether its source is asked for. */
static bool is_wanted(const struct page *page, const struct page_places *places, size_t side,
                      size_t index) {
    const struct view_function *function = function_in(page, side, index);
    return function && *function->file && places->of[side][index].first > 0;
}

/* The file read, as one with what was found there before. */
static struct text *read_once(struct sources *sources, const char *recorded,
                              const struct source_options *options) {
    struct source_text source;
    source_read(recorded, options, &source);
    if (!source.path)
        return NULL;
    for (size_t i = 0; i < sources->n_texts; i++)
        if (strcmp(sources->texts[i]->source.path, source.path) == 0) {
            source_free(&source);
            return sources->texts[i];
        }
    struct text *text = need_array(1, sizeof *text);
    *text = (struct text){source, need_array(source.n, sizeof *text->wanted)};
    sources->texts =
        need_room(sources->texts, &sources->capacity, sources->n_texts, sizeof *sources->texts);
    return sources->texts[sources->n_texts++] = text;
}

static void read_files(const struct page *page, const struct page_options *options,
                       const struct page_places *places, size_t side, struct sources *sources) {
    size_t n_functions = page->comparison->n_functions, n = 0;
    struct side_files *files = &sources->sides[side];
    struct source_options source = options->source[side];
    source.working_directory =
        run_text(json_object_get(page_run_json(page, side), "program"), "working_directory");
    files->files = need_array(n_functions, sizeof *files->files);
    for (size_t i = 0; i < n_functions; i++)
        if (is_wanted(page, places, side, i))
            files->files[n++].recorded = function_in(page, side, i)->file;
    qsort(files->files, n, sizeof *files->files, compare_files);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || compare_files(&files->files[files->n - 1], &files->files[i]) != 0)
            files->files[files->n++] = files->files[i];
    for (size_t i = 0; i < files->n; i++)
        files->files[i].text = read_once(sources, files->files[i].recorded, &source);
}

static struct text *text_of(const struct side_files *files, const char *recorded) {
    const struct file wanted = {.recorded = recorded};
    return ((struct file *)bsearch(&wanted, files->files, files->n, sizeof wanted, compare_files))
        ->text;
}

/* ---- lines ---- */

static int compare_wanted(const void *one, const void *other) {
    const struct wanted *a = one, *b = other;
    if (a->place.weight != b->place.weight)
        return a->place.weight > b->place.weight ? -1 : 1;
    int order = strcmp(a->text->source.path, b->text->source.path);
    if (order == 0)
        order = (a->place.first > b->place.first) - (a->place.first < b->place.first);
    return order ? order : (a->place.last > b->place.last) - (a->place.last < b->place.last);
}

static struct wanted *list_wanted(const struct page *page, const struct page_places *places,
                                  const struct sources *sources, size_t *n) {
    size_t n_functions = page->comparison->n_functions;
    struct wanted *all = need_array(page->n_sides * n_functions, sizeof *all);
    *n = 0;
    for (size_t side = 0; side < page->n_sides; side++)
        for (size_t i = 0; i < n_functions; i++) {
            if (!is_wanted(page, places, side, i))
                continue;
            const struct view_function *function = function_in(page, side, i);
            struct text *text = text_of(&sources->sides[side], function->file);
            if (text)
                all[(*n)++] = (struct wanted){text, function->start_line, places->of[side][i]};
        }
    qsort(all, *n, sizeof *all, compare_wanted);
    return all;
}

/* Marks the function's lines; false if they do not fit into what is left of *bytes. */
static bool take_lines(const struct wanted *wanted, size_t *bytes) {
    const struct source_text *source = &wanted->text->source;
    const struct page_place *place = &wanted->place;
    int64_t start = wanted->start_line;
    if (start <= 0 || place->first < start)
        start = wanted->start_line > 0 ? place->first : source_start(source, place->first);
    int64_t end = source_end(source, start, place->last) + CONTEXT;
    size_t size = 0;
    start = start > CONTEXT ? start - CONTEXT : 1;
    end = end < (int64_t)source->n ? end : (int64_t)source->n;
    for (int64_t line = start; line <= end; line++)
        if (!wanted->text->wanted[line - 1])
            size += strlen(source->lines[line - 1]) + 1;
    if (size > *bytes)
        return false;
    *bytes -= size;
    for (int64_t line = start; line <= end; line++)
        wanted->text->wanted[line - 1] = true;
    return true;
}

static void choose_lines(struct page *page, const struct page_places *places,
                         const struct sources *sources) {
    size_t n, n_left_out = 0, bytes = MOST_BYTES;
    struct wanted *all = list_wanted(page, places, sources, &n);
    for (size_t i = 0; i < n; i++)
        n_left_out += !take_lines(&all[i], &bytes);
    if (n_left_out)
        page_note(page,
                  "The source of %zu function%s is left out, those with the smallest values, to "
                  "keep this page small.",
                  n_left_out, n_left_out == 1 ? "" : "s");
    free(all);
}

/* ---- what is not right ---- */

struct named {
    char *names; /* of the first few, with commas */
    size_t n;
};

static void name_file(struct named *named, const char *file) {
    if (named->n++ >= NAMED)
        return;
    char *longer = named->names ? need_print("%s, %s", named->names, file) : need_copy(file);
    free(named->names);
    named->names = longer;
}

static void note_named(struct page *page, size_t side, const char *what, struct named *named) {
    const char *label = page->runs[side].label;
    if (named->n > NAMED)
        page_note(page, "%s: %s: %s and %zu more.", label, what, named->names, named->n - NAMED);
    else if (named->n)
        page_note(page, "%s: %s: %s.", label, what, named->names);
    free(named->names);
}

static bool is_changed(const struct page *page, size_t side, const struct text *text) {
    const struct tally_pprof_profile *profile = page->runs[side].inputs[0].profile;
    return profile->time_ns && text->source.time_ns > (wide)profile->time_ns + profile->duration_ns;
}

static void note_files(struct page *page, size_t side, const struct side_files *files) {
    struct named missing = {0}, changed = {0};
    for (size_t i = 0; i < files->n; i++) {
        const struct file *file = &files->files[i];
        if (!file->text)
            name_file(&missing, file->recorded);
        else if (is_changed(page, side, file->text))
            name_file(&changed, file->recorded);
    }
    note_named(page, side, "source files that were not found", &missing);
    note_named(page, side,
               "source files that changed since the profile was taken, so that what is shown may "
               "not be what ran",
               &changed);
}

/* ---- writing ---- */

static void put_piece(const struct file *file, size_t from, size_t to, struct page_strings *strings,
                      struct page_out *out) {
    char *text = NULL;
    size_t size;
    FILE *stream = need(open_memstream(&text, &size));
    for (size_t i = from; i < to; i++)
        fprintf(stream, "%s%s", i > from ? "\n" : "", file->text->source.lines[i]);
    if (fclose(stream) != 0)
        need(NULL);
    page_put_open(out, NULL, '{');
    page_put_number(out, "file", (wide)page_string(strings, file->recorded));
    page_put_number(out, "first", (wide)from + 1);
    page_put_number(out, "text", (wide)page_string(strings, text));
    page_put_close(out, '{');
    free(text);
}

static void put_file(const struct file *file, struct page_strings *strings, struct page_out *out) {
    const struct text *text = file->text;
    for (size_t from = 0, to; text && from < text->source.n; from = to) {
        while (from < text->source.n && !text->wanted[from])
            from++;
        for (to = from; to < text->source.n && text->wanted[to]; to++)
            ;
        if (to > from)
            put_piece(file, from, to, strings, out);
    }
}

static void free_sources(struct sources *sources) {
    for (size_t side = 0; side < N_SIDES; side++)
        free(sources->sides[side].files);
    for (size_t i = 0; i < sources->n_texts; i++) {
        source_free(&sources->texts[i]->source);
        free(sources->texts[i]->wanted);
        free(sources->texts[i]);
    }
    free(sources->texts);
}

void page_put_sources(struct page *page, const struct page_options *options,
                      const struct page_places *places, struct page_strings *strings,
                      struct page_out *out) {
    struct sources sources = {0};
    for (size_t side = 0; side < page->n_sides && !options->without_source; side++) {
        read_files(page, options, places, side, &sources);
        note_files(page, side, &sources.sides[side]);
    }
    if (!options->without_source)
        choose_lines(page, places, &sources);
    page_put_open(out, "sources", '[');
    for (size_t side = 0; side < page->n_sides; side++) {
        page_put_open(out, NULL, '[');
        for (size_t i = 0; i < sources.sides[side].n; i++)
            put_file(&sources.sides[side].files[i], strings, out);
        page_put_close(out, '[');
    }
    page_put_close(out, '[');
    free_sources(&sources);
}
