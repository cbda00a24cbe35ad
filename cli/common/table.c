/*
 * table.c - see table.h.
 *
 * Layout: every column but the last is as wide as its widest cell. While the last column would
 * have less than NAME_MIN columns, the shown column of the highest drop rank is left out. What then
 * remains goes to the names. A table without names that long is simply as wide as it needs.
 */
#include "table.h"

#include "say.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, NAME_MIN = 24, NAME_LEAST = 8, MOST_COLUMNS = 16 };

struct cell {
    char *prefix, *text, *suffix; /* prefix and suffix: of names only */
    enum style style;
};

struct table {
    struct {
        char *title;
        int drop_rank;
    } columns[MOST_COLUMNS];
    size_t n_columns;
    enum table_cut cut;
    struct cell *cells; /* rows * n_columns; a rule is a row whose first text is null */
    size_t n_cells, capacity;
    size_t widths[MOST_COLUMNS]; /* what each column takes; SIZE_MAX when left out */
};

struct table *table_new(const struct table_column *columns, size_t n, enum table_cut cut) {
    struct table *table = need_array(1, sizeof *table);
    if (n == 0 || n > MOST_COLUMNS)
        abort();
    for (; table->n_columns < n; table->n_columns++) {
        table->columns[table->n_columns].title = need_copy(columns[table->n_columns].title);
        table->columns[table->n_columns].drop_rank = columns[table->n_columns].drop_rank;
    }
    table->cut = cut;
    return table;
}

static struct cell *new_cell(struct table *table, enum style style) {
    table->cells = need_room(table->cells, &table->capacity, table->n_cells, sizeof *table->cells);
    struct cell *cell = &table->cells[table->n_cells++];
    *cell = (struct cell){.style = style};
    return cell;
}

void table_cell(struct table *table, enum style style, const char *text) {
    new_cell(table, style)->text = need_copy(text);
}

void table_name(struct table *table, enum style style, const char *prefix, const char *name,
                const char *suffix) {
    struct cell *cell = new_cell(table, style);
    cell->prefix = need_copy(prefix);
    cell->text = need_copy(name);
    cell->suffix = need_copy(suffix);
    if (table->n_cells % table->n_columns != 0)
        abort(); /* the caller gave a row of another length */
}

void table_rule(struct table *table) {
    for (size_t i = 0; i < table->n_columns; i++)
        new_cell(table, STYLE_FAINT);
}

static void measure(struct table *table) {
    size_t last = table->n_columns - 1;
    for (size_t c = 0; c < last; c++)
        table->widths[c] = text_width(table->columns[c].title);
    for (size_t i = 0; i < table->n_cells; i++) {
        size_t c = i % table->n_columns;
        const struct cell *cell = &table->cells[i];
        if (c == last || !cell->text)
            continue;
        size_t width = text_width(cell->text);
        if (width > table->widths[c])
            table->widths[c] = width;
    }
}

static size_t numbers_width(const struct table *table) {
    size_t width = 0;
    for (size_t c = 0; c + 1 < table->n_columns; c++)
        if (table->widths[c] != SIZE_MAX)
            width += table->widths[c] + GAP;
    return width;
}

/* Leaves columns out until names have room. Returns the width for names, 0: unlimited. */
static size_t fit(struct table *table, size_t available) {
    if (!available)
        return 0;
    while (numbers_width(table) + NAME_MIN > available) {
        size_t victim = SIZE_MAX;
        int rank = 0;
        for (size_t c = 0; c + 1 < table->n_columns; c++)
            if (table->widths[c] != SIZE_MAX && table->columns[c].drop_rank > rank) {
                rank = table->columns[c].drop_rank;
                victim = c;
            }
        if (victim == SIZE_MAX)
            break;
        table->widths[victim] = SIZE_MAX;
    }
    size_t used = numbers_width(table);
    return used + NAME_LEAST <= available ? available - used : NAME_LEAST;
}

/* One number, with the gap that parts it from what stands before. */
static void print_number(const struct output *output, enum style style, const char *text,
                         size_t width, bool is_first) {
    int padding = (int)(width - text_width(text)) + (is_first ? 0 : GAP);
    printf("%*s%s%s%s", padding, "", output_on(output, style), text, output_off(output, style));
}

static void print_name(const struct table *table, const struct cell *cell, size_t width,
                       const struct output *output) {
    size_t around = text_width(cell->prefix) + text_width(cell->suffix);
    size_t room = width > around + NAME_LEAST ? width - around : NAME_LEAST;
    char *name = width == 0                       ? need_copy(cell->text)
                 : table->cut == TABLE_CUT_MIDDLE ? text_shorten(cell->text, room, output->utf8)
                                                  : text_cut(cell->text, room, output->utf8);
    enum style branch = *cell->prefix ? STYLE_FAINT : STYLE_PLAIN;
    bool is_empty = !*cell->prefix && !*name && !*cell->suffix;
    printf("%*s%s%s%s%s%s%s%s\n", is_empty ? 0 : GAP, "", output_on(output, branch), cell->prefix,
           output_off(output, branch), output_on(output, cell->style), name,
           output_off(output, cell->style), cell->suffix);
    free(name);
}

static void print_titles(const struct table *table, const struct output *output) {
    size_t last = table->n_columns - 1;
    bool is_first = true;
    for (size_t c = 0; c < last; c++)
        if (table->widths[c] != SIZE_MAX) {
            print_number(output, STYLE_HEAD, table->columns[c].title, table->widths[c], is_first);
            is_first = false;
        }
    printf("%*s%s%s%s\n", GAP, "", output_on(output, STYLE_HEAD), table->columns[last].title,
           output_off(output, STYLE_HEAD));
}

static void print_rule(const struct table *table, const struct output *output) {
    printf("%s", output_on(output, STYLE_FAINT));
    for (size_t c = 0; c < table->n_columns; c++) {
        bool is_last = c + 1 == table->n_columns;
        if (!is_last && table->widths[c] == SIZE_MAX)
            continue;
        size_t dashes = is_last ? NAME_LEAST : table->widths[c];
        while (dashes--)
            fputs(output->utf8 ? "\xe2\x94\x80" : "-", stdout);
        printf("%*s", is_last ? 0 : GAP, "");
    }
    printf("%s\n", output_off(output, STYLE_FAINT));
}

void table_print(struct table *table, const struct output *output) {
    measure(table);
    size_t name_width = fit(table, output->width);
    bool is_first = true;
    print_titles(table, output);
    for (size_t i = 0; i < table->n_cells; i++) {
        size_t c = i % table->n_columns;
        const struct cell *cell = &table->cells[i];
        is_first = is_first || c == 0;
        if (c == 0 && !cell->text) {
            print_rule(table, output);
            i += table->n_columns - 1;
        } else if (c + 1 == table->n_columns) {
            print_name(table, cell, name_width, output);
        } else if (table->widths[c] != SIZE_MAX) {
            print_number(output, cell->style, cell->text, table->widths[c], is_first);
            is_first = false;
        }
    }
    for (size_t i = 0; i < table->n_cells; i++) {
        free(table->cells[i].prefix);
        free(table->cells[i].text);
        free(table->cells[i].suffix);
    }
    for (size_t c = 0; c < table->n_columns; c++)
        free(table->columns[c].title);
    free(table->cells);
    free(table);
}
