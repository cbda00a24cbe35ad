/*
 * budget_yaml.c - reads the text of budget files. See budget.h.
 *
 * libyaml makes a tree of nodes. Each mapping of the format is described by a table of its keys and
 * what reads their values; one function walks them all, so that unknown and repeated keys are told
 * of everywhere in the same way.
 */
#include "budget.h"

#include "args.h"
#include "say.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MOST_KEYS = 16 };

/* ---- nodes ---- */

struct reader {
    struct budget *budget;
    yaml_document_t document;
    bool *seen;             /* by node: read once; an alias would have it read again */
    size_t character, byte; /* libyaml's positions are in characters */
};

static unsigned line_of(const yaml_node_t *node) {
    return (unsigned)node->start_mark.line + 1;
}

static int wrong_at(const struct reader *reader, unsigned line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int wrong_at(const struct reader *reader, unsigned line, const char *format, ...) {
    va_list arguments;
    char message[512];
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    char *subject = need_print("%s:%u", reader->budget->path, line);
    int status = say_error(subject, "%s", message);
    free(subject);
    return status;
}

/* The node of a kind, or null with a message. */
static const yaml_node_t *node_of(struct reader *reader, int index, yaml_node_type_t type,
                                  const char *what) {
    static const char *const kinds[] = {
        [YAML_NO_NODE] = "nothing",
        [YAML_SCALAR_NODE] = "a text or number",
        [YAML_SEQUENCE_NODE] = "a list",
        [YAML_MAPPING_NODE] = "a mapping",
    };
    const yaml_node_t *node = yaml_document_get_node(&reader->document, index);
    if (reader->seen[index]) {
        wrong_at(reader, line_of(node), "an alias refers to this; aliases are not supported");
        return NULL;
    }
    reader->seen[index] = true;
    if (node->type == type)
        return node;
    wrong_at(reader, line_of(node), "%s is %s; it should be %s", what, kinds[node->type],
             kinds[type]);
    return NULL;
}

/* The text of a scalar in one line, or null with a message. */
static const char *text_of(struct reader *reader, const yaml_node_t *node, const char *what) {
    const char *text = (const char *)node->data.scalar.value;
    yaml_scalar_style_t style = node->data.scalar.style;
    if (style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE ||
        strlen(text) != node->data.scalar.length)
        wrong_at(reader, line_of(node), "%s is to be written in one line", what);
    else if (!*text)
        wrong_at(reader, line_of(node), "%s is empty", what);
    else
        return text;
    return NULL;
}

/* ---- mappings ---- */

/* A key, and what reads its value into the mapping's target. `index` is the key's own business. */
struct key {
    const char *name;
    int (*read)(struct reader *reader, const struct key *key, int value, void *target);
    size_t index;
};

static const struct key *find_key(const struct key *keys, const char *name) {
    for (; keys->name; keys++)
        if (strcmp(keys->name, name) == 0)
            return keys;
    return NULL;
}

static int unknown_key(struct reader *reader, const yaml_node_t *node, const struct key *keys,
                       const char *what) {
    const char *names[MOST_KEYS] = {0}, *name = (const char *)node->data.scalar.value;
    for (size_t i = 0; keys[i].name; i++)
        names[i] = keys[i].name;
    const char *nearest = args_nearest(name, names);
    return wrong_at(reader, line_of(node), "'%.100s' is no key of %s%s%s%s", name, what,
                    nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

static int read_pair(struct reader *reader, const yaml_node_pair_t *pair, const struct key *keys,
                     const char *what, unsigned *lines, void *target) {
    const yaml_node_t *node = node_of(reader, pair->key, YAML_SCALAR_NODE, "a key");
    const char *name = node ? text_of(reader, node, "a key") : NULL;
    if (!name)
        return STATUS_TROUBLE;
    const struct key *key = find_key(keys, name);
    if (!key)
        return unknown_key(reader, node, keys, what);
    unsigned *line = &lines[key - keys];
    if (*line)
        return wrong_at(reader, line_of(node), "'%s' is already there, in line %u", name, *line);
    *line = line_of(node);
    return key->read(reader, key, pair->value, target);
}

static int read_mapping(struct reader *reader, const yaml_node_t *node, const struct key *keys,
                        const char *what, void *target) {
    unsigned lines[MOST_KEYS] = {0};
    int status = STATUS_OK;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top && status == STATUS_OK; pair++)
        status = read_pair(reader, pair, keys, what, lines, target);
    return status;
}

/* A value that is a text: into a `const char *`. */
static int read_text(struct reader *reader, const struct key *key, int value, const char **text) {
    const yaml_node_t *node = node_of(reader, value, YAML_SCALAR_NODE, key->name);
    *text = node ? text_of(reader, node, key->name) : NULL;
    return *text ? STATUS_OK : STATUS_TROUBLE;
}

/* The index of a value that is one of a few words, or -1 with a message. */
static int read_word(struct reader *reader, const struct key *key, int value,
                     const char *const *words) {
    const char *text;
    char all[128] = "";
    if (read_text(reader, key, value, &text) != STATUS_OK)
        return -1;
    for (int i = 0; words[i]; i++) {
        size_t used = strlen(all);
        if (strcmp(text, words[i]) == 0)
            return i;
        snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", words[i]);
    }
    wrong_at(reader, line_of(yaml_document_get_node(&reader->document, value)),
             "%s: '%.100s' is none of %s", key->name, text, all);
    return -1;
}

/* ---- limits ---- */

struct limits_target {
    struct budget_limits *limits;
    enum budget_value value;
};

/* Moves on to a character of the text; nodes are mostly read in order. */
static size_t byte_at(struct reader *reader, size_t character) {
    const struct budget *budget = reader->budget;
    if (character < reader->character)
        reader->character = reader->byte = 0;
    while (reader->character < character && reader->byte < budget->length) {
        do
            reader->byte++;
        while (reader->byte < budget->length && (budget->text[reader->byte] & 0xc0) == 0x80);
        reader->character++;
    }
    return reader->byte;
}

static int read_amount_of(struct reader *reader, const struct key *key, int value,
                          enum budget_value of, struct budget_amount *amount) {
    const char *text;
    if (read_text(reader, key, value, &text) != STATUS_OK)
        return STATUS_TROUBLE;
    const yaml_node_t *node = yaml_document_get_node(&reader->document, value);
    if (amount->is_set)
        return wrong_at(reader, line_of(node), "'exactly' stands for at_most and at_least");
    const char *problem = budget_amount_parse(text, of, amount);
    if (problem)
        return wrong_at(reader, line_of(node), "%s: '%.100s' %s", key->name, text, problem);
    amount->line = line_of(node);
    amount->from = byte_at(reader, node->start_mark.index);
    amount->to = byte_at(reader, node->end_mark.index);
    return STATUS_OK;
}

static int read_change(struct reader *reader, const struct key *key, int value, void *target) {
    struct limits_target *to = target;
    struct budget_amount *amount = (void *)((char *)to->limits + key->index);
    return read_amount_of(reader, key, value, to->value, amount);
}

static int read_absolute(struct reader *reader, const struct key *key, int value, void *target) {
    struct limits_target *to = target;
    struct budget_amount *amount = (void *)((char *)to->limits + key->index);
    int status = read_amount_of(reader, key, value, to->value, amount);
    if (status == STATUS_OK && amount->is_percent)
        return wrong_at(reader, amount->line, "%s: a percentage of what? see 'increase'",
                        key->name);
    return status;
}

static int read_exactly(struct reader *reader, const struct key *key, int value, void *target) {
    struct limits_target *to = target;
    if (to->limits->at_most.is_set)
        return wrong_at(reader, to->limits->at_most.line,
                        "'exactly' stands for at_most and at_least");
    int status = read_absolute(reader, key, value, target);
    to->limits->at_most = to->limits->at_least;
    return status;
}

static const struct key limit_keys[] = {
    {"at_most", read_absolute, offsetof(struct budget_limits, at_most)},
    {"at_least", read_absolute, offsetof(struct budget_limits, at_least)},
    {"exactly", read_exactly, offsetof(struct budget_limits, at_least)},
    {"increase", read_change, offsetof(struct budget_limits, increase)},
    {"decrease", read_change, offsetof(struct budget_limits, decrease)},
    {"floor", read_absolute, offsetof(struct budget_limits, floor)},
    {NULL, NULL, 0},
};

static int check_limits(const struct reader *reader, const struct budget_limits *limits,
                        const char *name) {
    bool has_absolute = limits->at_most.is_set || limits->at_least.is_set;
    bool has_change = limits->increase.is_set || limits->decrease.is_set;
    if (limits->floor.is_set && !has_change)
        return wrong_at(reader, limits->floor.line, "'floor' goes with increase or decrease");
    if (!has_absolute && !has_change)
        return wrong_at(reader, limits->line, "%s has no limit; 'any' allows anything", name);
    if (limits->at_most.is_set && limits->at_least.is_set &&
        limits->at_most.amount < limits->at_least.amount)
        return wrong_at(reader, limits->at_least.line, "at_least is more than at_most");
    return STATUS_OK;
}

/* `any`, or a mapping. */
static int read_limits(struct reader *reader, const struct key *key, int value, void *target) {
    struct budget_rule *rule = target;
    struct limits_target to = {&rule->limits[key->index], (enum budget_value)key->index};
    const yaml_node_t *node = yaml_document_get_node(&reader->document, value);
    *to.limits = (struct budget_limits){.is_set = true, .line = line_of(node)};
    if (node->type == YAML_SCALAR_NODE &&
        strcmp((const char *)node->data.scalar.value, "any") == 0 && !reader->seen[value])
        return STATUS_OK;
    if (node->type == YAML_SCALAR_NODE)
        return wrong_at(reader, line_of(node), "%s is 'any' or {at_most: …, increase: …}",
                        key->name);
    node = node_of(reader, value, YAML_MAPPING_NODE, key->name);
    int status = node ? read_mapping(reader, node, limit_keys, key->name, &to) : STATUS_TROUBLE;
    return status == STATUS_OK ? check_limits(reader, to.limits, key->name) : status;
}

/* ---- rules ---- */

static int read_pattern(struct reader *reader, const struct key *key, int value, void *target) {
    const char *text;
    int status = read_text(reader, key, value, &text);
    if (status == STATUS_OK)
        *(char **)((char *)target + key->index) = need_copy(text);
    return status;
}

static int read_of(struct reader *reader, const struct key *key, int value, void *target) {
    static const char *const words[] = {
        [BUDGET_SELF] = "self", [BUDGET_CUM] = "cum", [BUDGET_SUM] = "sum", NULL};
    int word = read_word(reader, key, value, words);
    ((struct budget_rule *)target)->of = (enum budget_of)(word < 0 ? 0 : word);
    return word < 0 ? STATUS_TROUBLE : STATUS_OK;
}

/* Behind the first n keys. */
static void add_values(struct key *keys, size_t n) {
    for (size_t value = 0; value < BUDGET_VALUES; value++)
        keys[n + value] =
            (struct key){budget_value_name((enum budget_value)value), read_limits, value};
}

static bool has_limits(const struct budget_rule *rule) {
    for (int value = 0; value < BUDGET_VALUES; value++)
        if (rule->limits[value].is_set)
            return true;
    return false;
}

static int check_rule(const struct reader *reader, const struct budget_rule *rule) {
    if (!rule->function && !rule->file)
        return wrong_at(reader, rule->line, "the rule has neither function nor file");
    if (!has_limits(rule))
        return wrong_at(reader, rule->line, "the rule limits nothing");
    if (rule->of == BUDGET_CUM && rule->limits[BUDGET_CALLS].is_set)
        return wrong_at(reader, rule->limits[BUDGET_CALLS].line,
                        "calls are of the function called: there are none 'of: cum'");
    return STATUS_OK;
}

static int read_rule(struct reader *reader, int value) {
    const yaml_node_t *node = node_of(reader, value, YAML_MAPPING_NODE, "a rule");
    if (!node)
        return STATUS_TROUBLE;
    struct key keys[MOST_KEYS] = {
        {"function", read_pattern, offsetof(struct budget_rule, function)},
        {"file", read_pattern, offsetof(struct budget_rule, file)},
        {"of", read_of, 0},
    };
    add_values(keys, 3);
    struct budget_rule *rule = budget_add_rule(reader->budget, line_of(node));
    int status = read_mapping(reader, node, keys, "a rule", rule);
    return status == STATUS_OK ? check_rule(reader, rule) : status;
}

/* ---- the file ---- */

static int read_version(struct reader *reader, const struct key *key, int value, void *target) {
    static const char *const versions[] = {"1", NULL};
    (void)target;
    return read_word(reader, key, value, versions) < 0 ? STATUS_TROUBLE : STATUS_OK;
}

static int read_unmatched(struct reader *reader, const struct key *key, int value, void *target) {
    static const char *const words[] = {"warn", "error", NULL};
    int word = read_word(reader, key, value, words);
    ((struct budget *)target)->unmatched_is_error = word == 1;
    return word < 0 ? STATUS_TROUBLE : STATUS_OK;
}

static int read_others(struct reader *reader, const struct key *key, int value, void *target) {
    static const char *const words[] = {"no increase", "any", NULL};
    int word = read_word(reader, key, value, words);
    ((struct budget *)target)->others_are_free = word == 1;
    return word < 0 ? STATUS_TROUBLE : STATUS_OK;
}

static int read_total(struct reader *reader, const struct key *key, int value, void *target) {
    struct budget *budget = target;
    const yaml_node_t *node = node_of(reader, value, YAML_MAPPING_NODE, key->name);
    if (!node)
        return STATUS_TROUBLE;
    struct key keys[MOST_KEYS] = {0};
    add_values(keys, 0);
    budget->total.line = line_of(node);
    return read_mapping(reader, node, keys, key->name, &budget->total);
}

static int read_functions(struct reader *reader, const struct key *key, int value, void *target) {
    (void)target;
    const yaml_node_t *node = node_of(reader, value, YAML_SEQUENCE_NODE, key->name);
    int status = node ? STATUS_OK : STATUS_TROUBLE;
    for (const yaml_node_item_t *item = node ? node->data.sequence.items.start : NULL;
         status == STATUS_OK && item < node->data.sequence.items.top; item++)
        status = read_rule(reader, *item);
    return status;
}

static const struct key file_keys[] = {
    {"version", read_version, 0}, {"unmatched", read_unmatched, 0}, {"others", read_others, 0},
    {"total", read_total, 0},     {"functions", read_functions, 0}, {NULL, NULL, 0},
};

static bool has_version(struct reader *reader, const yaml_node_t *root) {
    const yaml_node_pair_t *pairs = root->data.mapping.pairs.start;
    if (root->data.mapping.pairs.top == pairs)
        return false;
    const yaml_node_t *key = yaml_document_get_node(&reader->document, pairs->key);
    return key->type == YAML_SCALAR_NODE &&
           strcmp((const char *)key->data.scalar.value, "version") == 0;
}

static int read_document(struct reader *reader) {
    size_t n_nodes = (size_t)(reader->document.nodes.top - reader->document.nodes.start);
    if (n_nodes == 0)
        return wrong_at(reader, 1, "the budget is empty");
    reader->seen = need_array(n_nodes + 1, sizeof *reader->seen); /* nodes count from 1 */
    const yaml_node_t *root = node_of(reader, 1, YAML_MAPPING_NODE, "the budget");
    int status = STATUS_TROUBLE;
    if (root && !has_version(reader, root))
        wrong_at(reader, line_of(root), "the budget does not begin with 'version: 1'");
    else if (root)
        status = read_mapping(reader, root, file_keys, "a budget", reader->budget);
    free(reader->seen);
    return status;
}

/* What libyaml says; of a character that cannot be read it knows the byte, not the line. */
static int syntax_error(const struct reader *reader, const yaml_parser_t *parser) {
    unsigned line = (unsigned)parser->problem_mark.line + 1;
    if (parser->error == YAML_MEMORY_ERROR)
        need(NULL);
    if (parser->error == YAML_READER_ERROR) {
        line = 1;
        for (size_t i = 0; i < parser->problem_offset && i < reader->budget->length; i++)
            line += reader->budget->text[i] == '\n';
    }
    return wrong_at(reader, line, "%s", parser->problem);
}

static int load(struct reader *reader, yaml_parser_t *parser) {
    if (!yaml_parser_load(parser, &reader->document))
        return syntax_error(reader, parser);
    int status = read_document(reader);
    yaml_document_delete(&reader->document);
    if (status != STATUS_OK)
        return status;
    if (!yaml_parser_load(parser, &reader->document))
        return syntax_error(reader, parser);
    const yaml_node_t *more = yaml_document_get_root_node(&reader->document);
    if (more)
        status = wrong_at(reader, line_of(more), "a second document; a budget is one");
    yaml_document_delete(&reader->document);
    return status;
}

int budget_read_yaml(struct budget *budget) {
    struct reader reader = {.budget = budget};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        need(NULL);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)budget->text, budget->length);
    int status = load(&reader, &parser);
    yaml_parser_delete(&parser);
    return status;
}
